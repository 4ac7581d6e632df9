/** Which tests of which files a run is about. Knows items by their ids alone, so that it runs without an editor. */

/** A file, or a test below it. */
export interface Item {
  readonly id: string;
  readonly parent: Item | undefined;
}

export interface ChosenFile<T extends Item> {
  readonly file: T;
  /** Undefined: all that the file has. */
  readonly tests: readonly T[] | undefined;
}

/** @param include undefined for everything, which is `all` files */
export function chosenFiles<T extends Item>(
  include: readonly T[] | undefined,
  exclude: readonly T[],
  all: readonly T[],
  testsOf: (file: T) => readonly T[],
): readonly ChosenFile<T>[] {
  const left = new Set(exclude.map(({ id }) => id));
  const wanted = (include ?? all).filter(({ id, parent }) => !left.has(id) && !(parent && left.has(parent.id)));
  const files = new Map<string, { readonly file: T; tests: T[] | undefined }>();
  for (const item of wanted) {
    const file = (item.parent as T | undefined) ?? item;
    const entry = files.get(file.id) ?? { file, tests: [] };
    files.set(file.id, entry);
    if (item === file) entry.tests = undefined;
    else entry.tests?.push(item);
  }
  return [...files.values()].map(({ file, tests }) => {
    const excludesSome = testsOf(file).some(({ id }) => left.has(id));
    return { file, tests: tests ?? (excludesSome ? testsOf(file).filter(({ id }) => !left.has(id)) : undefined) };
  });
}
