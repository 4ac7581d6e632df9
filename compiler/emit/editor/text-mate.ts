/** The shape of a TextMate grammar, and short ways to write its rules. Knows nothing of .flow. */

export interface Captures {
  readonly [group: string]: { readonly name?: string; readonly patterns?: readonly Rule[] };
}

export interface Rule {
  readonly include?: string;
  readonly name?: string;
  readonly contentName?: string;
  readonly match?: string;
  readonly captures?: Captures;
  readonly begin?: string;
  readonly beginCaptures?: Captures;
  readonly end?: string;
  readonly endCaptures?: Captures;
  readonly while?: string;
  readonly patterns?: readonly Rule[];
}

export interface Grammar {
  readonly name: string;
  readonly scopeName: string;
  readonly injectionSelector?: string;
  readonly patterns: readonly Rule[];
  readonly repository: Readonly<Record<string, Rule>>;
}

export const include = (...names: readonly string[]): readonly Rule[] => names.map((name) => ({ include: `#${name}` }));

/** `a` → `{ 1: { name: a } }`, and so on; an empty name leaves its group alone. */
export const captures = (...names: readonly string[]): Captures =>
  Object.fromEntries(names.flatMap((name, i) => (name === "" ? [] : [[String(i + 1), { name }]])));

/** An alternative of the words, the longest first so that none hides another; spaces in them may be any. */
export const oneOf = (words: Iterable<string>): string =>
  [...new Set(words)]
    .sort((a, b) => b.length - a.length || (a < b ? -1 : 1))
    .map((word) => word.replace(/[.*+?^${}()|[\]\\]/g, "\\$&").replaceAll(" ", "\\s+"))
    .join("|");
