/** Strings as CEL sees them, as sequences of code points. Most strings have no surrogates, and then nothing needs counting. */

const surrogate = /[\uD800-\uDFFF]/;

/** Asking for the length in UTF-8 is the fastest way to find out, but for short texts a call costs more than the loop. */
function isAscii(text: string): boolean {
  if (text.length > 24) return Buffer.byteLength(text) === text.length;
  for (let index = 0; index < text.length; index++) if (text.charCodeAt(index) > 127) return false;
  return true;
}

/** Every code point is one UTF-16 unit. */
export function isFlat(text: string): boolean {
  return !surrogate.test(text);
}

export function codePoints(text: string): readonly string[] {
  return Array.from(text);
}

/** Number of code points. */
export function textSize(text: string): number {
  if (isFlat(text)) return text.length;
  let size = 0;
  for (let index = 0; index < text.length; size++) index += (text.codePointAt(index) ?? 0) > 0xffff ? 2 : 1;
  return size;
}

/** UTF-16 offset of the code point number `index`, which may be the end; -1 beyond it. */
export function offsetOf(text: string, index: number): number {
  let offset = 0;
  for (let left = index; left > 0; left--) {
    if (offset >= text.length) return -1;
    offset += (text.codePointAt(offset) ?? 0) > 0xffff ? 2 : 1;
  }
  return offset;
}

export function lowerAscii(text: string): string {
  return isAscii(text) ? text.toLowerCase() : text.replace(/[A-Z]+/g, (part) => part.toLowerCase());
}

export function upperAscii(text: string): string {
  return isAscii(text) ? text.toUpperCase() : text.replace(/[a-z]+/g, (part) => part.toUpperCase());
}

/** Unicode white space, which is not quite what JavaScript trims: also U+0085, not U+FEFF. */
export function trimText(text: string): string {
  if (isAscii(text)) return text.trim();
  return text.replace(/^[\s\u0085]+/, keepMarks).replace(/[\s\u0085]+$/, keepMarksAtEnd);
}

function keepMarks(space: string): string {
  const at = space.indexOf("\ufeff");
  return at < 0 ? "" : space.slice(at);
}

function keepMarksAtEnd(space: string): string {
  return space.slice(0, space.lastIndexOf("\ufeff") + 1);
}
