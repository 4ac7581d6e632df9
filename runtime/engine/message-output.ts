/** Between a stage and a sink of messages: collects records into batches, of which a sink may take some and refuse others. */
import type { Awaitable, MessageSink, OutputMessage, Refusal } from "./connector.ts";
import { blockBytes, type Parcel, SinkOutput } from "./sink-output.ts";

const batchLength = 256;

export class MessageOutput extends SinkOutput<OutputMessage[]> {
  readonly kind = "messages";
  readonly attributes: boolean;
  private readonly sink: MessageSink;
  private collected: OutputMessage[] = [];
  private collectedBytes = 0;

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

  isFirst(): boolean {
    return false;
  }

  private put(message: OutputMessage): void {
    this.putRecords++;
    this.collected.push(message);
    this.collectedBytes += message.bytes.length;
    if (this.collected.length >= batchLength || this.collectedBytes >= blockBytes) this.seal();
  }

  protected seal(): void {
    if (this.collected.length === 0) return;
    const batch = this.collected;
    const sizeBytes = this.collectedBytes;
    this.collected = [];
    this.collectedBytes = 0;
    this.send(batch, batch.length, sizeBytes);
  }

  protected hand(batch: OutputMessage[]): Awaitable<undefined | readonly Refusal[]> {
    return this.sink.send(batch);
  }

  protected taken(): void {}

  protected recordsOf(batch: OutputMessage[]): readonly { readonly position: string; readonly bytes: Uint8Array }[] {
    return batch.map((message) => ({ position: message.id, bytes: message.bytes }));
  }

  protected split(parcel: Parcel<OutputMessage[]>, messages: ReadonlySet<unknown>) {
    const those = (wanted: boolean) => parcelOf(parcel.content.filter((message) => messages.has(message) === wanted));
    return [those(true), those(false)] as const;
  }
}

function parcelOf(batch: OutputMessage[]): Parcel<OutputMessage[]> {
  return { content: batch, records: batch.length, sizeBytes: batch.reduce((sum, { bytes }) => sum + bytes.length, 0) };
}
