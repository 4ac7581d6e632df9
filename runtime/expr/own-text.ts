/** Strings that are held for long, and must not hold more than themselves. */

/** V8 copies shorter parts of a string; longer ones point into the whole text that they were cut from. */
const leastPart = 13;

/**
 * The same value, where no string in it, or in a list, is a part of a longer text: else one word of a line would keep its line in memory, and the line
 * all that was read with it.
 */
export function ownText<Value>(value: Value): Value;
export function ownText(value: unknown): unknown {
  if (typeof value === "string") return value.length < leastPart ? value : ` ${value}`.slice(1);
  return Array.isArray(value) ? value.map((item: unknown) => ownText(item)) : value;
}
