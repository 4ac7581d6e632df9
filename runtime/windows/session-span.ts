/** The session that an event makes of those it overlaps. */
import type { Cell, TimeWindow } from "./cell.ts";

/**
 * `open` are the sessions of the key, in order of time and apart. With `maxMs` a session ends at the latest so long after its start: a span that
 * would make it longer is cut there, or where the next session begins; so sessions never overlap.
 */
export function joinSpan(
  own: TimeWindow,
  open: readonly Cell[],
  maxMs: number,
): { readonly span: TimeWindow; readonly joined: readonly Cell[] } {
  const joined: Cell[] = [];
  let { start, end } = own;
  for (const cell of open) {
    const { window } = cell;
    if (window.end <= start) continue;
    if (window.start >= end) break;
    const first = Math.min(start, window.start);
    if (window.start <= own.start || Math.max(end, window.end) - first <= maxMs) {
      joined.push(cell);
      start = first;
      end = Math.min(Math.max(end, window.end), start + maxMs);
    } else {
      end = window.start;
      break;
    }
  }
  return { span: { start, end }, joined };
}
