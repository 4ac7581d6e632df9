/**
 * Finds, in a run of JSON lines, the records that JSON.parse would not carry exactly. The same answer as `needsExactReader` for each of them, but asked of the
 * whole run at once, which takes half the time.
 */

/**
 * See `lossy` in json.ts; here a record begins after a line end, and ends at one. May find too much, never too little: a match that
 * begins before a record, with its line end, counts for the record in which it ends.
 */
const lossyLine =
  /[:,[{\n][ \t\r]*(?:"\d+"[ \t\r]*:|(?:-0|-?\d+(?:\d{15}|\.\d*0|\.\d{15,}|(?:\.\d+)?[eE][-+]?\d+)|-?0\.0{6}\d+)[ \t\r]*(?:[,\]}\n]|$))/g;

export class LossyFinder {
  private text = "";
  private nextLossy = 0;
  private nextPrototype = 0;
  private nextEscape = 0;

  /** @param text whole records, each ended by LF but perhaps the last */
  begin(text: string): void {
    this.text = text;
    // The first record has no line end before it, and an anchor would make the pattern take twice the time: what is not plainly
    // an object or a list counts as found.
    const first = text.charCodeAt(0);
    this.nextLossy = first === 123 || first === 91 ? -1 : 0;
    this.nextPrototype = -1;
    this.nextEscape = -1;
  }

  /** Whether the record `[from, to)` needs the exact reader. Records are asked for in order. */
  isIn(from: number, to: number): boolean {
    // Nothing stands before the first record; an anchor in the pattern would cost more than all the rest.
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

  /** The last character of the next match: the line end of its record at the most. */
  private findLossy(from: number): number {
    lossyLine.lastIndex = Math.max(0, from - 1);
    return lossyLine.test(this.text) ? lossyLine.lastIndex - 1 : Number.POSITIVE_INFINITY;
  }

  private find(part: string, from: number): number {
    const at = this.text.indexOf(part, from);
    return at < 0 ? Number.POSITIVE_INFINITY : at;
  }
}
