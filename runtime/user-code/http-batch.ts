/**
 * Cuts the text of a JSON array into the texts of its items without parsing them. For text that may be no JSON at all: a cut is made only where the array's own commas
 * are, so the text is valid JSON exactly when each item is; whoever parses the items finds the rest.
 */

/** @returns `no-batch` where the text is no array of what begins like an object */
export function batchItems(text: string, most: number): string[] | "no-batch" | "too-many" {
  const open = afterBlanks(text, 0);
  if (text.charCodeAt(open) !== bracket) return "no-batch";
  const items: string[] = [];
  let at = afterBlanks(text, open + 1);
  if (text.charCodeAt(at) === closingBracket) return isBlankFrom(text, at + 1) ? items : "no-batch";
  for (;;) {
    if (text.charCodeAt(at) !== brace) return "no-batch";
    if (items.length === most) return "too-many";
    const end = endOfItem(text, at);
    if (end < 0) return "no-batch";
    items.push(text.slice(at, end));
    const next = afterBlanks(text, end);
    const code = text.charCodeAt(next);
    if (code === closingBracket) return isBlankFrom(text, next + 1) ? items : "no-batch";
    if (code !== comma) return "no-batch";
    at = afterBlanks(text, next + 1);
  }
}

const quote = 0x22;
const comma = 0x2c;
const bracket = 0x5b;
const backslash = 0x5c;
const closingBracket = 0x5d;
const brace = 0x7b;
const closingBrace = 0x7d;

/** After the bracket that closes the one at `from`; -1 where there is none. Which kind closes which is not looked at: the item would be no JSON. */
function endOfItem(text: string, from: number): number {
  let depth = 0;
  for (let at = from; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === quote) {
      at = endOfString(text, at);
      if (at < 0) return -1;
    } else if (code === brace || code === bracket) depth++;
    else if ((code === closingBrace || code === closingBracket) && --depth === 0) return at + 1;
  }
  return -1;
}

/** The quote that closes the string which opens at `from`; -1 where there is none. */
function endOfString(text: string, from: number): number {
  let at = text.indexOf('"', from + 1);
  while (at >= 0 && isEscaped(text, at)) at = text.indexOf('"', at + 1);
  return at;
}

function isEscaped(text: string, at: number): boolean {
  let first = at;
  while (text.charCodeAt(first - 1) === backslash) first--;
  return (at - first) % 2 === 1;
}

function afterBlanks(text: string, from: number): number {
  let at = from;
  for (let code = text.charCodeAt(at); code === 0x20 || code === 0x0a || code === 0x0d || code === 0x09; ) {
    code = text.charCodeAt(++at);
  }
  return at;
}

function isBlankFrom(text: string, from: number): boolean {
  return afterBlanks(text, from) === text.length;
}
