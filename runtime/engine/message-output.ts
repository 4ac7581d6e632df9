/** Between a stage and a sink of messages: collects records into batches, of which a sink may take some and refuse others. */
import type { Chunk } from "./chunk.ts";
import type { Awaitable, MessageSink, OutputMessage, Refusal } from "./connector.ts";
import { blockBytes, type Parcel, SinkOutput } from "./sink-output.ts";

const batchLength = 256;

interface Batch {
  readonly messages: readonly OutputMessage[];
  /** They are all of it, and the sink takes it whole. */
  readonly chunk: Chunk | undefined;
}

/** A chunk that has begun, and what was collected of it. */
interface OpenChunk {
  readonly chunk: Chunk;
  readonly messages: OutputMessage[];
  sizeBytes: number;
  readonly outerEncoder: unknown;
}

export class MessageOutput extends SinkOutput<Batch> {
  readonly kind = "messages";
  readonly attributes: boolean;
  private readonly sink: MessageSink;
  private collected: OutputMessage[] = [];
  private collectedBytes = 0;
  /** Of several, one has begun inside the other. */
  private readonly open: OpenChunk[] = [];

  constructor(sink: MessageSink, ...rest: ConstructorParameters<typeof SinkOutput>) {
    super(...rest);
    this.sink = sink;
    this.attributes = sink.attributes === true;
  }

  text(record: string): void {
    this.put({ bytes: Buffer.from(record, "utf8"), id: this.services.current.id() });
  }

  bytes(record: Uint8Array): void {
    this.put({ bytes: Uint8Array.from(record), id: this.services.current.id() });
  }

  message(
    record: string | Uint8Array,
    attributes: OutputMessage["attributes"],
    headers: OutputMessage["headers"],
  ): void {
    this.put({
      bytes: typeof record === "string" ? Buffer.from(record, "utf8") : Uint8Array.from(record),
      id: attributes?.id ?? this.services.current.id(),
      ...(attributes === undefined ? {} : { attributes }),
      ...(headers === undefined ? {} : { headers }),
    });
  }

  protected checkpoint(): Awaitable<unknown> {
    return this.sink.checkpoint?.();
  }

  get repeats(): boolean {
    return this.sink.checkpoint === undefined;
  }

  /** A chunk that is taken whole begins with the head of the format. */
  isFirst(): boolean {
    return this.sink.sendChunk !== undefined && this.open.at(-1)?.messages.length === 0;
  }

  beginChunk(chunk: Chunk): void {
    if (this.sink.sendChunk !== undefined && this.open.length === 0) this.seal();
    this.open.push({ chunk, messages: [], sizeBytes: 0, outerEncoder: this.encoder?.state?.() });
    if (this.sink.sendChunk !== undefined) this.encoder?.begin?.();
  }

  endChunk(): void {
    const { chunk, messages, sizeBytes, outerEncoder } = this.open.pop()!;
    if (this.open.length > 0) this.encoder?.restore?.(outerEncoder);
    if (messages.length > 0) this.send({ messages, chunk }, messages.length, sizeBytes);
  }

  private put(given: OutputMessage): void {
    this.putRecords++;
    // What a window behind the chunk gives meanwhile is no part of it.
    const last = this.open.at(-1);
    const open = last?.chunk.id === this.services.current.chunk?.id ? last : undefined;
    const message = open === undefined ? given : { ...given, chunk: open.chunk.id };
    if (open !== undefined && this.sink.sendChunk !== undefined) {
      open.messages.push(message);
      open.sizeBytes += message.bytes.length;
      return;
    }
    this.collected.push(message);
    this.collectedBytes += message.bytes.length;
    if (this.collected.length >= batchLength || this.collectedBytes >= blockBytes) this.seal();
  }

  protected seal(): void {
    if (this.collected.length === 0) return;
    const messages = this.collected;
    const sizeBytes = this.collectedBytes;
    this.collected = [];
    this.collectedBytes = 0;
    this.send({ messages, chunk: undefined }, messages.length, sizeBytes);
  }

  protected hand({ messages, chunk }: Batch): Awaitable<undefined | readonly Refusal[]> {
    return chunk === undefined ? this.sink.send(messages) : this.sink.sendChunk?.(chunk, messages);
  }

  protected taken(): void {}

  protected recordsOf({ messages }: Batch): readonly { readonly position: string; readonly bytes: Uint8Array }[] {
    return messages.map((message) => ({ position: message.id, bytes: message.bytes }));
  }

  protected split({ content }: Parcel<Batch>, messages: ReadonlySet<unknown>) {
    const those = (wanted: boolean) => parcelOf(content.messages.filter((one) => messages.has(one) === wanted));
    return [those(true), those(false)] as const;
  }
}

function parcelOf(messages: readonly OutputMessage[]): Parcel<Batch> {
  const sizeBytes = messages.reduce((sum, { bytes }) => sum + bytes.length, 0);
  return { content: { messages, chunk: undefined }, records: messages.length, sizeBytes };
}
