/** Drives one source: asks for input when there is room, gives its records to the stage, and says when a batch has been through. */

import { isUtf8 } from "node:buffer";
import type { RecordDecoder } from "../codec/format.ts";
import { BadRecord } from "./bad-event.ts";
import type {
  Awaitable,
  BytePart,
  BytePosition,
  ByteSource,
  Message,
  MessageBatch,
  MessageSource,
  SourceConnector,
} from "./connector.ts";
import { type Framing, lastLineEnd, RecordCutter } from "./cut-records.ts";
import { RecordLoop } from "./record-loop.ts";
import type { SourceLoop, SourceServices } from "./source-services.ts";

/** What `ByteLoop.position` gives. */
interface LoopPosition extends BytePosition {
  /** The record that begins there is too long; what follows up to its end belongs to it. */
  readonly tooLong: boolean;
  readonly decoder: unknown;
}

export function sourceLoop(source: SourceConnector, services: SourceServices): SourceLoop {
  if (source.kind === "records") return new RecordLoop(source, services);
  return source.kind === "bytes" ? new ByteLoop(source, services) : new MessageLoop(source, services);
}

/** Small enough to stay in the processor's cache while its records are parsed. */
const blockBytes = 1 << 16;
/** A record that is longer is bad, piece by piece. */
const maxRecordBytes = 1 << 24;

class ByteLoop implements SourceLoop {
  readonly source: ByteSource;
  events = 0;
  bytes = 0;
  onlyOne = false;
  private readonly services: SourceServices;
  private readonly cutter: RecordCutter;
  private buffer: Buffer = Buffer.allocUnsafeSlow(blockBytes);
  /** Bytes at the start of the buffer that belong to the next record. */
  private kept = 0;
  private keptFrom = 0;
  private part: BytePart | undefined;
  private partOffset = 0;
  private partEnded = false;
  private framing: Framing = "lines";
  private tooLong = false;
  private stopped = false;
  /** Bytes that came while nobody waited for them. */
  private arrived: number | undefined;
  private decoder: RecordDecoder | undefined;
  /** Where the source stood when it had no part open. */
  private between: BytePosition | undefined;
  private resume: LoopPosition | undefined;
  private readonly cut: () => number;

  constructor(source: ByteSource, services: SourceServices) {
    this.source = source;
    this.services = services;
    this.cutter = new RecordCutter(services.taker, services.current, services.gate, services.node.format.type);
    this.cut = () => this.cutSome();
  }

  turn(): Awaitable<boolean> {
    if (!this.cutter.isDone) return this.work();
    if (this.arrived !== undefined) return this.got(this.arrived);
    if (this.stopped) return false;
    if (this.part === undefined) {
      const next = this.source.nextPart();
      return next instanceof Promise ? next.then((part) => this.begin(part)) : this.begin(next);
    }
    if (this.partEnded) return this.endPart(this.part);
    this.makeRoom();
    const count = this.part.read(this.buffer, this.kept);
    if (typeof count === "number") return this.got(count);
    // Worked on in a turn of its own: nothing of a run changes while it is written to the store.
    return count.then((n) => {
      this.arrived = n;
      return true;
    });
  }

  stop(): void {
    this.stopped = true;
  }

  leaveRest(): void {
    if (!this.cutter.isDone) this.acknowledge();
  }

  position(): unknown {
    const { part, cutter } = this;
    if (part === undefined) return this.between;
    const offset = cutter.isDone ? this.partOffset : cutter.nextOffset;
    return { part: part.name, offset, ended: false, tooLong: this.tooLong, decoder: this.decoder?.state?.() };
  }

  restore(position: unknown): void {
    if (typeof position !== "object" || position === null) return;
    this.resume = position as LoopPosition;
    this.between = this.resume;
  }

  async close(failed: boolean): Promise<void> {
    await this.part?.close();
    this.part = undefined;
    await this.source.close(failed);
  }

  private begin(part: BytePart | undefined): boolean {
    if (part === undefined) return false;
    this.part = part;
    this.partOffset = part.startOffset;
    this.partEnded = false;
    this.kept = 0;
    this.keptFrom = 0;
    const format = this.services.node.format.type;
    this.decoder = this.services.newDecoder();
    this.cutter.skipped = this.decoder?.skipped;
    this.tooLong = false;
    const { resume } = this;
    this.resume = undefined;
    if (resume !== undefined && !resume.ended && resume.part === part.name) {
      this.tooLong = resume.tooLong;
      if (resume.decoder !== undefined) this.decoder?.restore?.(resume.decoder);
    }
    this.framing = this.decoder?.framing ?? (format === "text" || format === "bytes" ? "whole" : "lines");
    return true;
  }

  private endPart(part: BytePart): Awaitable<boolean> {
    this.between = { part: part.name, offset: this.partOffset, ended: true };
    this.part = undefined;
    const closed = part.close();
    return closed instanceof Promise ? closed.then(() => true) : true;
  }

  /** Moves what was kept to the front, and grows the buffer when that fills it. */
  private makeRoom(): void {
    if (this.keptFrom > 0) this.buffer.copy(this.buffer, 0, this.keptFrom, this.keptFrom + this.kept);
    this.keptFrom = 0;
    if (this.kept < this.buffer.length) return;
    const larger = Buffer.allocUnsafeSlow(Math.min(this.buffer.length * 2, maxRecordBytes));
    this.buffer.copy(larger);
    this.buffer = larger;
  }

