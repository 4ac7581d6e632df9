/**
 * Runtime values to bytes, exactly: what `ValueReader` reads is the same value of the same classes. Each value is a tag and its content; texts are Latin-1
 * where they can be, else UTF-8, else (with half a surrogate pair) UTF-16. `codecVersion` changes with the layout, so that a store written by another layout is refused.
 */

import { Bytes } from "../expr/values/bytes.ts";
import { Double } from "../expr/values/double.ts";
import { Duration } from "../expr/values/duration.ts";
import { Optional } from "../expr/values/optional.ts";
import { OrderedMap } from "../expr/values/ordered-map.ts";
import { Timestamp } from "../expr/values/timestamp.ts";
import { TypeValue } from "../expr/values/type-value.ts";
import { Uint } from "../expr/values/uint.ts";
import { QuantileSketch } from "../operators/aggregates/quantile-sketch.ts";

export const codecVersion = 2;

/** First byte of every value. */
export const tag = {
  undefined: 0,
  null: 1,
  false: 2,
  true: 3,
  int: 4,
  negativeInt: 5,
  number: 6,
  bigint: 7,
  negativeBigint: 8,
  latin1: 9,
  utf8: 10,
  utf16: 11,
  list: 12,
  record: 13,
  map: 14,
  orderedMap: 15,
  set: 16,
  double: 17,
  uint: 18,
  bytes: 19,
  plainBytes: 20,
  timestamp: 21,
  duration: 22,
  none: 23,
  some: 24,
  type: 25,
  sketch: 26,
} as const;

/** Deeper values are refused by everything that reads them; the limit keeps the recursion within the stack. */
export const maxDepth = 2_000;

// biome-ignore lint/suspicious/noControlCharactersInRegex: this is what Latin-1 is
const latin1 = /^[\x00-\xff]*$/;

export class ValueWriter {
  private buffer: Buffer = Buffer.allocUnsafeSlow(1 << 12);
  private at = 0;
  private depth = 0;

  /** A copy of what was written since the last `take`; the writer begins again. */
  take(): Buffer {
    const bytes = Buffer.allocUnsafeSlow(this.at);
    this.buffer.copy(bytes, 0, 0, this.at);
    this.at = 0;
    this.depth = 0;
    return bytes;
  }

  /** What was written since the last `take`, valid until more is written; the writer begins again. */
  borrow(): Uint8Array {
    const bytes = this.buffer.subarray(0, this.at);
    this.at = 0;
    this.depth = 0;
    return bytes;
  }

  /** What `take` gave. */
  raw(bytes: Uint8Array): void {
    this.room(bytes.length);
    this.buffer.set(bytes, this.at);
    this.at += bytes.length;
  }

  get lengthBytes(): number {
    return this.at;
  }

  /** @throws TypeError when the value is of no class that a pipeline's values have. */
  value(value: unknown): void {
    switch (typeof value) {
      case "string":
        this.text(value);
        return;
      case "number":
        this.number(value);
        return;
      case "undefined":
        this.byte(tag.undefined);
        return;
      case "boolean":
        this.byte(value ? tag.true : tag.false);
        return;
      case "bigint":
        this.bigint(value < 0n ? tag.negativeBigint : tag.bigint, value < 0n ? -value : value);
        return;
      case "object":
        if (value === null) this.byte(tag.null);
        else this.nested(value);
        return;
      default:
        throw new TypeError(`a ${typeof value} cannot be kept`);
    }
  }

  /** Whole, from 0 to 2^53: seven bits to a byte. */
  count(count: number): void {
    this.room(8);
    let rest = count;
    while (rest >= 0x80) {
      this.buffer[this.at++] = (rest % 0x80) | 0x80;
      rest = Math.floor(rest / 0x80);
    }
    this.buffer[this.at++] = rest;
  }

  float(value: number): void {
    this.room(8);
    this.at = this.buffer.writeDoubleLE(value, this.at);
  }

