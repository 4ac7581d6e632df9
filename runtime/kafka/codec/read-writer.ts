/** What stands in a writer, for those who want it back: to divide a batch, to say which records were refused, to hand them to another client. */
import type { RecordBlock } from "../../engine/connector.ts";
import { bug } from "../../engine/runtime-error.ts";
import { BatchField } from "./batch-layout.ts";
import type { BatchWriter } from "./batch-writer.ts";
import { BlockBuilder } from "./block-builder.ts";
import { RecordBatchWriter } from "./record-batch-writer.ts";

/** The records as a block; offsets count from 0. Valid until something is added or `reset`. */
export function readWriter(writer: BatchWriter): RecordBlock {
  if (!(writer instanceof RecordBatchWriter)) return bug("a batch of another make");
  const { bytes, baseTimestampMs } = writer.records;
  const { count } = writer;
  const block = new BlockBuilder("", 0, bytes, 0, count);
  const problem = block.addBatch(BatchField.records, bytes.length, count, {
    baseOffset: 0,
    lastOffsetDelta: count - 1,
    baseTimestampMs,
    appendedMs: undefined,
    fromOffset: 0,
  });
  if (problem !== undefined) bug(`a written batch has ${problem}`);
  return block.build(count) ?? emptyBlock;
}

const emptyBlock: RecordBlock = {
  topic: "",
  partition: 0,
  bytes: Buffer.alloc(0),
  count: 0,
  index: new Int32Array(0),
  baseOffset: 0,
  timestamps: new Float64Array(0),
  nextOffset: 0,
};
