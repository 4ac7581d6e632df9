/**
 * The state of one task, kept in its partition of a changelog topic. It is there whole when it is opened; what changes is collected as records, which whoever runs the
 * task sends and commits together with the offsets. Knows no broker.
 */
import { bug } from "../../engine/runtime-error.ts";
import type { StateChanges, StateStore } from "../../state/state-store.ts";
import type { OutgoingBatch, TopicPartition } from "../client.ts";
import { RecordBatchWriter } from "../codec/record-batch-writer.ts";
import { changelogBatchBytes } from "../topic-settings.ts";
import { type Found, wrapped } from "./changelog-content.ts";
import { encodeTotal, type Item, keyOf, partOf, partsOf, sumOf, withPart } from "./changelog-records.ts";

/** Of an item that there is. */
interface Known {
  readonly sum: number;
  readonly parts: number;
}

export interface ChangelogStoreServices {
  nowMs(): number;
  closed?(): void;
  /** Before it is closed, where the task ends in order. */
  leaving?(): Promise<void>;
}

/** Beyond key and content. */
const recordOverheadBytes = 64;

export class ChangelogStore implements StateStore {
  private readonly at: TopicPartition;
  private readonly services: ChangelogStoreServices;
  private readonly valueByName = new Map<string, Known>();
  private readonly pagesByNode = new Map<string, Map<number, Known>>();
  private items = 0;
  private sum = 0;
  /** Content that nobody has asked for yet: once given, those who asked have it. */
  private unreadValues: Map<string, Uint8Array> | undefined = new Map();
  private readonly unreadPages = new Map<string, Map<number, Uint8Array>>();
  private readonly readNodes = new Set<string>();
  /** Of transactions that have not been taken. */
  private collected: RecordBatchWriter[] = [];
  /** Sent by now: empty ones to use again. */
  private spare: RecordBatchWriter[] = [];
  private taken: RecordBatchWriter[] = [];

  constructor(at: TopicPartition, found: readonly Found[], services: ChangelogStoreServices) {
    this.at = at;
    this.services = services;
    for (const { item, content, sum, parts } of found) {
      this.note(item, { sum, parts });
      if (item.kind === "value") this.unreadValues?.set(item.name, content);
      else if (item.kind === "page") pagesOf(this.unreadPages, item.node).set(item.page, content);
    }
  }

  /** Nothing was in it when it was opened, and nothing has been put since. */
  get isEmpty(): boolean {
    return this.items === 0;
  }

  /** Once: it is not kept then. */
  values(): ReadonlyMap<string, Uint8Array> {
    const values = this.unreadValues ?? bug("values of a changelog are given once");
    this.unreadValues = undefined;
    return values;
  }

  /** Once for each node: they are not kept then. */
  *pages(node: string): Iterable<readonly [page: number, content: Uint8Array]> {
    if (this.readNodes.has(node)) bug(`pages of '${node}' are given once`);
    const pages = [...(this.unreadPages.get(node) ?? [])].sort(([a], [b]) => a - b);
    this.readNodes.add(node);
    this.unreadPages.delete(node);
    yield* pages;
  }

  nodes(): readonly string[] {
    return [...this.pagesByNode].filter(([, pages]) => pages.size > 0).map(([node]) => node);
  }

  /** What it puts is durable once it has been taken, sent and committed. */
  transaction(write: (changes: StateChanges) => void): void {
    const undo: (() => void)[] = [];
    const { items, sum } = this;
    const batches = new Batches(this.spare, this.services.nowMs());
    const put = (item: Item, content: Uint8Array | undefined) => this.put(item, content, batches, undo);
    try {
      write({
        value: (name, content) => put({ kind: "value", name }, content),
        page: (node, page, content) => put({ kind: "page", node, page }, content),
        dropPages: (node) => {
          for (const page of [...(this.pagesByNode.get(node)?.keys() ?? [])])
            put({ kind: "page", node, page }, undefined);
        },
      });
    } catch (error) {
      for (const each of undo.reverse()) each();
      this.items = items;
      this.sum = sum;
      for (const writer of batches.writers) this.giveBack(writer);
      throw error;
    }
    if (batches.isEmpty) return;
    const total = keyOf({ kind: "total" });
    const content = encodeTotal({ items: this.items, sum: this.sum });
    batches.add(total, partOf(content, 0, 1, sumOf(total, content)));
    this.collected.push(...batches.writers);
  }

