/** Bytes that come in parts, in one piece of memory: a sender of many tiny parts costs no more than one of few. */
import { Buffer } from "node:buffer";

const firstBytes = 64 * 1024;

export class GrowingBytes {
  private bytes: Buffer | undefined;
  private room = 0;
  size = 0;

  /** `part` must not be changed afterwards. */
  add(part: Buffer): void {
    const size = this.size + part.length;
    // Most answers are one part, which needs no copy.
    if (this.size === 0) this.bytes = part;
    else {
      if (size > this.room) this.grow(size);
      part.copy(this.bytes!, this.size);
    }
    this.size = size;
  }

  /** What came so far. Nothing may be added afterwards. */
  whole(): Buffer {
    return this.bytes?.subarray(0, this.size) ?? Buffer.alloc(0);
  }

  private grow(size: number): void {
    this.room = Math.max(size, this.room * 2, firstBytes);
    const larger = Buffer.allocUnsafeSlow(this.room);
    this.bytes!.copy(larger, 0, 0, this.size);
    this.bytes = larger;
  }
}