  private nested(value: object): void {
    if (++this.depth > maxDepth) throw new TypeError("a value nested that deep cannot be kept");
    this.object(value);
    this.depth--;
  }

  private object(value: object): void {
    if (Array.isArray(value)) {
      this.byte(tag.list);
      this.count(value.length);
      for (const item of value) this.value(item);
      return;
    }
    const prototype: unknown = Object.getPrototypeOf(value);
    if (prototype === Object.prototype || prototype === null) this.record(value);
    else if (value instanceof Map) this.map(value);
    else if (value instanceof Set) {
      this.byte(tag.set);
      this.count(value.size);
      for (const item of value) this.value(item);
    } else if (value instanceof Uint8Array) {
      this.byte(value instanceof Bytes ? tag.bytes : tag.plainBytes);
      this.bytes(value);
    } else this.special(value);
  }

  private record(value: object): void {
    const entries = Object.entries(value);
    this.byte(tag.record);
    this.count(entries.length);
    for (const [name, item] of entries) {
      this.text(name);
      this.value(item);
    }
  }

  private map(map: ReadonlyMap<unknown, unknown>): void {
    this.byte(map instanceof OrderedMap ? tag.orderedMap : tag.map);
    this.count(map.size);
    for (const [key, item] of map) {
      this.value(key);
      this.value(item);
    }
  }

  private special(value: object): void {
    if (value instanceof Timestamp || value instanceof Duration) {
      this.byte(value instanceof Timestamp ? tag.timestamp : tag.duration);
      this.float(value.seconds);
      this.count(value.nanos);
    } else if (value instanceof Double) {
      this.byte(tag.double);
      this.float(value.value);
      this.value(value.text);
    } else if (value instanceof Uint) this.bigint(tag.uint, value.value);
    else if (value instanceof Optional) {
      this.byte(value.content === undefined ? tag.none : tag.some);
      if (value.content !== undefined) this.value(value.content);
    } else if (value instanceof QuantileSketch) {
      this.byte(tag.sketch);
      this.value(value.state());
    } else if (value instanceof TypeValue) {
      this.byte(tag.type);
      this.text(value.typeName);
    } else throw new TypeError(`a ${value.constructor.name} cannot be kept`);
  }

  private number(value: number): void {
    if (!Number.isSafeInteger(value) || Object.is(value, -0)) {
      this.byte(tag.number);
      this.float(value);
    } else {
      this.byte(value < 0 ? tag.negativeInt : tag.int);
      this.count(value < 0 ? -value : value);
    }
  }

  private bigint(mark: number, size: bigint): void {
    const digits = size.toString(16);
    this.byte(mark);
    this.bytes(Buffer.from(digits.length % 2 === 0 ? digits : `0${digits}`, "hex"));
  }

  private bytes(bytes: Uint8Array): void {
    this.count(bytes.length);
    this.room(bytes.length);
    this.buffer.set(bytes, this.at);
    this.at += bytes.length;
  }

  private text(text: string): void {
    if (latin1.test(text)) {
      this.byte(tag.latin1);
      this.count(text.length);
      this.room(text.length);
      this.at += this.buffer.write(text, this.at, "latin1");
    } else {
      const encoding = text.isWellFormed() ? "utf8" : "utf16le";
      this.byte(encoding === "utf8" ? tag.utf8 : tag.utf16);
      this.bytes(Buffer.from(text, encoding));
    }
  }

  private byte(byte: number): void {
    this.room(1);
    this.buffer[this.at++] = byte;
  }

  private room(sizeBytes: number): void {
    if (this.at + sizeBytes <= this.buffer.length) return;
    const larger = Buffer.allocUnsafeSlow(Math.max(this.buffer.length * 2, this.at + sizeBytes));
    this.buffer.copy(larger, 0, 0, this.at);
    this.buffer = larger;
  }
}

export function encodeValue(value: unknown): Buffer {
  const writer = new ValueWriter();
  writer.value(value);
  return writer.take();
}
