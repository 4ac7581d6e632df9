/** Bytes that `ValueWriter` wrote, back to values. Damaged bytes give an error, never a wrong length of work. */

import { RuntimeError } from "../engine/runtime-error.ts";
import { Bytes } from "../expr/values/bytes.ts";
import { Double } from "../expr/values/double.ts";
import { Duration } from "../expr/values/duration.ts";
import { Optional } from "../expr/values/optional.ts";
import { OrderedMap } from "../expr/values/ordered-map.ts";
import { Timestamp } from "../expr/values/timestamp.ts";
import { TypeValue } from "../expr/values/type-value.ts";
import { Uint } from "../expr/values/uint.ts";
import { QuantileSketch } from "../operators/aggregates/quantile-sketch.ts";
import { maxDepth, tag } from "./value-writer.ts";

/** The bytes are not what `ValueWriter` writes. */
export class DamagedValue extends Error {}

export class ValueReader {
  private readonly buffer: Buffer;
  private at = 0;
  private depth = 0;

  constructor(bytes: Uint8Array) {
    this.buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  get isAtEnd(): boolean {
    return this.at >= this.buffer.length;
  }

  /** @throws DamagedValue */
  value(): unknown {
    const mark = this.byte();
    switch (mark) {
      case tag.undefined:
        return undefined;
      case tag.null:
        return null;
      case tag.false:
        return false;
      case tag.true:
        return true;
      case tag.int:
        return this.count();
      case tag.negativeInt:
        return -this.count();
      case tag.number:
        return this.float();
      case tag.latin1:
        return this.text("latin1");
      case tag.utf8:
        return this.text("utf8");
      case tag.utf16:
        return this.text("utf16le");
      case tag.bigint:
        return this.bigint();
      case tag.negativeBigint:
        return -this.bigint();
      default:
        return this.nested(mark);
    }
  }

  count(): number {
    let count = 0;
    for (let scale = 1; ; scale *= 0x80) {
      const byte = this.byte();
      count += (byte & 0x7f) * scale;
      if (byte < 0x80) break;
      if (scale > Number.MAX_SAFE_INTEGER) throw new DamagedValue("a number has no end");
    }
    return count;
  }

  float(): number {
    const at = this.skip(8);
    return this.buffer.readDoubleLE(at);
  }

  private nested(mark: number): unknown {
    if (++this.depth > maxDepth) throw new DamagedValue("nested too deeply");
    const value = this.object(mark);
    this.depth--;
    return value;
  }

  private object(mark: number): unknown {
    switch (mark) {
      case tag.list:
        return this.items();
      case tag.record:
        return this.record();
      case tag.map:
        return this.entries(new Map());
      case tag.orderedMap:
        return this.entries(new OrderedMap());
      case tag.set:
        return new Set(this.items());
      case tag.bytes:
        return new Bytes(this.bytes());
      case tag.plainBytes:
        return Uint8Array.from(this.bytes());
      case tag.timestamp:
        return new Timestamp(this.float(), this.count());
      case tag.duration:
        return new Duration(this.float(), this.count());
      case tag.double: {
        const value = this.float();
        const text = this.value();
        return typeof text === "string" ? new Double(value, text) : new Double(value);
      }
      case tag.uint:
        return new Uint(this.bigint());
      case tag.none:
        return Optional.none;
      case tag.some:
        return Optional.of(this.value());
      case tag.type:
        return new TypeValue(String(this.value()));
      case tag.sketch:
        return QuantileSketch.of(this.value());
      default:
        throw new DamagedValue(`unknown tag ${mark}`);
    }
  }

  private items(): unknown[] {
    const count = this.lengthOf();
    const items: unknown[] = [];
    for (let i = 0; i < count; i++) items.push(this.value());
    return items;
  }

  private record(): Record<string, unknown> {
    const count = this.lengthOf();
    const record: Record<string, unknown> = {};
    for (let i = 0; i < count; i++) {
      const name = this.value();
      if (typeof name !== "string") throw new DamagedValue("a field without a name");
      const value = this.value();
      if (name === "__proto__")
        Object.defineProperty(record, name, { value, enumerable: true, configurable: true, writable: true });
      else record[name] = value;
    }
    return record;
  }

  private entries<M extends Map<unknown, unknown>>(map: M): M {
    const count = this.lengthOf();
    for (let i = 0; i < count; i++) {
      const key = this.value();
      map.set(key, this.value());
    }
    return map;
  }

  /** Of a list or map, whose every item takes a byte at least. */
  private lengthOf(): number {
    const count = this.count();
    if (count > this.buffer.length - this.at) throw new DamagedValue("a list longer than its bytes");
    return count;
  }

  private bigint(): bigint {
    const hex = this.bytes().toString("hex");
    return hex === "" ? 0n : BigInt(`0x${hex}`);
  }

  private text(encoding: BufferEncoding): string {
    const length = this.count();
    const at = this.skip(length);
    return this.buffer.toString(encoding, at, at + length);
  }

  /** A view: valid as long as the bytes that are read. */
  private bytes(): Buffer {
    const length = this.count();
    const at = this.skip(length);
    return this.buffer.subarray(at, at + length);
  }

  private byte(): number {
    return this.buffer[this.skip(1)]!;
  }

  private skip(length: number): number {
    const at = this.at;
    if (length > this.buffer.length - at) throw new DamagedValue("ends in the middle");
    this.at = at + length;
    return at;
  }
}

/** @throws DamagedValue */
export function decodeValue(bytes: Uint8Array): unknown {
  const reader = new ValueReader(bytes);
  const value = reader.value();
  if (!reader.isAtEnd) throw new DamagedValue("something follows the value");
  return value;
}

/** Runs `read`; damaged values become an error that a user can do something with. @throws RuntimeError "state-damaged" */
export function damagedState<T>(read: () => T): T {
  try {
    return read();
  } catch (cause) {
    if (!(cause instanceof DamagedValue)) throw cause;
    throw new RuntimeError(
      "state-damaged",
      `The state is damaged (${cause.message}). Put back a copy of it, or start again from the beginning with --reset all.`,
      { cause },
    );
  }
}
