/** A unified diff of two texts, by Myers' algorithm. */
import type { Colors } from "./terminal.ts";

interface Line {
  readonly mark: " " | "-" | "+";
  readonly text: string;
}

/** Beyond so many differing lines the texts are shown as replaced: the search is quadratic in the difference. */
const mostEdits = 1_000;
const contextLines = 3;

/** "" when the texts are the same. */
export function unifiedDiff(
  oldName: string,
  newName: string,
  oldText: string,
  newText: string,
  colors: Colors,
): string {
  if (oldText === newText) return "";
  const hunks = hunksOf(compare(linesOf(oldText), linesOf(newText)));
  const paint = { " ": (text: string) => text, "-": colors.red, "+": colors.green };
  const body = hunks.flatMap(({ header, lines }) => [
    colors.cyan(header),
    ...lines.map(
      (line) =>
        paint[line.mark](line.mark + line.text.replace(/\n$/, "")) +
        (line.text.endsWith("\n") ? "" : "\n\\ No newline at end of file"),
    ),
  ]);
  return `${[colors.bold(`--- ${oldName}`), colors.bold(`+++ ${newName}`), ...body].join("\n")}\n`;
}

/** Lines with their line ends, so that a missing last one is a difference. */
const linesOf = (text: string): string[] => text.match(/[^\n]*\n|[^\n]+$/g) ?? [];

function compare(a: readonly string[], b: readonly string[]): Line[] {
  let start = 0;
  while (start < a.length && start < b.length && a[start] === b[start]) start++;
  let end = 0;
  while (end < a.length - start && end < b.length - start && a[a.length - 1 - end] === b[b.length - 1 - end]) end++;
  const same = (text: string): Line => ({ mark: " ", text });
  return [
    ...a.slice(0, start).map(same),
    ...myers(a.slice(start, a.length - end), b.slice(start, b.length - end)),
    ...a.slice(a.length - end).map(same),
  ];
}

/** The shortest way from `a` to `b`; see "An O(ND) Difference Algorithm", Myers 1986. */
function myers(a: readonly string[], b: readonly string[]): Line[] {
  const most = Math.min(a.length + b.length, mostEdits);
  const furthest = new Map<number, number>([[1, 0]]);
  const history: Map<number, number>[] = [];
  for (let edits = 0; edits <= most; edits++) {
    history.push(new Map(furthest));
    for (let k = -edits; k <= edits; k += 2) {
      let x = goesDown(furthest, k, edits) ? furthest.get(k + 1)! : furthest.get(k - 1)! + 1;
      while (x < a.length && x - k < b.length && a[x] === b[x - k]) x++;
      furthest.set(k, x);
      if (x >= a.length && x - k >= b.length) return walkBack(a, b, history);
    }
  }
  return [...a.map((text): Line => ({ mark: "-", text })), ...b.map((text): Line => ({ mark: "+", text }))];
}

const goesDown = (furthest: ReadonlyMap<number, number>, k: number, edits: number): boolean =>
  k === -edits || (k !== edits && furthest.get(k - 1)! < furthest.get(k + 1)!);

function walkBack(a: readonly string[], b: readonly string[], history: readonly ReadonlyMap<number, number>[]): Line[] {
  const lines: Line[] = [];
  let x = a.length;
  let y = b.length;
  for (let edits = history.length - 1; edits >= 0; edits--) {
    const furthest = history[edits]!;
    const k = x - y;
    const down = goesDown(furthest, k, edits);
    const beforeX = edits === 0 ? 0 : furthest.get(down ? k + 1 : k - 1)!;
    const beforeY = edits === 0 ? 0 : beforeX - (down ? k + 1 : k - 1);
    while (x > beforeX && y > beforeY) {
      lines.push({ mark: " ", text: a[--x]! });
      y--;
    }
    if (edits === 0) break;
    if (down) lines.push({ mark: "+", text: b[--y]! });
    else lines.push({ mark: "-", text: a[--x]! });
  }
  return lines.reverse();
}

function hunksOf(lines: readonly Line[]): { header: string; lines: readonly Line[] }[] {
  const changed = lines.flatMap((line, i) => (line.mark === " " ? [] : [i]));
  const ranges: [number, number][] = [];
  for (const i of changed) {
    const last = ranges.at(-1);
    if (last !== undefined && i - contextLines <= last[1]) last[1] = Math.min(lines.length, i + contextLines + 1);
    else ranges.push([Math.max(0, i - contextLines), Math.min(lines.length, i + contextLines + 1)]);
  }
  return ranges.map(([from, to]) => {
    const part = lines.slice(from, to);
    return { header: `@@ -${place(lines, part, from, "+")} +${place(lines, part, from, "-")} @@`, lines: part };
  });
}

/** `start,count` of the side that does not have the lines marked `other`. */
function place(lines: readonly Line[], part: readonly Line[], from: number, other: Line["mark"]): string {
  const count = part.filter((line) => line.mark !== other).length;
  const before = lines.slice(0, from).filter((line) => line.mark !== other).length;
  const start = count === 0 ? before : before + 1;
  return count === 1 ? `${start}` : `${start},${count}`;
}
