/** A block from records that are objects: what kafkajs gives, and tests. */
import type { RecordBlock } from "../../engine/connector.ts";
import { RecordField, recordStride } from "../../engine/connector.ts";
import { encodeHeaders } from "./headers.ts";
import { readWriter } from "./read-writer.ts";
import { RecordBatchWriter } from "./record-batch-writer.ts";

export interface LooseRecord {
  /** Ascending; gaps are fine, of less than 2^31 over all. */
  readonly offset: number;
  readonly timestampMs: number;
  readonly key: string | Uint8Array | null;
  readonly value: string | Uint8Array | null;
  readonly headers?: Iterable<readonly [name: string, value: string | Uint8Array | null]>;
}

/** @param nextOffset where it is beyond the last record. @returns undefined for no records */
export function blockOfRecords(
  topic: string,
  partition: number,
  records: readonly LooseRecord[],
  nextOffset?: number,
): RecordBlock | undefined {
  const first = records[0];
  const last = records.at(-1);
  if (first === undefined || last === undefined) return undefined;
  const writer = new RecordBatchWriter();
  for (const { key, value, timestampMs, headers } of records)
    writer.add(key, value, timestampMs, headers === undefined ? undefined : encodeHeaders(headers));
  const block = readWriter(writer);
  for (const [number, { offset }] of records.entries())
    block.index[number * recordStride + RecordField.offsetDelta] = offset - first.offset;
  return { ...block, topic, partition, baseOffset: first.offset, nextOffset: nextOffset ?? last.offset + 1 };
}
