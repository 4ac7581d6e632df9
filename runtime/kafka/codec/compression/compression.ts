/** What a batch's records are compressed with: the four ways of Kafka, by name and by the number in a batch's attributes. */
import zlib from "node:zlib";
import type { Compression } from "../../client.ts";
import { KafkaError } from "../../kafka-error.ts";
import { compressLz4, decompressLz4 } from "./lz4.ts";
import { compressSnappy, decompressSnappy } from "./snappy.ts";

/** By the lowest three bits of the attributes. */
const byNumber: readonly Compression[] = ["none", "gzip", "snappy", "lz4", "zstd"];

export const compressionNumber = (compression: Compression): number => byNumber.indexOf(compression);

/** @returns undefined for a number that has no meaning */
export const compressionOf = (attributes: number): Compression | undefined => byNumber[attributes & 7];

/** A batch that grows beyond it is not believed. */
export const maxDecompressedBytes = 128 * 1024 * 1024;

export function compress(compression: Compression, bytes: Uint8Array): Uint8Array {
  switch (compression) {
    case "none":
      return bytes;
    case "gzip":
      return zlib.gzipSync(bytes);
    case "snappy":
      return compressSnappy(bytes);
    case "lz4":
      return compressLz4(bytes);
    case "zstd":
      return withZstd().zstdCompressSync(bytes);
  }
}

/**
 * @param maxBytes how large it may become
 * @throws KafkaError "corrupt" when it is damaged or becomes larger; "protocol" when this Node.js lacks zstd
 */
export function decompress(compression: Compression, bytes: Uint8Array, maxBytes = maxDecompressedBytes): Buffer {
  try {
    switch (compression) {
      case "none":
        return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
      case "gzip":
        return zlib.gunzipSync(bytes, outputOf(bytes, maxBytes));
      case "snappy":
        return decompressSnappy(bytes, maxBytes);
      case "lz4":
        return decompressLz4(bytes, maxBytes);
      case "zstd":
        return withZstd().zstdDecompressSync(bytes, outputOf(bytes, maxBytes));
    }
  } catch (cause) {
    if (cause instanceof KafkaError) throw cause;
    const isTooLarge = cause instanceof RangeError;
    throw new KafkaError(
      "corrupt",
      isTooLarge
        ? `Records compressed with ${compression} grow beyond ${maxBytes} bytes`
        : `Records compressed with ${compression} are damaged`,
      { cause },
    );
  }
}

/** Comes in pieces that are put together at the end: the fewer the better, as long as they are not mostly empty. */
function outputOf(
  bytes: Uint8Array,
  maxBytes: number,
): { readonly chunkSize: number; readonly maxOutputLength: number } {
  return { chunkSize: Math.min(Math.max(bytes.length * 8, 16 * 1024), 256 * 1024), maxOutputLength: maxBytes };
}

function withZstd(): typeof zlib {
  if (typeof zlib.zstdDecompressSync !== "function")
    throw new KafkaError("protocol", `Compression zstd needs Node.js 22.15 or later; this is ${process.version}`);
  return zlib;
}
