/** A command written on one line, cut into words as a shell does; there is no shell, so nothing else of it means anything. */

/**
 * Words are parted by blanks. `'…'` is as it stands; in `"…"` a backslash stands before `"` and `\`, outside of quotes before anything.
 * @throws SyntaxError when a quote is not closed, or a backslash ends the line
 */
export function commandWords(line: string): readonly string[] {
  const words: string[] = [];
  for (const [text] of line.matchAll(wordPattern)) words.push(wordOf(text));
  return words;
}

/** One word: plain pieces, escaped characters, quoted pieces; or a quote or backslash that opens one and does not close it. */
const wordPattern = /(?:[^\s'"\\]|\\[\s\S]|'[^']*'|"(?:[^"\\]|\\[\s\S])*"|['"\\])+/g;
const piecePattern = /\\([\s\S])|'([^']*)'|"((?:[^"\\]|\\[\s\S])*)"|(['"\\])|([^\s'"\\]+)/g;

function wordOf(text: string): string {
  let word = "";
  for (const [, escaped, single, double, open, plain] of text.matchAll(piecePattern)) {
    if (open === "\\") throw new SyntaxError("it ends with a backslash, and nothing comes after");
    if (open !== undefined) throw new SyntaxError(`a quote ${open} is not closed`);
    word += escaped ?? single ?? double?.replace(/\\(["\\])/g, "$1") ?? plain ?? "";
  }
  return word;
}
