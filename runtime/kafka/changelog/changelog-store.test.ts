/** State in a changelog: what is read back is what was put, whatever compaction has taken, and damage does not go unseen. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { recordStride } from "../../engine/connector.ts";
import { MemoryStore } from "../../state/memory-store.ts";
import type { StateChanges, StateStore } from "../../state/state-store.ts";
import { readBlocks } from "../codec/read-blocks.ts";
import { RecordBatchWriter } from "../codec/record-batch-writer.ts";
import { ChangelogContent } from "./changelog-content.ts";
import { formatVersion, partBytes } from "./changelog-records.ts";
import { ChangelogStore } from "./changelog-store.ts";

interface LogRecord {
  readonly key: Buffer;
  readonly value: Buffer | null;
}

const at = { topic: "t", partition: 0 };
const newStore = (found: ReturnType<ChangelogContent["found"]> = []) =>
  new ChangelogStore(at, found, { nowMs: () => 1000 });

/** As if sent and committed. */
function taken(store: ChangelogStore): LogRecord[] {
  return store.take().flatMap(({ records }) => {
    expect(records.sizeBytes).toBeLessThan(1024 * 1024);
    if (!(records instanceof RecordBatchWriter)) throw new Error("not a batch");
    const bytes = records.finish({
      producerId: -1n,
      producerEpoch: -1,
      baseSequence: -1,
      isTransactional: false,
      compression: "none",
    });
    const { blocks } = readBlocks({ ...at, bytes: Buffer.from(bytes), fromOffset: 0 });
    return blocks.flatMap((block) =>
      [...Array(block.count).keys()].map((record) => {
        const [keyStart = 0, keyEnd = 0, valueStart = 0, valueEnd = 0] = block.index.subarray(record * recordStride);
        return {
          key: block.bytes.subarray(keyStart, keyEnd),
          value: valueStart < 0 ? null : block.bytes.subarray(valueStart, valueEnd),
        };
      }),
    );
  });
}

function restored(log: readonly LogRecord[]): ChangelogStore {
  const content = new ChangelogContent("the test");
  for (const { key, value } of log) content.take(key, value);
  return newStore(content.found());
}

const contentOf = (store: StateStore) => ({
  values: [...store.values()].map(([name, content]) => `${name}=${textOf(content)}`).sort(),
  pages: [...store.nodes()]
    .sort()
    .map((node) => [node, ...[...store.pages(node)].map(([page, content]) => `${page}=${textOf(content)}`)]),
});
const textOf = (content: Uint8Array) =>
  content.length > 100 ? `${content.length} of ${content[0]}` : Buffer.from(content).toString("latin1");
const bytes = (text: string) => Buffer.from(text);

const name = fc.oneof(fc.constantFrom("a", "b", "pipeline", "ü/😀"), fc.string({ maxLength: 3 }));
const page = fc.oneof(fc.nat(5), fc.constantFrom(2 ** 40, Number.MAX_SAFE_INTEGER));
const content = fc.oneof(
  fc.constant(undefined),
  fc.uint8Array({ maxLength: 20 }),
  fc
    .tuple(fc.constantFrom(partBytes - 1, partBytes, partBytes + 1, 3 * partBytes), fc.nat(255))
    .map(([size, fill]) => new Uint8Array(size).fill(fill)),
);
type Change = (changes: StateChanges) => void;
const change = fc.oneof(
  {
    weight: 3,
    arbitrary: fc.tuple(name, content).map(
      ([n, c]): Change =>
        (changes) =>
          changes.value(n, c),
    ),
  },
  {
    weight: 5,
    arbitrary: fc.tuple(name, page, content).map(
      ([n, p, c]): Change =>
        (changes) =>
          changes.page(n, p, c),
    ),
  },
  {
    weight: 1,
    arbitrary: name.map(
      (n): Change =>
        (changes) =>
          changes.dropPages(n),
    ),
  },
);
const transaction = fc.record({ changes: fc.array(change, { maxLength: 8 }), fails: fc.boolean() });

function write(store: StateStore, changes: readonly Change[]): void {
  store.transaction((to) => {
    for (const each of changes) each(to);
  });
}

/** Older records of a key may be gone, and then a tombstone too. */
function compacted(log: readonly LogRecord[], gone: readonly boolean[]): LogRecord[] {
  const nameOf = ({ key }: LogRecord) => key.toString("latin1");
  const newest = new Map(log.map((record, i) => [nameOf(record), i]));
  const left = log.filter((record, i) => newest.get(nameOf(record)) === i || !gone[i % gone.length]);
  const count = Map.groupBy(left, nameOf);
  return left.filter((record, i) => {
    const isLast = count.get(nameOf(record))?.length === 1;
    return !(record.value === null && isLast && gone[i % gone.length]);
  });
}

