/**
 * A state store in a folder: one SQLite database, written through its log, each transaction on the disk before it counts. One process has it at a time.
 *
 * SQLite finds damage to its own structure; damage inside a row, or a row that is gone, is found by sums: each row carries one over its content, and the
 * database one over all rows. A small file beside it says that there is state here, so that a database that was emptied is not taken for a new one.
 */
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { crc32 } from "node:zlib";
import { messageOf, RuntimeError } from "../engine/runtime-error.ts";
import { type DatabaseSync, loadSqlite } from "./open-sqlite.ts";
import type { StateChanges, StateStore } from "./state-store.ts";

const databaseName = "state.db";
const markName = "flow-state.json";
/** Of the tables; what is in the rows has versions of its own. */
const layout = 1;

/** Makes the folder where there is none. @throws RuntimeError "state-unavailable", "state-in-use", "state-damaged" */
export async function openSqliteStore(folder: string): Promise<StateStore> {
  const { DatabaseSync } = await loadSqlite();
  const path = join(folder, databaseName);
  let database: DatabaseSync | undefined;
  try {
    mkdirSync(folder, { recursive: true });
    const isMarked = readMark(folder);
    if (isMarked && !existsSync(path)) throw damaged(folder, `'${databaseName}' is missing`);
    database = new DatabaseSync(path, { timeout: 0 });
    const isNew = begin(database, folder);
    if (isNew && isMarked) throw damaged(folder, `'${databaseName}' is empty`);
    if (!isMarked) writeMark(folder);
    return new SqliteStore(database, folder);
  } catch (error) {
    database?.close();
    throw explain(error, folder);
  }
}

/** Removes the state, and with it the folder if it holds nothing else. The folder must not be in use. */
export function removeSqliteStore(folder: string): void {
  for (const name of [databaseName, `${databaseName}-wal`, `${databaseName}-shm`, markName])
    rmSync(join(folder, name), { force: true });
}

function readMark(folder: string): boolean {
  const path = join(folder, markName);
  if (!existsSync(path)) return false;
  let found: unknown;
  try {
    found = JSON.parse(readFileSync(path, "utf8"));
  } catch {
    throw damaged(folder, `'${markName}' is no JSON`);
  }
  const version = typeof found === "object" && found !== null && "layout" in found ? found.layout : undefined;
  if (version === layout) return true;
  throw new RuntimeError(
    "state-of-other-version",
    `The state in '${folder}' was written by another version of flow. Finish it with that version, give another folder, or start again from the beginning with --reset all.`,
  );
}

function writeMark(folder: string): void {
  const path = join(folder, markName);
  writeFileSync(`${path}.new`, `${JSON.stringify({ layout })}\n`);
  renameSync(`${path}.new`, path);
}

/** @returns whether there was nothing in it */
function begin(database: DatabaseSync, folder: string): boolean {
  // The lock is taken with the first read and kept: no second process, and no shared memory file.
  database.exec(
    "PRAGMA locking_mode = EXCLUSIVE; PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA cache_size = -8000",
  );
  database.exec("BEGIN EXCLUSIVE");
  const isNew = database.prepare("SELECT count(*) AS n FROM sqlite_schema").get()!.n === 0;
  if (isNew) {
    database.exec(
      "CREATE TABLE item (name TEXT PRIMARY KEY, content BLOB NOT NULL, sum INTEGER NOT NULL) WITHOUT ROWID",
    );
    database.exec(
      "CREATE TABLE page (node TEXT, place INTEGER, content BLOB NOT NULL, sum INTEGER NOT NULL, PRIMARY KEY (node, place)) WITHOUT ROWID",
    );
    database.exec("CREATE TABLE total (rows INTEGER NOT NULL, sum INTEGER NOT NULL)");
    database.exec("INSERT INTO total VALUES (0, 0)");
  }
  database.exec("COMMIT");
  if (isNew) return true;
  const found = database.prepare("PRAGMA integrity_check(1)").get();
  const verdict = found === undefined ? undefined : Object.values(found)[0];
  if (verdict !== "ok") throw damaged(folder, String(verdict));
  return false;
}

