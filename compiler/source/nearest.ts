/** Did you mean: the candidate nearest to a misspelt word, or none when no one would take it for a slip. */

/** One slip in up to four letters, two in up to nine, three beyond; a swap of neighbours is one slip, case is none. */
const allowedSlips = (length: number): number => (length <= 2 ? 0 : length <= 4 ? 1 : length <= 9 ? 2 : 3);

/** Of many names of like length only the first are looked at, so that thousands of wrong words take no minutes. */
const mostCompared = 300;

/** The nearest of `candidates`; the first of several equally near. Undefined when none is near enough. */
export function nearest(word: string, candidates: Iterable<string>): string | undefined {
  if (word.length > 100) return undefined;
  const lower = word.toLowerCase();
  let compared = 0;
  let best: string | undefined;
  let fewest = Number.POSITIVE_INFINITY;
  for (const candidate of candidates) {
    if (candidate === word) continue;
    const other = candidate.toLowerCase();
    const most = Math.min(allowedSlips(Math.max(lower.length, 1)), allowedSlips(other.length));
    if (Math.abs(other.length - lower.length) > most) continue;
    if (++compared > mostCompared) break;
    const slips = slipsBetween(lower, other);
    if (slips <= most && slips < fewest) {
      fewest = slips;
      best = candidate;
    }
  }
  return best;
}

/** ` Did you mean 'x'?`, or nothing: to end a message with. */
export const didYouMean = (near: string | undefined): string => (near === undefined ? "" : ` Did you mean '${near}'?`);

/** Damerau–Levenshtein distance (optimal string alignment). */
function slipsBetween(a: string, b: string): number {
  let twoBack: number[] = [];
  let back = Array.from({ length: b.length + 1 }, (_, i) => i);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const same = a[i - 1] === b[j - 1] ? 0 : 1;
      let slips = Math.min(back[j]! + 1, row[j - 1]! + 1, back[j - 1]! + same);
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1])
        slips = Math.min(slips, twoBack[j - 2]! + 1);
      row.push(slips);
    }
    twoBack = back;
    back = row;
  }
  return back[b.length]!;
}
