/** Formatting as edits that change no more than they must, so that cursors and folds stay where they are. */
import type { Edit } from "../source/diagnostic.ts";
import type { Span } from "../source/span.ts";
import { format } from "../syntax/format.ts";
import type { Workspace } from "./workspace.ts";

/** Nothing where the text does not parse, or is formatted already. */
export function formatDocument(ws: Workspace, path: string): readonly Edit[] {
  const source = ws.source(path);
  const { text } = format(source);
  if (text === undefined || text === source.text) return [];
  return lineEdits(path, source.text, text);
}

/** The edits of the whole file that touch the span. */
export const formatRange = (ws: Workspace, path: string, span: Span): readonly Edit[] =>
  formatDocument(ws, path).filter((edit) => edit.start <= span.end && edit.end >= span.start);

/** After a `}` or a line break: the declaration around it. */
export function formatOnType(ws: Workspace, path: string, offset: number): readonly Edit[] {
  const declaration = ws
    .tree(path)
    .declarations.findLast(({ span }) => span.start <= offset && span.end <= offset && offset - span.end <= 2);
  const lineEnd = ws.source(path).text.indexOf("\n", offset) + 1;
  return declaration
    ? formatRange(ws, path, declaration.span).filter((edit) => edit.end <= Math.max(offset, lineEnd))
    : [];
}

/** Beyond this many lines between the first and last difference the middle is one edit. */
const mostLines = 2000;

/** Changes no more lines than it must. */
export function lineEdits(file: string, before: string, after: string): readonly Edit[] {
  const [old, now] = [linesOf(before), linesOf(after)];
  let head = 0;
  while (head < old.length && head < now.length && old[head] === now[head]) head++;
  let tail = 0;
  while (tail < old.length - head && tail < now.length - head && old.at(-1 - tail) === now.at(-1 - tail)) tail++;
  const [oldMiddle, nowMiddle] = [old.slice(head, old.length - tail), now.slice(head, now.length - tail)];
  let offset = lengthOf(old.slice(0, head));
  const edits: Edit[] = [];
  const put = (removed: readonly string[], added: readonly string[]): void => {
    const end = offset + lengthOf(removed);
    if (removed.length + added.length > 0) edits.push({ file, start: offset, end, newText: added.join("") });
    offset = end;
  };
  for (const { removed, added, same } of differences(oldMiddle, nowMiddle)) {
    if (removed.length === added.length) for (const [i, line] of removed.entries()) put([line], [added[i]!]);
    else put(removed, added);
    offset += lengthOf(same);
  }
  return edits;
}

const linesOf = (text: string): readonly string[] => text.match(/[^\n]*\n|[^\n]+$/g) ?? [];
const lengthOf = (lines: readonly string[]): number => lines.reduce((sum, line) => sum + line.length, 0);

interface Difference {
  readonly removed: readonly string[];
  readonly added: readonly string[];
  /** What follows, unchanged. */
  readonly same: readonly string[];
}

/** Greedy: goes on at the nearest line that both have. Not the smallest difference, but a right one, in linear space. */
function differences(old: readonly string[], now: readonly string[]): readonly Difference[] {
  if (old.length + now.length > mostLines) return [{ removed: old, added: now, same: [] }];
  const found: Difference[] = [];
  let [i, j] = [0, 0];
  while (i < old.length || j < now.length) {
    const [nextI, nextJ] = nextSame(old, now, i, j);
    let length = 0;
    while (nextI + length < old.length && nextJ + length < now.length && old[nextI + length] === now[nextJ + length])
      length++;
    found.push({
      removed: old.slice(i, nextI),
      added: now.slice(j, nextJ),
      same: old.slice(nextI, nextI + length),
    });
    [i, j] = [nextI + length, nextJ + length];
  }
  return found;
}

const farthest = 60;

function nextSame(old: readonly string[], now: readonly string[], i: number, j: number): readonly [number, number] {
  for (let distance = 0; distance < farthest; distance++) {
    for (let a = 0; a <= distance; a++) {
      const [x, y] = [i + a, j + distance - a];
      if (x < old.length && y < now.length && old[x] === now[y] && old[x]!.trim() !== "") return [x, y];
    }
  }
  return [old.length, now.length];
}
