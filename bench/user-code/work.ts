/** What the echo programs do to an event: nothing, or a change of its data. */

/** `pass` or `change`. */
export const work = process.argv[2] ?? "pass";

/** The one line that a program of a user would be about. */
export function changed(data: { value: number }): unknown {
  data.value *= 2;
  return data;
}