class SqliteStore implements StateStore {
  private readonly database: DatabaseSync;
  private readonly folder: string;
  private readonly statements;
  /** Sums of the rows that are there: of values by name, of pages by node. */
  private readonly itemSums = new Map<string, number>();
  private readonly pageSums = new Map<string, Map<number, number>>();
  private rows = 0;
  private sum = 0;
  private isOpen = true;

  constructor(database: DatabaseSync, folder: string) {
    this.database = database;
    this.folder = folder;
    const prepare = (sql: string) => database.prepare(sql);
    this.statements = {
      items: prepare("SELECT name, content, sum FROM item"),
      putItem: prepare("INSERT OR REPLACE INTO item VALUES (?, ?, ?)"),
      deleteItem: prepare("DELETE FROM item WHERE name = ?"),
      pageSums: prepare("SELECT node, place, sum FROM page"),
      pages: prepare("SELECT place, content, sum FROM page WHERE node = ? ORDER BY place"),
      putPage: prepare("INSERT OR REPLACE INTO page VALUES (?, ?, ?, ?)"),
      deletePage: prepare("DELETE FROM page WHERE node = ? AND place = ?"),
      dropPages: prepare("DELETE FROM page WHERE node = ?"),
      total: prepare("SELECT rows, sum FROM total"),
      setTotal: prepare("UPDATE total SET rows = ?, sum = ?"),
    };
    this.readSums();
  }

  private readSums(): void {
    for (const row of this.statements.items.iterate()) this.itemSums.set(String(row.name), Number(row.sum));
    for (const row of this.statements.pageSums.iterate())
      this.sumsOf(String(row.node)).set(Number(row.place), Number(row.sum));
    const all = [this.itemSums, ...this.pageSums.values()];
    for (const sums of all) {
      this.rows += sums.size;
      for (const sum of sums.values()) this.sum = wrapped(this.sum + sum);
    }
    const total = this.statements.total.get();
    if (total?.rows !== this.rows || total.sum !== this.sum) throw damaged(this.folder, "rows are missing or changed");
  }

  values(): ReadonlyMap<string, Uint8Array> {
    const values = new Map<string, Uint8Array>();
    for (const row of this.guarded(() => this.statements.items.all())) {
      values.set(String(row.name), this.checked(`i${String(row.name)}`, row.content, row.sum));
    }
    return values;
  }

  *pages(node: string): Iterable<readonly [number, Uint8Array]> {
    for (const row of this.guarded(() => this.statements.pages.iterate(node))) {
      const place = Number(row.place);
      yield [place, this.checked(pageName(node, place), row.content, row.sum)];
    }
  }

  nodes(): readonly string[] {
    return [...this.pageSums].filter(([, sums]) => sums.size > 0).map(([node]) => node);
  }

  transaction(write: (changes: StateChanges) => void): void {
    const undo: (() => void)[] = [];
    const { rows, sum } = this;
    try {
      this.database.exec("BEGIN IMMEDIATE");
      write({
        value: (name, content) => this.putItem(name, content, undo),
        page: (node, place, content) => this.putPage(node, place, content, undo),
        dropPages: (node) => this.dropPages(node, undo),
      });
      this.statements.setTotal.run(this.rows, this.sum);
      this.database.exec("COMMIT");
    } catch (error) {
      this.rows = rows;
      this.sum = sum;
      for (const each of undo.reverse()) each();
      if (this.database.isTransaction) this.database.exec("ROLLBACK");
      throw explain(error, this.folder);
    }
  }

  close(): void {
    if (this.isOpen) this.database.close();
    this.isOpen = false;
  }

