/**
 * How state stands in a changelog: one record for each value and page, the newest of a key counts, a tombstone deletes. Both begin with the version of the format, so that a
 * later one is told and not misread.
 *
 *     key   = version, kind, part (2), then: value: name · page: node, page (8)
 *     value = version, parts (2), CRC-32 of the item's key and all of its content (4), content of this part
 *
 * Content that is larger than a part is in several, `part` 0 and on. The record of kind `total` ends each transaction: number and sum of all items, so that lost ones are noticed.
 */
import { crc32 } from "node:zlib";

export const formatVersion = 1;

/** Of content in one record: batches stay below what brokers take by default, 1 MiB. */
export const partBytes = 256 * 1024;

const Kind = { total: 0, value: 1, page: 2 } as const;

/** Version, kind, part. */
export const keyHeadBytes = 4;
const pageBytes = 8;
const valueHeadBytes = 7;

export type Item =
  | { readonly kind: "total" }
  | { readonly kind: "value"; readonly name: string }
  | { readonly kind: "page"; readonly node: string; readonly page: number };

/** Of part 0; `withPart` gives the others. */
export function keyOf(item: Item): Buffer {
  const text = item.kind === "value" ? item.name : item.kind === "page" ? item.node : "";
  const textBytes = Buffer.byteLength(text);
  const key = Buffer.alloc(keyHeadBytes + textBytes + (item.kind === "page" ? pageBytes : 0));
  key[0] = formatVersion;
  key[1] = Kind[item.kind];
  key.write(text, keyHeadBytes);
  if (item.kind === "page") key.writeBigUInt64BE(BigInt(item.page), keyHeadBytes + textBytes);
  return key;
}

/** Changes the key itself. */
export function withPart(key: Buffer, part: number): Buffer {
  key.writeUInt16BE(part, 2);
  return key;
}

/** Undefined where the bytes are no key. */
export function readKey(key: Buffer): { readonly item: Item; readonly part: number } | undefined {
  if (key.length < keyHeadBytes) return undefined;
  const part = key.readUInt16BE(2);
  switch (key[1]) {
    case Kind.total:
      return key.length === keyHeadBytes && part === 0 ? { item: { kind: "total" }, part } : undefined;
    case Kind.value:
      return { item: { kind: "value", name: key.toString("utf8", keyHeadBytes) }, part };
    case Kind.page: {
      const pageAt = key.length - pageBytes;
      if (pageAt < keyHeadBytes) return undefined;
      const page = Number(key.readBigUInt64BE(pageAt));
      if (!Number.isSafeInteger(page)) return undefined;
      return { item: { kind: "page", node: key.toString("utf8", keyHeadBytes, pageAt), page }, part };
    }
    default:
      return undefined;
  }
}

export const partsOf = (sizeBytes: number): number => Math.max(1, Math.ceil(sizeBytes / partBytes));

export const sumOf = (key: Buffer, content: Uint8Array): number => crc32(content, crc32(withPart(key, 0)));

export function partOf(content: Uint8Array, part: number, parts: number, sum: number): Buffer {
  const from = part * partBytes;
  const size = Math.min(partBytes, content.length - from);
  const value = Buffer.allocUnsafe(valueHeadBytes + size);
  value[0] = formatVersion;
  value.writeUInt16BE(parts, 1);
  value.writeUInt32BE(sum, 3);
  value.set(content.subarray(from, from + size), valueHeadBytes);
  return value;
}

/** Undefined where they are not the parts of one item, all of them. */
export function joinParts(
  key: Buffer,
  values: Buffer | ReadonlyMap<number, Buffer>,
): { readonly content: Buffer; readonly sum: number } | undefined {
  const [first, count] = Buffer.isBuffer(values) ? [values, 1] : [values.get(0), values.size];
  if (first === undefined || first.length < valueHeadBytes) return undefined;
  const parts = first.readUInt16BE(1);
  const sum = first.readUInt32BE(3);
  const pieces: Buffer[] = [];
  for (let part = 0; part < parts; part++) {
    const value = Buffer.isBuffer(values) ? (part === 0 ? values : undefined) : values.get(part);
    if (value === undefined || value.length < valueHeadBytes) return undefined;
    if (value.readUInt16BE(1) !== parts || value.readUInt32BE(3) !== sum) return undefined;
    pieces.push(value.subarray(valueHeadBytes));
  }
  if (count !== parts) return undefined;
  const content = pieces.length === 1 ? pieces[0]! : Buffer.concat(pieces);
  return sumOf(key, content) === sum ? { content, sum } : undefined;
}

/** Of all items but itself. */
export interface Total {
  readonly items: number;
  /** Of their sums, as far as a double carries. */
  readonly sum: number;
}

export function encodeTotal({ items, sum }: Total): Buffer {
  const content = Buffer.alloc(16);
  content.writeDoubleBE(items, 0);
  content.writeDoubleBE(sum, 8);
  return content;
}

export function readTotal(content: Buffer): Total | undefined {
  return content.length === 16 ? { items: content.readDoubleBE(0), sum: content.readDoubleBE(8) } : undefined;
}
