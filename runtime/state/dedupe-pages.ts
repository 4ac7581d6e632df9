/** The keys that a `dedupe` remembers, in pages by the order in which they came, with their times. */
import type { PassedKeys } from "../operators/passed-keys.ts";
import type { KeptCells } from "./kept-cells.ts";
import { DamagedValue, ValueReader } from "./value-reader.ts";
import { ValueWriter } from "./value-writer.ts";

const pageKeys = 64;

type Hash = string | number;

export class DedupePages implements KeptCells {
  private readonly dedupe: PassedKeys;
  private readonly changedKeys = new Set<Hash>();
  private readonly orderByHash = new Map<Hash, number>();
  private readonly pages = new Map<number, (Hash | undefined)[]>();
  private readonly changedPages = new Set<number>();
  private readonly writer = new ValueWriter();
  private nextOrder = 0;

  constructor(dedupe: PassedKeys) {
    this.dedupe = dedupe;
    dedupe.changed = this.changedKeys;
  }

  save(put: (page: number, content: Uint8Array | undefined) => void): void {
    for (const hash of this.changedKeys) this.place(hash);
    for (const number of this.changedPages) put(number, this.content(this.pages.get(number) ?? []));
  }

  saved(): void {
    this.changedKeys.clear();
    for (const number of this.changedPages) {
      if (this.pages.get(number)?.every((hash) => hash === undefined)) this.pages.delete(number);
    }
    this.changedPages.clear();
  }

  restore(pages: Iterable<readonly [number, Uint8Array]>): void {
    for (const [number, content] of pages) {
      const page: (Hash | undefined)[] = [];
      this.pages.set(number, page);
      const reader = new ValueReader(content);
      while (!reader.isAtEnd) {
        const place = reader.count();
        const hash = reader.value();
        const times = reader.value();
        if ((typeof hash !== "string" && typeof hash !== "number") || !Array.isArray(times))
          throw new DamagedValue("a key without its times");
        page[place] = hash;
        this.orderByHash.set(hash, number * pageKeys + place);
        this.dedupe.restore(hash, times.map(Number));
      }
      this.nextOrder = (number + 1) * pageKeys;
    }
  }

  private place(hash: Hash): void {
    const isKnown = this.dedupe.timesOf(hash) !== undefined;
    const order = this.orderByHash.get(hash) ?? (isKnown ? this.nextOrder++ : undefined);
    if (order === undefined) return;
    const number = Math.floor(order / pageKeys);
    const page = this.pages.get(number) ?? [];
    this.pages.set(number, page);
    page[order % pageKeys] = isKnown ? hash : undefined;
    this.changedPages.add(number);
    if (isKnown) this.orderByHash.set(hash, order);
    else this.orderByHash.delete(hash);
  }

  private content(page: readonly (Hash | undefined)[]): Uint8Array | undefined {
    let isEmpty = true;
    for (let place = 0; place < page.length; place++) {
      const hash = page[place];
      if (hash === undefined) continue;
      isEmpty = false;
      this.writer.count(place);
      this.writer.value(hash);
      this.writer.value(this.dedupe.timesOf(hash) ?? []);
    }
    return isEmpty ? undefined : this.writer.take();
  }
}
