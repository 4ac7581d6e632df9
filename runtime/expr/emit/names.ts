/** Which pieces of generated text are plain enough to be repeated or to stand without parentheses. */

const atomText = /^(?:[A-Za-z_$][\w$]*|\d+(?:\.\d+)?n?|"(?:[^"\\]|\\.)*")$/;

/** An identifier or a literal: costs nothing to evaluate twice. */
export function isAtom(js: string): boolean {
  return atomText.test(js);
}
