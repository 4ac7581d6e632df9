/** Between a stage and a sink of bytes: writes records into one block of memory after the other, each taken whole or not at all. */
import type { Chunk } from "./chunk.ts";
import type { Awaitable, ByteSink } from "./connector.ts";
import { blockBytes, type Parcel, SinkOutput } from "./sink-output.ts";

/** Memory for a block: records are written straight into it, which is a third of the time of joining their texts first. */
const bufferBytes = 4 * blockBytes;

/** Blocks of one chunk, for a sink that takes chunks whole. */
class ChunkBlocks {
  readonly blocks: Buffer[] = [];
  records = 0;
  sizeBytes = 0;
  readonly chunk: Chunk;
  /** Of the format, for the chunk around it. */
  readonly outer: { readonly isFresh: boolean; readonly encoder: unknown };

  constructor(chunk: Chunk, outer: ChunkBlocks["outer"]) {
    this.chunk = chunk;
    this.outer = outer;
  }
}

export class ByteOutput extends SinkOutput<Buffer | ChunkBlocks> {
  readonly kind = "bytes";
  readonly attributes = false;
  private readonly sink: ByteSink;
  private readonly end: Buffer;
  private buffer: Buffer = Buffer.allocUnsafeSlow(bufferBytes);
  private filled = 0;
  private collectedRecords = 0;
  /** Memory of blocks that were taken. */
  private readonly free: Buffer[] = [];
  private isFresh: boolean;
  /** Chunks that have begun, where the sink takes them whole. Of several, one has begun inside the other. */
  private readonly open: ChunkBlocks[] = [];

  constructor(sink: ByteSink, ...rest: ConstructorParameters<typeof SinkOutput>) {
    super(...rest);
    this.sink = sink;
    this.end = Buffer.from(
      this.encoder?.end ?? (this.format.type === "json" || this.format.type === "lines" ? "\n" : ""),
    );
    this.isFresh = sink.continues !== true;
  }

  text(record: string): void {
    // At most three bytes to a UTF-16 unit.
    this.makeRoom(record.length * 3);
    this.filled += this.buffer.write(record, this.filled, "utf8");
    this.endRecord();
  }

  bytes(record: Uint8Array): void {
    this.makeRoom(record.length);
    this.buffer.set(record, this.filled);
    this.filled += record.length;
    this.endRecord();
  }

  message(record: string | Uint8Array): void {
    this.isFresh = false;
    if (typeof record === "string") this.text(record);
    else this.bytes(record);
  }

  protected checkpoint(): Awaitable<unknown> {
    return this.sink.checkpoint?.();
  }

  get repeats(): boolean {
    return this.sink.checkpoint === undefined;
  }

  isFirst(): boolean {
    return this.isFresh;
  }

  beginChunk(chunk: Chunk): void {
    if (this.sink.writeChunk === undefined) return;
    this.seal();
    this.open.push(new ChunkBlocks(chunk, { isFresh: this.isFresh, encoder: this.encoder?.state?.() }));
    this.isFresh = true;
    this.encoder?.begin?.();
  }

  endChunk(): void {
    if (this.sink.writeChunk === undefined) return;
    this.seal();
    const { open, encoder } = this;
    const ended = open.pop()!;
    this.isFresh = ended.outer.isFresh;
    if (open.length > 0) encoder?.restore?.(ended.outer.encoder);
    if (ended.records > 0) this.send(ended, ended.records, ended.sizeBytes);
  }

  private makeRoom(sizeBytes: number): void {
    if (this.filled + sizeBytes + this.end.length <= this.buffer.length) return;
    this.seal();
    if (sizeBytes + this.end.length > this.buffer.length)
      this.buffer = Buffer.allocUnsafeSlow(sizeBytes + this.end.length);
  }

  private endRecord(): void {
    if (this.end.length === 1) this.buffer[this.filled++] = this.end[0]!;
    else this.filled += this.end.copy(this.buffer, this.filled);
    this.putRecords++;
    this.collectedRecords++;
    if (this.filled >= blockBytes) this.seal();
  }

  protected seal(): void {
    if (this.collectedRecords === 0) return;
    const block = this.buffer.subarray(0, this.filled);
    const records = this.collectedRecords;
    this.filled = 0;
    this.collectedRecords = 0;
    const chunk = this.open.at(-1);
    if (chunk === undefined) {
      this.buffer = this.free.pop() ?? Buffer.allocUnsafeSlow(bufferBytes);
      this.send(block, records, block.length);
      return;
    }
    // A chunk may be much smaller than the memory for a block.
    chunk.blocks.push(Buffer.from(block));
    chunk.records += records;
    chunk.sizeBytes += block.length;
  }

  protected hand(block: Buffer | ChunkBlocks): Awaitable<undefined> {
    const answer =
      block instanceof ChunkBlocks ? this.sink.writeChunk?.(block.chunk, block.blocks) : this.sink.write(block);
    return answer instanceof Promise ? answer.then(() => undefined) : undefined;
  }

  protected taken(block: Buffer | ChunkBlocks): void {
    if (block instanceof ChunkBlocks) return;
    if (this.free.length < 2 && block.buffer.byteLength === bufferBytes) this.free.push(Buffer.from(block.buffer));
  }

  protected recordsOf(
    content: Buffer | ChunkBlocks,
  ): readonly { readonly position: string; readonly bytes: Uint8Array }[] {
    const block = content instanceof ChunkBlocks ? Buffer.concat(content.blocks) : content;
    const lines = block.toString("utf8").split("\n");
    if (lines.at(-1) === "") lines.pop();
    return lines.map((line, index) => ({
      position: `${this.node}:${this.takenRecords + index}`,
      bytes: Buffer.from(line),
    }));
  }

  /** A block is taken whole or not at all. */
  protected split<T>(parcel: Parcel<T>): readonly [Parcel<T>, Parcel<T>] {
    return [parcel, { ...parcel, records: 0 }];
  }
}
