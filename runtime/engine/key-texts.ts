/** Texts of short keys, which come again and again: to look one up takes a fraction of the time of making it. */

const slots = 8192;
/** Longer ones are mostly different each time. */
const longestBytes = 24;
const texts: (string | undefined)[] = Array.from({ length: slots });

/** The bytes `[from, to)` as UTF-8. */
export function keyText(bytes: Buffer, from: number, to: number): string {
  const length = to - from;
  if (length > longestBytes) return bytes.toString("utf8", from, to);
  let hash = length;
  for (let at = from; at < to; at++) hash = (Math.imul(hash, 31) + bytes[at]!) | 0;
  const slot = (hash ^ (hash >>> 13)) & (slots - 1);
  const known = texts[slot];
  if (known !== undefined && known.length === length && isText(bytes, from, known)) return known;
  const text = bytes.toString("utf8", from, to);
  texts[slot] = text;
  return text;
}

/** Only of ASCII: all else has no unit that is its byte, or another length. */
function isText(bytes: Buffer, from: number, text: string): boolean {
  for (let at = 0; at < text.length; at++) {
    const unit = text.charCodeAt(at);
    if (unit !== bytes[from + at] || unit > 127) return false;
  }
  return true;
}
