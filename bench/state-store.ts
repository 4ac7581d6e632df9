/**
 * Which store keeps a pipeline's state: Node's own SQLite against the package `lmdb`. Each measurement is what checkpoints do: one transaction of
 * many small cells, made durable before it counts; then reads by key, a scan in order, and opening again.
 *
 *   node bench/state-store.ts                      # SQLite alone
 *   node bench/state-store.ts FOLDER               # and lmdb from FOLDER/node_modules (npm i lmdb)
 */
import { mkdtempSync, readdirSync, rmSync, statSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { DatabaseSync } from "node:sqlite";

interface Store {
  put(cells: readonly (readonly [key: number, value: Uint8Array])[]): void | Promise<void>;
  get(key: number): unknown;
  scan(): number;
  close(): void | Promise<void>;
}
type Open = (folder: string) => Store;

const cellBytes = 60;
const rounds = 20;
const sizes = [1_000, 10_000];
const pageCells = 64;

const value = (seed: number, length = cellBytes): Uint8Array => Buffer.alloc(length, seed & 0xff);

function sqlite(synchronous: "FULL" | "NORMAL"): Open {
  return (folder) => {
    const database = new DatabaseSync(join(folder, "state.db"));
    database.exec(`PRAGMA journal_mode = WAL; PRAGMA synchronous = ${synchronous}`);
    database.exec(
      "CREATE TABLE IF NOT EXISTS cell (node INT, place INT, value BLOB, PRIMARY KEY (node, place)) WITHOUT ROWID",
    );
    const put = database.prepare("INSERT OR REPLACE INTO cell VALUES (0, ?, ?)");
    const get = database.prepare("SELECT value FROM cell WHERE node = 0 AND place = ?");
    const scan = database.prepare("SELECT place, value FROM cell WHERE node = 0 ORDER BY place");
    return {
      put: (cells) => {
        database.exec("BEGIN");
        for (const [key, content] of cells) put.run(key, content);
        database.exec("COMMIT");
      },
      get: (key) => get.get(key),
      scan: () => {
        let count = 0;
        for (const _row of scan.iterate()) count++;
        return count;
      },
      close: () => database.close(),
    };
  };
}

interface Lmdb {
  transactionSync(work: () => void): void;
  putSync(key: number, value: Uint8Array): void;
  getBinary(key: number): unknown;
  getRange(): Iterable<unknown>;
  flushed: Promise<void>;
  close(): Promise<void>;
}

function lmdb(from: string): Open {
  const { open } = createRequire(join(resolve(from), "x.js"))("lmdb") as { open(options: object): Lmdb };
  return (folder) => {
    const database = open({ path: join(folder, "state.mdb"), keyEncoding: "uint32", encoding: "binary" });
    return {
      put: async (cells) => {
        database.transactionSync(() => {
          for (const [key, content] of cells) database.putSync(key, content);
        });
        await database.flushed;
      },
      get: (key) => database.getBinary(key),
      scan: () => {
        let count = 0;
        for (const _row of database.getRange()) count++;
        return count;
      },
      close: () => database.close(),
    };
  };
}

async function measure(name: string, open: Open): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), "flow-store-"));
  const residentBefore = process.memoryUsage.rss();
  let store = open(folder);
  const row: Record<string, number | string> = { store: name };
  for (const size of sizes) {
    const cells = (round: number) =>
      Array.from({ length: size }, (_, i) => [(round * 7_919 + i * 31) % 200_000, value(i + round)] as const);
    const batches = Array.from({ length: rounds }, (_, round) => cells(round));
    await store.put(batches[0]!);
    const ms = await timed(async () => {
      for (const batch of batches) await store.put(batch);
    });
    row[`ms / ${size} puts`] = (ms / rounds).toFixed(1);
  }
  const pages = Array.from(
    { length: 10_000 / pageCells },
    (_, i) => [300_000 + i, value(i, cellBytes * pageCells)] as const,
  );
  row["ms / 10000 in pages"] = (
    (await timed(async () => {
      for (let round = 0; round < rounds; round++) await store.put(pages);
    })) / rounds
  ).toFixed(1);
  const all = Array.from({ length: 200_000 }, (_, i) => [i, value(i)] as const);
  await store.put(all);
  row["reads/ms"] = Math.round(
    100_000 /
      (await timed(() => {
        for (let i = 0; i < 100_000; i++) store.get((i * 7_919) % 200_000);
      })),
  );
  row["scanned/ms"] = Math.round(200_000 / (await timed(() => store.scan())));
  await store.close();
  row["open ms"] = (
    await timed(() => {
      store = open(folder);
      store.get(1);
    })
  ).toFixed(1);
  await store.close();
  row["MB on disk"] = (
    readdirSync(folder, { recursive: true }).reduce((sum, each) => sum + statSync(join(folder, String(each))).size, 0) /
    1e6
  ).toFixed(1);
  row["MB resident"] = ((process.memoryUsage.rss() - residentBefore) / 1e6).toFixed(0);
  rmSync(folder, { recursive: true });
  console.log(JSON.stringify(row));
}

async function timed(work: () => unknown): Promise<number> {
  const start = performance.now();
  await work();
  return performance.now() - start;
}

await measure("sqlite, synchronous full", sqlite("FULL"));
await measure("sqlite, synchronous normal", sqlite("NORMAL"));
const from = process.argv[2];
if (from !== undefined) await measure("lmdb", lmdb(from));
