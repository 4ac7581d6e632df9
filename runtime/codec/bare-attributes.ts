/**
 * Which CloudEvent attributes came as a JSON integer or boolean. Attributes are text everywhere; this is known beside them, by the
 * object that holds them, so that they can be written as they came.
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
export function keepBareNames(original: Attributes, set: Attributes | undefined, copy: Attributes): void {
  const bare = bareByAttributes.get(original);
  if (bare === undefined) return;
  markBare(copy, set === undefined ? bare : new Set([...bare].filter((name) => !Object.hasOwn(set, name))));
}
