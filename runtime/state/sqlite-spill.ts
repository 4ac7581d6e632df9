/**
 * Cells that memory has no room for, in a temporary SQLite database: a file without a name that is gone with the process, however that ends. Nothing in it
 * must survive: a checkpoint copies from it what must. It is opened when the first cell has to go, and where Node has no SQLite there is none.
 *
 * The index in memory says which cells are there. The row of a cell that was taken stays until the cell is put again or its time has come: most come back.
 */
import { messageOf, RuntimeError } from "../engine/runtime-error.ts";
import type { Cell, CellCode, Hash } from "../windows/cell.ts";
import type { CellSpill, SpillPlan } from "../windows/spill.ts";
import { hashOfKey, readCell, writeCell } from "./cell-bytes.ts";
import { type Sqlite, sqliteIfThere } from "./open-sqlite.ts";
import { OrderIndex } from "./order-index.ts";
import { ValueReader } from "./value-reader.ts";
import { ValueWriter } from "./value-writer.ts";

/** How many cells are read at a time when they fire. */
const batchCells = 256;
const cacheKilobytes = 16_000;

/** @param failed is told of a store that cannot be used, before the error is thrown */
export function sqliteSpill(cells: number, failed: (error: unknown) => void): SpillPlan {
  return {
    cells,
    open: (code, isByPlace) => {
      const sqlite = sqliteIfThere();
      return sqlite === undefined ? undefined : new SqliteSpill(sqlite, code, isByPlace, failed);
    },
  };
}

class SqliteSpill implements CellSpill {
  size = 0;
  leastPlace = Number.POSITIVE_INFINITY;
  private readonly code: CellCode;
  private readonly isByPlace: boolean;
  private readonly failed: (error: unknown) => void;
  private readonly index = new OrderIndex();
  private readonly writer = new ValueWriter();
  private readonly statements;
  private greatestOrder = 0;
  /** Read, but not yet taken out by `shift`. */
  private batch: readonly Cell[] = [];
  private at = 0;

  constructor(sqlite: Sqlite, code: CellCode, isByPlace: boolean, failed: (error: unknown) => void) {
    this.code = code;
    this.isByPlace = isByPlace;
    this.failed = failed;
    // A database without a name is a temporary file.
    const database = new sqlite.DatabaseSync("");
    database.exec(
      `PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; PRAGMA locking_mode = EXCLUSIVE; PRAGMA cache_size = -${cacheKilobytes}; PRAGMA temp_store = FILE`,
    );
    database.exec("CREATE TABLE cell (number INTEGER PRIMARY KEY, place INTEGER NOT NULL, content BLOB NOT NULL)");
    database.exec("CREATE INDEX cell_by_place ON cell (place, number)");
    database.exec("BEGIN");
    this.statements = {
      put: database.prepare(
        `INSERT INTO cell VALUES (?, ?, ?) ON CONFLICT (number) DO UPDATE SET ${isByPlace ? "" : "place = excluded.place, "}content = excluded.content`,
      ),
      get: database.prepare("SELECT place, content FROM cell WHERE number = ?"),
      deleteBefore: database.prepare("DELETE FROM cell WHERE place < ?"),
      deleteUpTo: database.prepare("DELETE FROM cell WHERE place = ? AND number <= ?"),
      deleteAll: database.prepare("DELETE FROM cell"),
      due: database.prepare(
        `SELECT number, place, content FROM cell WHERE place <= ? ORDER BY place, number LIMIT ${batchCells}`,
      ),
      least: database.prepare("SELECT place FROM cell ORDER BY place LIMIT 1"),
      between: database.prepare("SELECT number, place, content FROM cell WHERE number BETWEEN ? AND ? ORDER BY number"),
    };
  }

  put(cell: Cell, place: number): void {
    writeCell(cell, this.code, this.writer);
    this.run(() => this.statements.put.run(cell.order, place, this.writer.borrow()));
    this.index.add(this.hashOf(cell.hash, place), cell.order);
    this.size++;
    if (place < this.leastPlace) this.leastPlace = place;
    if (cell.order > this.greatestOrder) this.greatestOrder = cell.order;
  }

  take(hash: Hash, place: number): readonly Cell[] {
    const bits = this.hashOf(hash, place);
    const lows = this.index.find(bits);
    if (lows.length === 0) return [];
    const cells: Cell[] = [];
    for (const low of new Set(lows)) {
      // Only of a run that made more than 2^32 cells there is more than one to try.
      for (let order = low; order <= this.greatestOrder; order += 2 ** 32) {
        const row = this.run(() => this.statements.get.get(order));
        if (row === undefined || (this.isByPlace && row.place !== place)) continue;
        const cell = this.read(order, row.content);
        if (cell.hash !== hash) continue;
        this.index.remove(bits, order);
        this.size--;
        cells.push(cell);
      }
    }
    return cells;
  }