  private got(count: number): boolean {
    this.arrived = undefined;
    // The end that a stop makes is not the part's: what is left of it comes when the run goes on.
    if (count === 0 && this.stopped && this.services.goesOnLater === true) return false;
    if (count > 0) this.services.came();
    this.bytes += count;
    this.partEnded = count === 0;
    const have = this.kept + count;
    const whole = this.partEnded ? have : this.wholeRecords(have);
    if (whole <= 0 && have < maxRecordBytes) {
      this.kept = have;
      return true;
    }
    const isPiece = whole <= 0;
    const end = isPiece ? have : whole;
    this.cutter.begin(this.buffer, end, this.partOffset);
    this.partOffset += end;
    this.keptFrom = end;
    this.kept = have - end;
    if (end === 0) return true;
    if (isPiece || this.tooLong) return this.giveTooLong(isPiece);
    return this.work();
  }

  /** How many bytes at the start are whole records. */
  private wholeRecords(have: number): number {
    if (this.framing === "whole") return 0;
    if (this.framing === "lines") return lastLineEnd(this.buffer, have) + 1;
    let end = 0;
    for (
      let next = this.framing(this.buffer, 0, have, this.kept);
      next >= 0;
      next = this.framing(this.buffer, end, have)
    ) {
      end = next + 1;
      if (end >= have) break;
    }
    return end;
  }

  /** @param more the block holds no end of it either */
  private giveTooLong(more: boolean): boolean {
    this.describe();
    this.cutter.giveTooLong(maxRecordBytes);
    this.tooLong = more;
    return this.work();
  }

  private work(): boolean {
    this.describe();
    this.cut();
    if (this.cutter.isDone) this.acknowledge();
    return true;
  }

  private cutSome(): number {
    const { roundLength = Number.POSITIVE_INFINITY } = this.services;
    if (this.onlyOne && this.framing !== "whole") {
      const count = this.framing === "lines" ? this.cutter.cutLines(1) : this.cutter.cutBy(this.framing, 1);
      this.events += count;
      return count;
    }
    const max = Number.isFinite(roundLength) ? roundLength - (this.events % roundLength) : roundLength;
    const count =
      this.framing === "lines"
        ? this.cutter.cutLines(max)
        : this.framing === "whole"
          ? this.cutter.cutWhole()
          : this.cutter.cutBy(this.framing, max);
    this.events += count;
    return count;
  }

  private describe(): void {
    const { current, node } = this.services;
    current.node = node.index;
    current.nodeName = node.name;
    current.part = this.part?.name ?? "";
    current.message = undefined;
    current.attributes = undefined;
    current.element = undefined;
    current.beginRecords();
    current.timeMs = this.part?.timeMs ?? this.services.nowMs();
  }

  private acknowledge(): void {
    const part = this.part?.name ?? "";
    const offset = this.cutter.nextOffset;
    this.services.through(() => this.source.ack(part, offset));
  }
}

/** As many as are asked for at once. */
const batchLength = 1024;

class MessageLoop implements SourceLoop {
  readonly source: MessageSource;
  events = 0;
  bytes = 0;
  onlyOne = false;
  private readonly services: SourceServices;
  private batch: MessageBatch | undefined;
  private next = 0;
  private stopped = false;
  /** Position behind the last batch. */
  private behind: unknown;

  constructor(source: MessageSource, services: SourceServices) {
    this.source = source;
    this.services = services;
    services.newDecoder();
  }

  turn(): Awaitable<boolean> {
    if (this.batch !== undefined) return this.work(this.batch);
    if (this.stopped) return false;
    const pulled = this.source.pull(batchLength);
    // What comes later is worked on in a turn of its own: nothing of a run changes while it is written to the store.
    return pulled instanceof Promise ? pulled.then((batch) => this.begin(batch)) : this.got(pulled);
  }

  position(): unknown {
    const last = this.batch?.messages[this.next - 1];
    return last === undefined ? this.behind : this.positionAfter(last);
  }

  restore(position: unknown): void {
    this.behind = position;
  }

  private positionAfter(message: Message): unknown {
    return this.source.positionAfter?.(message);
  }

  stop(): void {
    this.stopped = true;
  }

  leaveRest(): void {
    this.behind = this.position();
    this.batch = undefined;
  }

  async close(failed: boolean): Promise<void> {
    await this.source.close(failed);
  }

  private got(batch: MessageBatch | undefined): boolean {
    return batch !== undefined && this.begin(batch) && this.work(batch);
  }

  private begin(batch: MessageBatch | undefined): boolean {
    this.batch = batch;
    this.next = 0;
    if (batch === undefined) return false;
    this.services.came();
    return true;
  }

  private work(batch: MessageBatch): boolean {
    const { current, gate, node, taker } = this.services;
    current.node = node.index;
    current.nodeName = node.name;
    current.part = "";
    current.block = "";
    current.lossy = undefined;
    current.beginRecords();
    const now = this.services.nowMs();
    const takesBytes = node.format.type === "bytes";
    // A CloudEvent in binary mode may hold bytes: its decoder judges.
    const mayBeBytes = takesBytes || node.format.type === "cloudevents";
    while (this.next < batch.messages.length) {
      const message = batch.messages[this.next++]!;
      this.events++;
      this.bytes += message.bytes.length;
      current.message = message;
      current.attributes = message.attributes;
      current.element = undefined;
      current.timeMs = message.timeMs ?? now;
      const isText = !takesBytes && isUtf8(message.bytes);
      current.bytes = isText ? undefined : message.bytes;
      current.text = isText ? utf8(message.bytes) : "";
      if (isText || mayBeBytes) taker.take(current.text);
      else taker.bad(new BadRecord("not valid UTF-8"));
      current.bytes = undefined;
      if (gate.paused || this.onlyOne) break;
    }
    current.message = undefined;
    if (this.next < batch.messages.length) return true;
    this.behind = this.position();
    this.batch = undefined;
    this.services.through(() => this.source.ack(batch));
    return true;
  }
}

function utf8(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString("utf8");
}
