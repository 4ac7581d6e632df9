/**
 * What an open chunk is beside its key: its events, unless it is to give one event instead, and the numbers that say when it closes. For a checkpoint the
 * events are in pages of their own, by the order in which they came, so that it writes only those that are new.
 */
import type { ResultPane } from "../engine/current.ts";
import { type KeptEvent, restoredEvent, savedEvent } from "../engine/kept-event.ts";
import type { PagedRows } from "../state/paged-rows.ts";
import { DamagedValue, type ValueReader } from "../state/value-reader.ts";
import type { ValueWriter } from "../state/value-writer.ts";
import type { OpenChunk } from "../windows/chunk-operator.ts";

/** Fewer make more pages to write, more make more events to write again when one is added. */
const pageRows = 128;

export class ChunkRows implements OpenChunk, PagedRows {
  /** Of its first event. */
  firstId = "";
  count = 0;
  dataBytes = 0;
  weight = 0;
  leastMs = Number.POSITIVE_INFINITY;
  beganMs = 0;
  arrival = 0;
  pane: ResultPane | undefined;
  readonly events: KeptEvent[] = [];
  /** Events in pages that are in the last checkpoint. */
  private written = 0;
  /** So many are to be read. */
  private toRead = 0;

  head(): readonly unknown[] {
    const { firstId, count, dataBytes, weight, leastMs, beganMs, pane, events } = this;
    return [firstId, count, dataBytes, weight, leastMs, beganMs, pane, events.length];
  }

  /** Its events come next: `read` for each page, then `check`. @throws DamagedValue */
  static load(head: unknown): ChunkRows {
    if (!Array.isArray(head) || head.length !== 8) throw new DamagedValue("a chunk without its head");
    const [firstId, count, dataBytes, weight, leastMs, beganMs, pane, toRead] = head;
    const made = new ChunkRows();
    made.firstId = String(firstId);
    made.count = Number(count);
    made.dataBytes = Number(dataBytes);
    made.weight = Number(weight);
    made.leastMs = Number(leastMs);
    made.beganMs = Number(beganMs);
    made.pane = pane as ResultPane | undefined;
    made.toRead = Number(toRead);
    return made;
  }

  *unsaved(writer: ValueWriter): Iterable<readonly [page: number, content: Uint8Array]> {
    if (this.written === this.events.length) return;
    for (let page = Math.floor(this.written / pageRows); page < this.pages; page++)
      yield [page, this.content(page, writer)];
  }

  saved(): void {
    this.written = this.events.length;
  }

  get pages(): number {
    return Math.ceil(this.events.length / pageRows);
  }

  read(page: ValueReader): void {
    for (let before: KeptEvent | undefined; !page.isAtEnd; ) {
      before = restoredEvent(page.value(), before);
      this.events.push(before);
    }
  }

  check(): void {
    if (this.events.length !== this.toRead) throw new DamagedValue("events of a chunk are missing");
    this.saved();
  }

  private content(page: number, writer: ValueWriter): Uint8Array {
    let before: KeptEvent | undefined;
    for (const event of this.events.slice(page * pageRows, (page + 1) * pageRows)) {
      writer.value(savedEvent(event, before));
      before = event;
    }
    return writer.take();
  }
}
