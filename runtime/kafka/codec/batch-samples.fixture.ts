/** For tests of the codec: batches with given heads, records as objects, and blocks as objects again. */
import { type RecordBlock, RecordField, recordStride } from "../../engine/connector.ts";
import type { Compression } from "../client.ts";
import { BatchField, writeLong } from "./batch-layout.ts";
import { crc32c } from "./crc32c.ts";
import { decodeHeaders, encodeHeaders } from "./headers.ts";
import { RecordBatchWriter } from "./record-batch-writer.ts";

export interface SampleRecord {
  readonly key?: string | Uint8Array | null;
  readonly value?: string | Uint8Array | null;
  readonly timestampMs?: number;
  readonly headers?: readonly (readonly [string, string | Uint8Array | null])[];
}

export interface SampleBatch {
  readonly baseOffset?: number;
  readonly compression?: Compression;
  readonly isTransactional?: boolean;
  readonly producerId?: bigint;
  /** Changes what else should be changed before the checksum is taken. */
  readonly change?: (batch: Buffer) => void;
}

export function sampleBatch(records: readonly SampleRecord[], batch: SampleBatch = {}): Buffer {
  const writer = new RecordBatchWriter(64);
  for (const { key = null, value = null, timestampMs = 0, headers } of records)
    writer.add(key, value, timestampMs, headers === undefined ? undefined : encodeHeaders(headers));
  const { baseOffset = 0, compression = "none", isTransactional = false, producerId = -1n } = batch;
  const bytes = Buffer.from(
    writer.finish({ producerId, producerEpoch: 0, baseSequence: 0, isTransactional, compression }),
  );
  writeLong(bytes, BatchField.baseOffset, baseOffset);
  batch.change?.(bytes);
  return withChecksum(bytes);
}

/** As the broker's coordinator writes it when a transaction ends. */
export function sampleMarker(type: "commit" | "abort", baseOffset: number, producerId: bigint): Buffer {
  return sampleBatch([{ key: Buffer.from([0, 0, 0, type === "commit" ? 1 : 0]), value: Buffer.alloc(6) }], {
    baseOffset,
    producerId,
    isTransactional: true,
    change: (bytes) => bytes.writeInt16BE(0x30, BatchField.attributes),
  });
}

export function withChecksum(bytes: Buffer): Buffer {
  bytes.writeUInt32BE(crc32c(bytes.subarray(BatchField.attributes)), BatchField.crc);
  return bytes;
}

export interface ReadRecord {
  readonly offset: number;
  readonly timestampMs: number;
  readonly key: string | null;
  readonly value: string | null;
  readonly headers: readonly (readonly [string, string | null])[];
}

/** Bytes as Latin-1, so that nothing of them is lost. */
export function recordsOf(blocks: readonly RecordBlock[]): ReadRecord[] {
  return blocks.flatMap((block) =>
    Array.from({ length: block.count }, (_, record) => {
      const field = (name: keyof typeof RecordField) => block.index[record * recordStride + RecordField[name]]!;
      const text = (from: number, to: number) => (from < 0 ? null : block.bytes.toString("latin1", from, to));
      const headers = decodeHeaders(block.bytes, field("headersStart"), field("headersEnd"));
      if (headers.length !== field("headerCount")) throw new Error("the number of headers is another");
      return {
        offset: block.baseOffset + field("offsetDelta"),
        timestampMs: block.timestamps[record]!,
        key: text(field("keyStart"), field("keyEnd")),
        value: text(field("valueStart"), field("valueEnd")),
        headers: headers.map(
          ([name, value]) => [name, value === null ? null : Buffer.from(value).toString("latin1")] as const,
        ),
      };
    }),
  );
}
