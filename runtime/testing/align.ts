/** Which expected event is which given one: in order, or in any. What is left over on both sides and alike is the same event with a difference. */
import { likeness, matches } from "./values.ts";

export interface Alignment {
  /** Numbers of expected events. */
  readonly missing: readonly number[];
  /** Numbers of given events. */
  readonly unexpected: readonly number[];
  readonly different: readonly { readonly expected: number; readonly actual: number }[];
  /** In order they do not match, in another they all do. */
  readonly isReordered: boolean;
}

export interface AlignOptions {
  readonly exactly: boolean;
  readonly inAnyOrder: boolean;
}

type Pairs = ReadonlyMap<number, number>;
type Match = (expected: number, actual: number) => boolean;

export function align(expected: readonly unknown[], actual: readonly unknown[], options: AlignOptions): Alignment {
  const match: Match = (left, right) => matches(expected[left], actual[right], options.exactly);
  const pairs = options.inAnyOrder
    ? pairAny(expected.length, actual.length, match)
    : pairInOrder(expected, actual, match);
  const taken = new Set(pairs.values());
  const missing = [...expected.keys()].filter((index) => !pairs.has(index));
  const unexpected = [...actual.keys()].filter((index) => !taken.has(index));
  const isReordered =
    !options.inAnyOrder &&
    missing.length > 0 &&
    expected.length === actual.length &&
    pairAny(expected.length, actual.length, match, "all or none").size === expected.length;
  const different = isReordered ? [] : alike(missing, unexpected, expected, actual);
  const known = {
    expected: new Set(different.map((one) => one.expected)),
    actual: new Set(different.map((one) => one.actual)),
  };
  return {
    missing: missing.filter((index) => !known.expected.has(index)),
    unexpected: unexpected.filter((index) => !known.actual.has(index)),
    different,
    isReordered,
  };
}

/** Above this the longest common order is not looked for: its table would have that many fields. */
const largestTable = 4_000_000;

/** The longest run of matches that keeps the order of both. */
function pairInOrder(expected: readonly unknown[], actual: readonly unknown[], match: Match): Pairs {
  let start = 0;
  const shorter = Math.min(expected.length, actual.length);
  const pairs = new Map<number, number>();
  for (; start < shorter && match(start, start); start++) pairs.set(start, start);
  const [rows, columns] = [expected.length - start, actual.length - start];
  if (rows * columns > largestTable) {
    for (let index = start; index < shorter; index++) if (match(index, index)) pairs.set(index, index);
    return pairs;
  }
  const width = columns + 1;
  const longest = new Uint32Array((rows + 1) * width);
  const matched = new Uint8Array(rows * width);
  for (let row = rows - 1; row >= 0; row--)
    for (let column = columns - 1; column >= 0; column--) {
      const isMatch = match(start + row, start + column);
      matched[row * width + column] = isMatch ? 1 : 0;
      const skip = Math.max(longest[(row + 1) * width + column]!, longest[row * width + column + 1]!);
      longest[row * width + column] = isMatch ? Math.max(skip, longest[(row + 1) * width + column + 1]! + 1) : skip;
    }
  for (let row = 0, column = 0; row < rows && column < columns; ) {
    const here = longest[row * width + column]!;
    if (matched[row * width + column] === 1 && here === longest[(row + 1) * width + column + 1]! + 1)
      pairs.set(start + row++, start + column++);
    else if (here === longest[(row + 1) * width + column]!) row++;
    else column++;
  }
  return pairs;
}

/**
 * As many pairs as there can be: an expected event with few fields may fit several given ones, so a first choice may have to make way.
 * Source: H. W. Kuhn, augmenting paths in bipartite graphs; iterative, so that a long chain cannot exhaust the stack.
 */
function pairAny(expected: number, actual: number, match: Match, wanted: "most" | "all or none" = "most"): Pairs {
  const byActual = new Map<number, number>();
  const byExpected = new Map<number, number>();
  for (let first = 0; first < expected; first++) {
    const cameFrom = new Map<number, number>();
    const open = [first];
    search: for (let left = open.shift(); left !== undefined; left = open.shift()) {
      for (let right = 0; right < actual; right++) {
        if (cameFrom.has(right) || !match(left, right)) continue;
        cameFrom.set(right, left);
        const holder = byActual.get(right);
        if (holder !== undefined) {
          open.push(holder);
          continue;
        }
        for (let free: number | undefined = right; free !== undefined; ) {
          const taker: number = cameFrom.get(free)!;
          const before: number | undefined = byExpected.get(taker);
          byActual.set(free, taker);
          byExpected.set(taker, free);
          free = before;
        }
        break search;
      }
    }
    if (wanted === "all or none" && !byExpected.has(first)) break;
  }
  return byExpected;
}

/** A third of the fields: of three, one that names the event. */
const leastLikeness = 0.3;

function alike(
  missing: readonly number[],
  unexpected: readonly number[],
  expected: readonly unknown[],
  actual: readonly unknown[],
): { readonly expected: number; readonly actual: number }[] {
  if (missing.length * unexpected.length > 250_000) return [];
  const candidates = missing
    .flatMap((left) => unexpected.map((right) => ({ left, right, score: likeness(expected[left], actual[right]) })))
    .filter(({ score }) => score >= leastLikeness)
    .sort((a, b) => b.score - a.score || a.left - b.left || a.right - b.right);
  const pairs = new Map<number, number>();
  const taken = new Set<number>();
  for (const { left, right } of candidates) {
    if (pairs.has(left) || taken.has(right)) continue;
    pairs.set(left, right);
    taken.add(right);
  }
  const restLeft = missing.filter((index) => !pairs.has(index));
  const restRight = unexpected.filter((index) => !taken.has(index));
  // One for one, nothing else can be meant.
  if (restLeft.length === restRight.length)
    for (const [index, left] of restLeft.entries()) pairs.set(left, restRight[index]!);
  return [...pairs].sort(([a], [b]) => a - b).map(([left, right]) => ({ expected: left, actual: right }));
}
