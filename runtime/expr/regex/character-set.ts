/** Sets of Unicode code points, as sorted ranges that neither overlap nor touch. */

export type CharacterSet = readonly (readonly [from: number, to: number])[];

const last = 0x10ffff;

export function single(point: number): CharacterSet {
  return [[point, point]];
}

/** `\d`, `\w`, `\s`, which are ASCII in RE2. */
export function perlClass(letter: string): CharacterSet {
  if (letter === "d") return [[48, 57]];
  if (letter === "w")
    return [
      [48, 57],
      [65, 90],
      [95, 95],
      [97, 122],
    ];
  return [
    [9, 10],
    [12, 13],
    [32, 32],
  ];
}

export function dot(withNewline: boolean): CharacterSet {
  return withNewline ? [[0, last]] : negated(single(10));
}

export function negated(set: CharacterSet): CharacterSet {
  const ranges: [number, number][] = [];
  let next = 0;
  for (const [from, to] of set) {
    if (from > next) ranges.push([next, from - 1]);
    next = to + 1;
  }
  if (next <= last) ranges.push([next, last]);
  return ranges;
}

export function union(left: CharacterSet, right: CharacterSet): CharacterSet {
  const ranges: [number, number][] = [];
  for (const [from, to] of [...left, ...right].sort((a, b) => a[0] - b[0])) {
    const previous = ranges.at(-1);
    if (previous !== undefined && from <= previous[1] + 1) previous[1] = Math.max(previous[1], to);
    else ranges.push([from, to]);
  }
  return ranges;
}

export function disjoint(left: CharacterSet, right: CharacterSet): boolean {
  return !left.some(([from, to]) => right.some(([otherFrom, otherTo]) => from <= otherTo && otherFrom <= to));
}

/** As a piece of a JavaScript RegExp. Beyond U+FFFF it needs the flag `u`. */
export function printSet(set: CharacterSet): string {
  const [first] = set;
  if (first !== undefined && set.length === 1 && first[0] === first[1]) return printPoint(first[0]);
  return `[${set.map(([from, to]) => (from === to ? printPoint(from) : `${printPoint(from)}-${printPoint(to)}`)).join("")}]`;
}

function printPoint(point: number): string {
  if ((point >= 48 && point <= 57) || (point >= 65 && point <= 90) || (point >= 97 && point <= 122))
    return String.fromCharCode(point);
  return point > 0xffff ? `\\u{${point.toString(16)}}` : `\\u${point.toString(16).padStart(4, "0")}`;
}