  first(place: number): Cell | undefined {
    while (this.at === this.batch.length) {
      if (this.leastPlace > place || this.leastPlace === Number.POSITIVE_INFINITY) return undefined;
      this.readBatch(place);
    }
    return this.batch[this.at];
  }

  shift(): void {
    this.at++;
  }

  *saved(fromOrder: number, toOrder: number): Generator<readonly [number, Uint8Array], undefined> {
    if (this.size === 0) return undefined;
    for (const row of this.run(() => this.statements.between.all(fromOrder, toOrder))) {
      const content = bytesOf(row.content);
      const order = Number(row.number);
      if (this.has(hashIn(content), Number(row.place), order)) yield [order, content];
    }
    return undefined;
  }

  /** The cells that are next leave the store at once: they are given before anything else happens. */
  private readBatch(place: number): void {
    const { statements, index } = this;
    const rows = this.run(() => statements.due.all(place));
    const batch: Cell[] = [];
    for (const row of rows) {
      const order = Number(row.number);
      const cell = this.read(order, row.content);
      const at = Number(row.place);
      if (!this.has(cell.hash, at, order)) continue;
      index.remove(this.hashOf(cell.hash, at), order);
      batch.push(cell);
    }
    this.batch = batch;
    this.at = 0;
    this.size -= batch.length;
    this.run(() => this.deleteRead(rows.at(-1)));
    const least = this.size === 0 ? undefined : this.run(() => statements.least.get());
    this.leastPlace = least === undefined ? Number.POSITIVE_INFINITY : Number(least.place);
  }

  private deleteRead(last: Readonly<Record<string, unknown>> | undefined): void {
    const { statements } = this;
    if (this.size === 0) {
      statements.deleteAll.run();
      this.index.clear();
    } else if (last !== undefined) {
      statements.deleteBefore.run(Number(last.place));
      statements.deleteUpTo.run(Number(last.place), Number(last.number));
    }
  }

  /** Not so of a row whose cell has been taken. */
  private has(hash: Hash, place: number, order: number): boolean {
    return this.index.find(this.hashOf(hash, place)).includes(order % 2 ** 32);
  }

  private read(order: number, content: unknown): Cell {
    return readCell(new ValueReader(bytesOf(content)), order, this.code, (window) => window);
  }

  private hashOf(hash: Hash, place: number): number {
    const bits = typeof hash === "number" ? bitsOfNumber(hash) : bitsOfText(hash);
    return this.isByPlace ? mixed(bits ^ bitsOfNumber(place)) : mixed(bits);
  }

  /** What SQLite cannot do ends the run: a cell that is neither here nor there must not go unnoticed. */
  private run<T>(action: () => T): T {
    try {
      return action();
    } catch (cause) {
      const error = new RuntimeError(
        "state-unavailable",
        `There are more open windows than fit into memory, and the temporary file for the rest cannot be used: ${messageOf(cause)}. Make room where TMPDIR points to, or raise --memory-cells.`,
        { cause },
      );
      this.failed(error);
      throw error;
    }
  }
}

function bytesOf(content: unknown): Uint8Array {
  if (content instanceof Uint8Array) return content;
  throw new Error("bug: a row without bytes");
}

function hashIn(content: Uint8Array): Hash {
  const reader = new ValueReader(content);
  const key = reader.value();
  return hashOfKey(reader, key);
}

function bitsOfText(text: string): number {
  let bits = text.length;
  for (let at = 0; at < text.length; at++) bits = (Math.imul(bits, 31) + text.charCodeAt(at)) | 0;
  return bits;
}

function bitsOfNumber(number: number): number {
  scratch[0] = number;
  return Math.imul(words[0]!, 0x9e3779b1) ^ words[1]!;
}

const scratch = new Float64Array(1);
const words = new Uint32Array(scratch.buffer);

/** All bits depend on all bits: murmur's last steps. */
function mixed(bits: number): number {
  let mix = Math.imul(bits ^ (bits >>> 16), 0x85ebca6b);
  mix = Math.imul(mix ^ (mix >>> 13), 0xc2b2ae35);
  return (mix ^ (mix >>> 16)) >>> 0;
}
