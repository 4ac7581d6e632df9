/**
 * Drives a source that is a log: gives the records of its blocks to the stage, one after the other, with nothing made for a record but its text; and not that where the data is
 * bytes. Knows where each partition stands.
 */
import { isUtf8 } from "node:buffer";
import { BadRecord } from "./bad-event.ts";
import {
  type Awaitable,
  type RecordBlock,
  RecordField,
  type RecordPosition,
  type RecordSource,
  recordStride,
} from "./connector.ts";
import { bytesOfValue, headersOf, isNullValue, offsetOfRecord } from "./record-view.ts";
import type { SourceChannels } from "./source-channels.ts";
import type { SourceLoop, SourceServices } from "./source-services.ts";
import { watermarkHeader } from "./told-watermark.ts";

/** So many records at most are a turn. */
const turnLength = 4096;
const replacement = "\ufffd";

export class RecordLoop implements SourceLoop {
  readonly source: RecordSource;
  events = 0;
  bytes = 0;
  onlyOne = false;
  private readonly services: SourceServices;
  private readonly takesBytes: boolean;
  /** What is not text may be a CloudEvent in binary mode: its decoder judges. */
  private readonly mayBeBytes: boolean;
  private readonly channels: SourceChannels | undefined;
  private block: RecordBlock | undefined;
  private next = 0;
  /** Somebody looks into the block when its records are through. */
  private isHeld = false;
  private stopped = false;
  /** By `topic/partition`: of the first record that has not been through the stage. */
  private readonly offsets = new Map<string, number>();

  constructor(source: RecordSource, services: SourceServices) {
    this.source = source;
    this.services = services;
    this.takesBytes = services.node.format.type === "bytes";
    this.mayBeBytes = services.node.format.type === "cloudevents";
    this.channels = services.channelsOf?.(source);
    services.newDecoder();
  }

  turn(): Awaitable<boolean> {
    if (this.block !== undefined) return this.work(this.block);
    if (this.stopped) return false;
    this.channels?.asks();
    const pulled = this.source.pull();
    if (!(pulled instanceof Promise)) return pulled !== undefined && this.begin(pulled) && this.work(pulled);
    this.channels?.waits(true);
    // What comes later is worked on in a turn of its own: nothing of a run changes while it is written to the store.
    return pulled.then((block) => {
      this.channels?.waits(false);
      return block !== undefined && this.begin(block);
    });
  }

  stop(): void {
    this.stopped = true;
    this.channels?.stop();
  }

  leaveRest(): void {
    if (this.block !== undefined) this.acknowledge(this.block);
    this.block = undefined;
  }

  position(): RecordPosition {
    const offsets = Object.fromEntries(this.offsets);
    return this.channels === undefined ? { offsets } : { offsets, channels: this.channels.save() };
  }

  restore(position: unknown): void {
    if (typeof position !== "object" || position === null) return;
    const { offsets, channels } = position as Partial<RecordPosition>;
    for (const [partition, offset] of Object.entries(offsets ?? {}))
      if (this.source.partitions.includes(partition)) this.offsets.set(partition, offset);
    this.channels?.restore(channels);
  }

  acknowledgePassed(): void {
    for (const [name, offset] of this.offsets) {
      const at = name.lastIndexOf("/");
      this.source.ack(name.slice(0, at), Number(name.slice(at + 1)), offset);
    }
  }

  standStill(stands: boolean): void {
    this.channels?.standStill(stands);
  }

  async close(failed: boolean): Promise<void> {
    this.channels?.stop();
    await this.source.close(failed);
  }

  private begin(block: RecordBlock): boolean {
    this.block = block;
    this.next = 0;
    this.isHeld = false;
    this.services.came();
    return true;
  }

  private work(block: RecordBlock): boolean {
    const { current, node } = this.services;
    current.node = node.index;
    current.nodeName = node.name;
    current.part = "";
    current.block = "";
    current.lossy = undefined;
    current.message = undefined;
    current.attributes = undefined;
    current.beginRecords();
    current.bytes = undefined;
    this.channels?.at(this.source.partitions.indexOf(`${block.topic}/${block.partition}`));
    current.records = block;
    current.holdsBlock = false;
    this.give(block);
    if (current.holdsBlock) this.isHeld = true;
    current.records = undefined;
    current.isNull = false;
    const isDone = this.next >= block.count;
    const offset = isDone ? block.nextOffset : offsetOfRecord(block, this.next);
    this.offsets.set(`${block.topic}/${block.partition}`, offset);
    this.source.passed(block.topic, block.partition, offset);
    if (isDone) {
      this.acknowledge(block);
      this.block = undefined;
      // What the stage keeps of it, and what is on its way to sinks, are copies.
      if (!this.isHeld) block.release?.();
    }
    return true;
  }

  private give(block: RecordBlock): void {
    const { current, gate, taker } = this.services;
    const { index, bytes, timestamps } = block;
    const { takesBytes, onlyOne } = this;
    const tellsWatermarks = this.source.hasWatermarks === true;
    const skipsNull = this.source.skipsNull === true;
    const now = this.services.nowMs();
    const end = Math.min(block.count, this.next + turnLength);
    while (this.next < end) {
      const record = this.next++;
      const at = record * recordStride;
      const from = index[at + RecordField.valueStart]!;
      const to = index[at + RecordField.valueEnd]!;
      current.record = record;
      const timestamp = timestamps[record]!;
      current.timeMs = timestamp >= 0 ? timestamp : now;
      current.element = undefined;
      if (tellsWatermarks && from < 0 && this.isWatermark(block, record)) {
        if (gate.paused || onlyOne) break;
        continue;
      }
      if (skipsNull && from < 0) {
        if (onlyOne) break;
        continue;
      }
      current.isNull = from < 0;
      this.events++;
      if (from >= 0) this.bytes += to - from;
      if (takesBytes || from < 0) {
        current.text = "";
        taker.take("");
      } else {
        const text = bytes.toString("utf8", from, to);
        if (text.includes(replacement) && !isUtf8(bytes.subarray(from, to))) this.giveBytes(block, record);
        else {
          current.text = text;
          taker.take(text);
        }
      }
      if (gate.paused || onlyOne) break;
    }
  }

  private giveBytes(block: RecordBlock, record: number): void {
    const { current, taker } = this.services;
    current.text = "";
    // A copy: whoever keeps it keeps no block.
    current.bytes = Uint8Array.from(bytesOfValue(block, record) ?? []);
    if (this.mayBeBytes) taker.take("");
    else taker.bad(new BadRecord("not valid UTF-8"));
    current.bytes = undefined;
  }

  /** A record of the engine upstream: it is no event. */
  private isWatermark(block: RecordBlock, record: number): boolean {
    const at = record * recordStride;
    if (block.index[at + RecordField.keyStart]! >= 0 || block.index[at + RecordField.headerCount] !== 1) return false;
    const told = headersOf(block, record).get(watermarkHeader);
    if (told === undefined || told === null || !isNullValue(block, record)) return false;
    this.channels?.heard(Buffer.from(told).toString("utf8"));
    return true;
  }

  private acknowledge(block: RecordBlock): void {
    const { topic, partition } = block;
    const name = `${topic}/${partition}`;
    const offset = this.offsets.get(name);
    // Nothing of it has been worked on.
    if (offset === undefined) return;
    this.services.through(() => this.source.ack(topic, partition, offset), name);
  }
}
