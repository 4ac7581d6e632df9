/** The hash by which Kafka's Java clients choose a partition, so that records with one key stand in one partition whoever wrote them. */

/**
 * Of the bytes `from` up to `to`; signed, 32 bits.
 * Source: org.apache.kafka.common.utils.Utils.murmur2.
 */
export function murmur2(bytes: Uint8Array, from = 0, to = bytes.length): number {
  const m = 0x5bd1e995;
  const length = to - from;
  let hash = 0x9747b28c ^ length;
  let at = from;
  for (const last = to - 4; at <= last; at += 4) {
    let k = bytes[at]! | (bytes[at + 1]! << 8) | (bytes[at + 2]! << 16) | (bytes[at + 3]! << 24);
    k = Math.imul(k, m);
    k = Math.imul(k ^ (k >>> 24), m);
    hash = Math.imul(hash, m) ^ k;
  }
  const rest = to - at;
  if (rest >= 3) hash ^= bytes[at + 2]! << 16;
  if (rest >= 2) hash ^= bytes[at + 1]! << 8;
  if (rest >= 1) hash = Math.imul(hash ^ bytes[at]!, m);
  hash = Math.imul(hash ^ (hash >>> 13), m);
  return hash ^ (hash >>> 15);
}

/** The partition of a key, of so many. A text is taken as UTF-8. */
export function partitionOf(key: string | Uint8Array, partitions: number): number {
  if (typeof key !== "string") return partitionOfRange(key, 0, key.length, partitions);
  const length = writeText(key);
  return length < 0 ? partitionOf(Buffer.from(key), partitions) : partitionOfRange(scratch, 0, length, partitions);
}

/** The partition of the key that stands at `from` up to `to`. */
export function partitionOfRange(bytes: Uint8Array, from: number, to: number, partitions: number): number {
  return (murmur2(bytes, from, to) & 0x7fffffff) % partitions;
}

const scratch = Buffer.allocUnsafe(768);

/** Into `scratch`; −1 where it does not fit. */
function writeText(text: string): number {
  // One unit of UTF-16 is at most three bytes.
  if (text.length * 3 > scratch.length) return -1;
  for (let at = 0; at < text.length; at++) {
    const unit = text.charCodeAt(at);
    if (unit > 127) return scratch.write(text);
    scratch[at] = unit;
  }
  return text.length;
}
