/**
 * Which CloudEvent attributes are a JSON integer or boolean, as they came or were set. Attributes are text everywhere; this is known beside them, by the
 * object that holds them, so that they can be written as such.
 */
type Attributes = Readonly<Record<string, string>>;

const bareByAttributes = new WeakMap<Attributes, ReadonlySet<string>>();

/** Names of the attributes that are an integer or a boolean in JSON. */
export function bareNames(attributes: Attributes | undefined): ReadonlySet<string> | undefined {
  return attributes === undefined ? undefined : bareByAttributes.get(attributes);
}

export function markBare(attributes: Attributes, names: ReadonlySet<string>): void {
  bareByAttributes.set(attributes, names);
}

/** `copy` holds the attributes of `original`, but for those that `set` replaces. */
export function keepBareNames(original: Attributes | undefined, set: Attributes | undefined, copy: Attributes): void {
  const before = bareNames(original);
  const after = bareNames(set);
  if (before === undefined && after === undefined) return;
  const kept = [...(before ?? [])].filter((name) => set === undefined || !Object.hasOwn(set, name));
  markBare(copy, new Set([...kept, ...(after ?? [])]));
}