  private putItem(name: string, content: Uint8Array | undefined, undo: (() => void)[]): void {
    const sum = content === undefined ? undefined : sumOf(`i${name}`, content);
    this.note(this.itemSums, name, sum, undo);
    if (content === undefined || sum === undefined) this.statements.deleteItem.run(name);
    else this.statements.putItem.run(name, content, sum);
  }

  private putPage(node: string, place: number, content: Uint8Array | undefined, undo: (() => void)[]): void {
    const sum = content === undefined ? undefined : sumOf(pageName(node, place), content);
    this.note(this.sumsOf(node), place, sum, undo);
    if (content === undefined || sum === undefined) this.statements.deletePage.run(node, place);
    else this.statements.putPage.run(node, place, content, sum);
  }

  private dropPages(node: string, undo: (() => void)[]): void {
    const sums = this.sumsOf(node);
    for (const place of [...sums.keys()]) this.note(sums, place, undefined, undo);
    this.statements.dropPages.run(node);
  }

  private note<K>(sums: Map<K, number>, key: K, sum: number | undefined, undo: (() => void)[]): void {
    const before = sums.get(key);
    this.rows += (sum === undefined ? 0 : 1) - (before === undefined ? 0 : 1);
    this.sum = wrapped(this.sum + (sum ?? 0) - (before ?? 0));
    if (sum === undefined) sums.delete(key);
    else sums.set(key, sum);
    undo.push(() => (before === undefined ? sums.delete(key) : sums.set(key, before)));
  }

  private sumsOf(node: string): Map<number, number> {
    const sums = this.pageSums.get(node) ?? new Map<number, number>();
    this.pageSums.set(node, sums);
    return sums;
  }

  private checked(name: string, content: unknown, sum: unknown): Uint8Array {
    if (content instanceof Uint8Array && sumOf(name, content) === sum) return content;
    throw damaged(this.folder, "a row has changed");
  }

  private guarded<T>(read: () => T): T {
    try {
      return read();
    } catch (error) {
      throw explain(error, this.folder);
    }
  }
}

const pageName = (node: string, place: number): string => `p${place} ${node}`;
const sumOf = (name: string, content: Uint8Array): number => crc32(content, crc32(name));
/** Sums stay whole numbers that a double carries. */
const wrapped = (sum: number): number => ((sum % 2 ** 52) + 2 ** 52) % 2 ** 52;

function damaged(folder: string, what: string): RuntimeError {
  return new RuntimeError(
    "state-damaged",
    `The state in '${folder}' is damaged (${what}). Put back a copy of the folder, or start again from the beginning with --reset all.`,
  );
}

/** SQLite's own numbers: https://sqlite.org/rescode.html. */
const codes = { busy: 5, readonly: 8, ioError: 10, corrupt: 11, full: 13, cannotOpen: 14, notADatabase: 26 };

function explain(error: unknown, folder: string): unknown {
  if (error instanceof RuntimeError) return error;
  const code = error instanceof Error && "errcode" in error ? Number(error.errcode) & 0xff : undefined;
  if (code === undefined) return isOfSystem(error) ? unavailable(folder, messageOf(error), error) : error;
  switch (code) {
    case codes.busy:
      return new RuntimeError(
        "state-in-use",
        `Another process runs with the state in '${folder}'. Wait for it to end, or give another folder.`,
        { cause: error },
      );
    case codes.corrupt:
    case codes.notADatabase:
      return damaged(folder, messageOf(error));
    case codes.full:
      return unavailable(folder, "the disk is full", error);
    case codes.readonly:
    case codes.cannotOpen:
      return unavailable(folder, "the folder cannot be written", error);
    default:
      return unavailable(folder, messageOf(error), error);
  }
}

const isOfSystem = (error: unknown): boolean => error instanceof Error && "syscall" in error;

function unavailable(folder: string, what: string, cause: unknown): RuntimeError {
  return new RuntimeError(
    "state-unavailable",
    `The state in '${folder}' cannot be kept: ${what}. Nothing since the last checkpoint counts as taken.`,
    { cause },
  );
}
