/** A cell as bytes, for a checkpoint and for the time in which it is not in memory: what `saveCell` says of it but its order, and its aggregates. */
import type { Cell, CellCode, Hash, TimeWindow } from "../windows/cell.ts";
import { type SavedCell, saveCell, savedWindow } from "../windows/state.ts";
import { DamagedValue, type ValueReader } from "./value-reader.ts";
import type { ValueWriter } from "./value-writer.ts";

export function writeCell(cell: Cell, code: CellCode, writer: ValueWriter): void {
  const { key, hash, start, end, timeMs, state } = saveCell(cell);
  writer.value(key);
  // Most hashes are the key itself.
  writer.value(hash === key ? undefined : hash);
  writer.value(start);
  writer.value(end);
  writer.value(timeMs);
  writer.value(state);
  code.save(cell, writer);
}

/** @param share cells of one window share it, as they did when they were made. @throws DamagedValue */
export function readCell(
  reader: ValueReader,
  order: number,
  code: CellCode,
  share: (window: TimeWindow) => TimeWindow,
): Cell {
  const key = reader.value();
  const hash = hashOfKey(reader, key);
  const [start, end, timeMs, state] = [reader.value(), reader.value(), reader.value(), reader.value()];
  const saved = { key, hash, start, end, order, timeMs, state } as SavedCell;
  const cell = code.create(key, hash, share(savedWindow(saved)), order);
  code.load(cell, reader);
  cell.timeMs = saved.timeMs;
  cell.state = saved.state ?? undefined;
  return cell;
}

/** What follows the key. */
export function hashOfKey(reader: ValueReader, key: unknown): Hash {
  const hash = reader.value() ?? key;
  if (typeof hash !== "string" && typeof hash !== "number") throw new DamagedValue("a cell without a hash");
  return hash;
}
