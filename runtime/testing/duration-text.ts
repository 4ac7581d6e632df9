/** Milliseconds as the language writes a duration: `1m5s`, `250ms`. */
const units: readonly (readonly [name: string, ms: number])[] = [
  ["d", 86_400_000],
  ["h", 3_600_000],
  ["m", 60_000],
  ["s", 1000],
  ["ms", 1],
];

export function durationText(ms: number): string {
  if (ms < 0) return `-${durationText(-ms)}`;
  if (!Number.isFinite(ms)) return "the end";
  let left = Math.round(ms);
  const parts = units.flatMap(([name, size]) => {
    const count = Math.floor(left / size);
    left -= count * size;
    return count === 0 ? [] : [`${count}${name}`];
  });
  return parts.length === 0 ? "0s" : parts.join("");
}