describe("a changelog", () => {
  it("gives back what random transactions have put, also after compaction", () => {
    fc.assert(
      fc.property(
        fc.array(transaction, { maxLength: 12 }),
        fc.array(fc.boolean(), { minLength: 1 }),
        fc.nat(12),
        (transactions, gone, restartAt) => {
          const memory = new MemoryStore();
          const log: LogRecord[] = [];
          let store = newStore();
          for (const [i, { changes, fails }] of transactions.entries()) {
            if (i === restartAt) {
              log.push(...taken(store));
              store = restored(log);
            }
            if (fails) {
              const failing = [...changes, () => expect.fail("in the middle")];
              for (const each of [memory, store]) expect(() => write(each, failing)).toThrow("in the middle");
            } else for (const each of [memory, store]) write(each, changes);
            // Some are sent together.
            if (i % 3 !== 1) log.push(...taken(store));
          }
          log.push(...taken(store));
          expect(contentOf(restored(log))).toEqual(contentOf(memory));
          expect(contentOf(restored(compacted(log, gone)))).toEqual(contentOf(memory));
        },
      ),
      { numRuns: 60 },
    );
  });

  it("gives what a transaction changed before it was read", () => {
    const store = newStore();
    write(store, [
      (c) => c.value("a", bytes("1")),
      (c) => c.page("n", 1, bytes("p")),
      (c) => c.page("n", 2, bytes("q")),
    ]);
    const again = restored(taken(store));
    write(again, [
      (c) => c.value("a", bytes("2")),
      (c) => c.page("n", 2, undefined),
      (c) => c.page("n", 3, bytes("r")),
    ]);
    expect(contentOf(again)).toEqual({ values: ["a=2"], pages: [["n", "1=p", "3=r"]] });
  });

  it("has nothing to send where nothing has changed", () => {
    const store = newStore();
    write(store, [(c) => c.value("a", undefined), (c) => c.dropPages("n")]);
    expect(store.take()).toEqual([]);
  });

  it("does not keep what it has given", () => {
    const store = newStore();
    [...store.pages("n")];
    expect(() => [...store.pages("n")]).toThrow("given once");
  });

  it("cuts a large transaction into batches that every broker takes", () => {
    const store = newStore();
    write(
      store,
      [...Array(40).keys()].map((i) => (c) => c.page("n", i, new Uint8Array(100_000).fill(i))),
    );
    const sizes = store.take().map(({ records }) => records.sizeBytes);
    expect(sizes.length).toBeGreaterThan(5);
    expect(Math.max(...sizes)).toBeLessThan(600_000);
  });

  it("tells every changed byte, and every record that is missing", () => {
    const store = newStore();
    write(store, [
      ...[...Array(5).keys()].map(
        (i): Change =>
          (c) =>
            c.page("n", i, bytes(`content of page ${i}`)),
      ),
      (c) => c.value("a", bytes("value")),
      (c) => c.value("large", new Uint8Array(partBytes + 5)),
    ]);
    const log = taken(store).map(({ key, value }) => ({ key: Buffer.from(key), value: Buffer.from(value ?? []) }));
    restored(log);
    for (const [i, { key, value }] of log.entries()) {
      for (let byte = 0; byte < Math.min(value.length, 40); byte++) {
        const changed = Buffer.from(value);
        changed[byte] = changed[byte]! ^ 1;
        const code = byte === 0 ? "state-of-other-version" : "state-damaged";
        expect(() => restored(log.with(i, { key, value: changed }))).toThrow(expect.objectContaining({ code }));
      }
      expect(() => restored(log.toSpliced(i, 1))).toThrow(expect.objectContaining({ code: "state-damaged" }));
    }
  });

  it("refuses records of another version, and what is none of its own", () => {
    const other = Buffer.from([formatVersion + 1, 1, 0, 0, 97]);
    expect(() => restored([{ key: other, value: null }])).toThrow(
      expect.objectContaining({ code: "state-of-other-version" }),
    );
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 20 }), fc.option(fc.uint8Array({ maxLength: 20 })), (key, value) => {
        expect(() => {
          restored([{ key: Buffer.from([formatVersion, ...key]), value: value && Buffer.from(value) }]).values();
          // Tombstones of nothing are no harm.
          if (value === null) throw Object.assign(new Error(), { code: "state-damaged" });
        }).toThrow(expect.objectContaining({ code: expect.stringMatching("state-damaged|state-of-other-version") }));
      }),
    );
  });
});
