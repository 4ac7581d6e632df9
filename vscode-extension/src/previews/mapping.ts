/** The way between a preview and its source, as the server's `flow.preview` gives it. Knows no editor. */

export interface Position {
  readonly line: number;
  readonly character: number;
}
export interface Range {
  readonly start: Position;
  readonly end: Position;
}
export interface Mapping {
  /** In the preview. */
  readonly range: Range;
  readonly source: { readonly uri: string; readonly range: Range };
}

const isBefore = (a: Position, b: Position): boolean =>
  a.line < b.line || (a.line === b.line && a.character < b.character);
const holds = ({ start, end }: Range, at: Position): boolean => !isBefore(at, start) && !isBefore(end, at);

/** Of the ranges around a place the one that begins last, and of these the one that ends first. */
function innermost<T>(all: readonly T[], rangeOf: (one: T) => Range, at: Position): T | undefined {
  let found: T | undefined;
  for (const one of all) {
    const range = rangeOf(one);
    if (!holds(range, at)) continue;
    const best = found && rangeOf(found);
    if (
      !best ||
      isBefore(best.start, range.start) ||
      (!isBefore(range.start, best.start) && isBefore(range.end, best.end))
    )
      found = one;
  }
  return found;
}

/** What a place of the preview was made from; on a line without a mapping, what the line is about. */
export function sourceAt(mappings: readonly Mapping[], at: Position): Mapping | undefined {
  return innermost(mappings, ({ range }) => range, at) ?? mappings.find(({ range }) => range.start.line === at.line);
}

/** The parts of the preview that were made from the smallest thing at this place of the source. */
export function previewsOf(mappings: readonly Mapping[], uri: string, at: Position): readonly Mapping[] {
  const here = mappings.filter(({ source }) => source.uri === uri);
  const best = innermost(here, ({ source }) => source.range, at);
  return best ? here.filter(({ source }) => isSame(source.range, best.source.range)) : [];
}

const isSame = (a: Range, b: Range): boolean =>
  a.start.line === b.start.line &&
  a.start.character === b.start.character &&
  a.end.line === b.end.line &&
  a.end.character === b.end.character;
