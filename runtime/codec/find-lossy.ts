/**
 * Finds, in a run of JSON lines, the records that JSON.parse would not carry exactly. The same answer as `needsExactReader` for each of them, but asked of the
 * whole run at once, which takes a third of the time.
 */

/**
 * Looks at the ends of numbers and of keys, as these are rarer than their beginnings; a record ends at a line end, so every number has
 * something after it. Matches a number unless it is one of those that JSON.parse plainly carries, whole or with a short fraction; and a string of
 * digits that may be a key. May find too much, never too little.
 */
const suspect =
  /\d(?:[,\]}\n \t\r](?<![:,[\n \t\r](?:0|-?(?:[1-9]\d{0,14}|\d{1,9}\.\d{0,4}[1-9])).)|"[ \t\r:](?<=[{,\n \t\r]"\d+".))/gs;

/** See `lossy` in json.ts. */
const lossyNumber = /^(?:-0|-?\d+(?:\d{15}|\.\d*0|\.\d{15,}|(?:\.\d+)?[eE][-+]?\d+)|-?0\.0{6}\d+)$/;

export class LossyFinder {
  private text = "";
  private nextLossy = 0;
  private nextPrototype = 0;
  private nextEscape = 0;

  /** @param text whole records, each ended by LF but perhaps the last */
  begin(text: string): void {
    this.text = text.endsWith("\n") ? text : `${text}\n`;
    this.nextLossy = -1;
    this.nextPrototype = -1;
    this.nextEscape = -1;
  }

  /** Whether the record `[from, to)` needs the exact reader. Records are asked for in order. */
  isIn(from: number, to: number): boolean {
    // The pattern wants something before a number: a first record that is not plainly an object or a list counts as found.
    if (from === 0 && !this.beginsInBrackets()) return true;
    if (this.nextLossy < from) this.nextLossy = this.findLossy(from);
    if (this.nextPrototype < from) this.nextPrototype = this.find("__proto__", from);
    if (this.nextEscape < from) this.nextEscape = this.find("\\u00", from);
    return this.nextLossy <= to || this.nextPrototype < to || this.nextEscape < to;
  }

  private beginsInBrackets(): boolean {
    const first = this.text.charCodeAt(0);
    return first === 123 || first === 91;
  }

  /** Where the next one ends, within its record or at its line end. */
  private findLossy(from: number): number {
    const { text } = this;
    suspect.lastIndex = from;
    while (suspect.test(text)) {
      const end = suspect.lastIndex - 1;
      if (text.charCodeAt(end - 1) === quote || isLossyBefore(text, end)) return end;
    }
    return Number.POSITIVE_INFINITY;
  }

  private find(part: string, from: number): number {
    const at = this.text.indexOf(part, from);
    return at < 0 ? Number.POSITIVE_INFINITY : at;
  }
}

const quote = 0x22;

/** Whether the number that ends before `end`, if it is one, is of those that JSON.parse changes. */
function isLossyBefore(text: string, end: number): boolean {
  let from = end;
  while (from > 0 && isOfNumber(text.charCodeAt(from - 1))) from--;
  return startsValue(text.charCodeAt(from - 1)) && lossyNumber.test(text.slice(from, end));
}

/** A digit, `-`, `+`, `.`, `e` or `E`. */
function isOfNumber(code: number): boolean {
  return (code >= 0x30 && code <= 0x39) || (code >= 0x2d && code <= 0x2e) || code === 0x2b || (code | 0x20) === 0x65;
}

/** What may stand before a value: a bracket, a colon, a comma, a blank, a line end, the last byte of a byte order mark. */
function startsValue(code: number): boolean {
  return code <= 0x20 || code === 0x2c || code === 0x3a || code === 0x5b || code === 0xbf;
}
