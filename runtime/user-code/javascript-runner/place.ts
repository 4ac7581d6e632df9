/** Lines of the user's code as lines of the file in which it stands. Also used by the side that starts the runner. */

/**
 * At the end of a sentence: ` (a.flow:12)`.
 * @param place `file:line:column` of the string that the code is; its first line is there.
 * @param line of the code, from 1
 */
export function placeText(place: string, line: number): string {
  const [, file, first] = /^(.*):(\d+):\d+$/.exec(place) ?? [];
  // In a resource the text begins below its place, or on one line with it.
  return file === undefined || /\.(ya?ml|json)$/.test(file)
    ? ` (line ${line} of the code)`
    : ` (${file}:${Number(first) + line - 1})`;
}