  /** What is to be sent, one batch after the other, and committed before the next call: their memory is used again then. */
  take(): readonly OutgoingBatch[] {
    for (const writer of this.taken) this.giveBack(writer);
    this.taken = this.collected;
    this.collected = [];
    return this.taken.map((records) => ({ ...this.at, records }));
  }

  /** Whoever takes the task up again here will find it sooner. Never fails. */
  async leave(): Promise<void> {
    await this.services.leaving?.();
  }

  close(): void {
    this.unreadPages.clear();
    this.collected = [];
    this.taken = [];
    this.spare = [];
    this.services.closed?.();
  }

  private put(item: Item, content: Uint8Array | undefined, batches: Batches, undo: (() => void)[]): void {
    const before = this.known(item);
    if (before === undefined && content === undefined) return;
    const key = keyOf(item);
    const sum = content === undefined ? 0 : sumOf(key, content);
    const parts = content === undefined ? 0 : partsOf(content.length);
    for (let part = 0; part < parts; part++)
      batches.add(withPart(key, part), partOf(content ?? nothing, part, parts, sum));
    for (let part = parts; part < (before?.parts ?? 0); part++) batches.add(withPart(key, part), null);
    this.note(item, content === undefined ? undefined : { sum, parts });
    undo.push(() => this.set(item, before));
    this.noteUnread(item, content, undo);
  }

  private note(item: Item, now: Known | undefined): void {
    const before = this.known(item);
    this.items += (now === undefined ? 0 : 1) - (before === undefined ? 0 : 1);
    this.sum = wrapped(this.sum + (now?.sum ?? 0) - (before?.sum ?? 0));
    this.set(item, now);
  }

  private known(item: Item): Known | undefined {
    if (item.kind === "value") return this.valueByName.get(item.name);
    return item.kind === "page" ? this.pagesByNode.get(item.node)?.get(item.page) : undefined;
  }

  private set(item: Item, now: Known | undefined): void {
    if (item.kind === "value") setOrDelete(this.valueByName, item.name, now);
    else if (item.kind === "page") setOrDelete(pagesOf(this.pagesByNode, item.node), item.page, now);
  }

  /** Whoever reads it later must get what it is by then. */
  private noteUnread(item: Item, content: Uint8Array | undefined, undo: (() => void)[]): void {
    if (item.kind === "value" && this.unreadValues) replace(this.unreadValues, item.name, content, undo);
    if (item.kind === "page" && !this.readNodes.has(item.node))
      replace(pagesOf(this.unreadPages, item.node), item.page, content, undo);
  }

  private giveBack(writer: RecordBatchWriter): void {
    writer.reset();
    this.spare.push(writer);
  }
}

const nothing = new Uint8Array(0);

/** Batches of one transaction, each of a size that every broker takes. */
class Batches {
  readonly writers: RecordBatchWriter[] = [];
  private readonly spare: RecordBatchWriter[];
  private readonly timestampMs: number;

  constructor(spare: RecordBatchWriter[], timestampMs: number) {
    this.spare = spare;
    this.timestampMs = timestampMs;
  }

  get isEmpty(): boolean {
    return this.writers.length === 0;
  }

  add(key: Uint8Array, value: Uint8Array | null): void {
    const size = key.length + (value?.length ?? 0) + recordOverheadBytes;
    let writer = this.writers.at(-1);
    if (writer === undefined || (writer.count > 0 && writer.sizeBytes + size > changelogBatchBytes)) {
      writer = this.spare.pop() ?? new RecordBatchWriter();
      this.writers.push(writer);
    }
    writer.add(key, value, this.timestampMs);
  }
}

function pagesOf<T>(byNode: Map<string, Map<number, T>>, node: string): Map<number, T> {
  const pages = byNode.get(node) ?? new Map<number, T>();
  byNode.set(node, pages);
  return pages;
}

function setOrDelete<K, V>(map: Map<K, V>, key: K, value: V | undefined): void {
  if (value === undefined) map.delete(key);
  else map.set(key, value);
}

function replace<K>(map: Map<K, Uint8Array>, key: K, content: Uint8Array | undefined, undo: (() => void)[]): void {
  const before = map.get(key);
  setOrDelete(map, key, content && Uint8Array.from(content));
  undo.push(() => setOrDelete(map, key, before));
}
