/**
 * Runs of events: at most one chunk is open for a key, and it closes by what it holds, by what comes next, by processing time, or with the firing of the window
 * whose panes it is made of. What is left at the end of the input comes out too.
 */
import type { ResultPane } from "../engine/current.ts";
import type { Taking } from "../engine/progress.ts";
import { RuntimeError } from "../engine/runtime-error.ts";
import type { Cell, CellCode, Hash, TimeWindow } from "./cell.ts";
import { HoldHeap } from "./hold-heap.ts";
import type { WindowRules, WindowServices } from "./operator.ts";
import { OperatorBase } from "./operator-base.ts";
import { onlyPane } from "./pane.ts";
import type { SavedOperator } from "./state.ts";

export interface ChunkRules {
  readonly name: string;
  readonly size?: number;
  readonly bytes?: number;
  readonly everyMs?: number;
  /** Results of one firing of a window are one chunk. `passed`: they come later than the firing, since they pass through user code. */
  readonly window: boolean | "passed";
  /** It gives one event, of the time of its latest, instead of those that are in it. */
  readonly isOne: boolean;
}

/** What an open chunk is beside its key. */
export interface OpenChunk {
  count: number;
  /** Length of the data as JSON text in UTF-8; kept where `bytes` asks for it. */
  dataBytes: number;
  /** About so much memory. */
  weight: number;
  leastMs: number;
  /** Processing time of its first event. */
  beganMs: number;
  /** Number of its first event among all that came to the node. */
  arrival: number;
  pane: ResultPane | undefined;
}

export interface ChunkCell extends Cell {
  readonly rows: OpenChunk;
}

interface SavedChunks extends SavedOperator {
  readonly last: { readonly id: string; readonly twins: number };
}

/** More than this in open chunks ends the run. */
const mostWeight = 256 * 1024 * 1024;

const noTime: TimeWindow = { start: Number.NEGATIVE_INFINITY, end: Number.POSITIVE_INFINITY };

export class ChunkOperator extends OperatorBase implements Taking {
  private readonly plan: ChunkRules;
  /** By key. In the order in which they began. */
  private readonly open = new Map<Hash, ChunkCell>();
  private readonly order = new Order();
  private readonly holds: HoldHeap;
  private isFresh = false;
  private weight = 0;
  /** Events that came into chunks. */
  putRecords = 0;
  /** The last chunk that was given out, and how many of the same name came right behind it. */
  private last: SavedChunks["last"] = { id: "", twins: 0 };

  constructor(plan: ChunkRules, code: CellCode, services: WindowServices) {
    super(countRules, code, services);
    this.plan = plan;
    this.holds = new HoldHeap((cell) =>
      this.open.get(cell.hash) === cell ? this.holdOf(cell) : Number.POSITIVE_INFINITY,
    );
  }

  /** The longest run of events, from the first that came, of which each one's chunk has been given out. */
  get takenRecords(): number {
    return this.order.first?.rows.arrival ?? this.putRecords;
  }

  /** Closes the open chunk of the key where the event that comes now cannot go into it. Before `assign`. @param dataBytes of the event */
  makeRoom(hash: Hash, starts: boolean, dataBytes: number, pane: ResultPane | undefined): void {
    const cell = this.open.get(hash);
    if (cell === undefined) return;
    const { bytes, window } = this.plan;
    const isFull = bytes !== undefined && cell.rows.dataBytes + dataBytes > bytes;
    if (starts || isFull || (window && !isSamePane(cell.rows.pane, pane))) this.close(cell);
  }

  assign(key: unknown, hash: Hash): number {
    const held = this.open.get(hash);
    this.isFresh = held === undefined;
    this.cells[0] = held ?? this.begin(key, hash);
    return 1;
  }

  /** The chunk took the event. @param weight of the event @param ends it is the last one @param pane that it is a result of */
  override added(_count: number, timeMs: number, ends = false, dataBytes = 0, weight = 0, pane?: ResultPane): void {
    const cell = this.cells[0] as ChunkCell;
    const { rows } = cell;
    const { size, window } = this.plan;
    this.log.changed(cell);
    this.putRecords++;
    rows.count++;
    rows.dataBytes += dataBytes;
    rows.weight += weight;
    this.weight += weight;
    if (this.isFresh || timeMs > cell.timeMs) cell.timeMs = timeMs;
    if (timeMs < rows.leastMs) rows.leastMs = timeMs;
    if (window && this.isFresh) rows.pane = pane;
    if (ends || rows.count === size) {
      this.close(cell);
      return;
    }
    this.holds.note(cell, this.holdOf(cell));
    this.noteDue(cell);
    if (this.weight > mostWeight) throw this.tooMuch(cell);
  }

  failed(): void {
    if (!this.isFresh) return;
    const cell = this.cells[0] as ChunkCell;
    this.forget(cell);
    this.uncreate(cell);
  }

  /** All that is open at the end of the input; the panes of a window once its firing is over, which it is before anything else is looked at. */
  advanceWatermark(toMs: number): boolean {
    const { window } = this.plan;
    if (window === false && toMs < Number.POSITIVE_INFINITY) return false;
    this.nextWatermarkMs = Number.POSITIVE_INFINITY;
    for (const cell of this.order) {
      if (window === "passed" && toMs < closesMs(cell)) this.noteDue(cell);
      else {
        this.close(cell);
        if (this.order.first === undefined || !this.services.isPaused()) continue;
        this.nextWatermarkMs = Number.NEGATIVE_INFINITY;
        return true;
      }
    }
    return false;
  }

  /** Notes when the firing is over whose panes are in it. */
  private noteDue(cell: ChunkCell): void {
    const { window } = this.plan;
    if (window === false) return;
    const dueMs = window === "passed" ? closesMs(cell) : Number.NEGATIVE_INFINITY;
    this.nextWatermarkMs = Math.min(this.nextWatermarkMs, dueMs);
  }

  override advanceProcessing(nowMs: number): boolean {
    for (let cell = this.order.first; cell !== undefined; cell = this.order.first) {
      if (this.dueMs(cell) > nowMs) break;
      this.close(cell);
      if (this.services.isPaused()) return true;
    }
    return false;
  }

  /**
   * The id of the chunk that is given out now. An event that comes in two ways begins two chunks, one right behind the other, where it alone fills one.
   */
  named(id: string): string {
    const { last } = this;
    this.last = { id, twins: last.id === id ? last.twins + 1 : 0 };
    return this.last.twins === 0 ? id : `${id}/${this.last.twins}`;
  }

  protected override save(): SavedChunks {
    return { ...super.save(), last: this.last };
  }

  protected override restore(saved: SavedOperator & Partial<SavedChunks>): void {
    super.restore(saved);
    this.last = saved.last ?? this.last;
  }

  holdMs(): number {
    return this.holds.earliest();
  }

  restoreCell(cell: Cell): void {
    const chunk = cell as ChunkCell;
    chunk.rows.arrival = this.putRecords;
    this.putRecords += chunk.rows.count;
    this.weight += chunk.rows.weight;
    this.hold(chunk);
    this.holds.note(chunk, this.holdOf(chunk));
    this.noteDue(chunk);
  }

  private begin(key: unknown, hash: Hash): ChunkCell {
    const cell = this.create(key, hash, noTime) as ChunkCell;
    cell.rows.arrival = this.putRecords;
    if (this.plan.everyMs !== undefined) cell.rows.beganMs = this.services.nowMs();
    this.hold(cell);
    return cell;
  }

  private hold(cell: ChunkCell): void {
    this.open.set(cell.hash, cell);
    this.order.add(cell);
    if (this.order.first === cell) this.nextProcessingMs = this.dueMs(cell);
  }

  private forget(cell: ChunkCell): void {
    this.open.delete(cell.hash);
    this.order.remove(cell);
    const { first } = this.order;
    this.nextProcessingMs = first === undefined ? Number.POSITIVE_INFINITY : this.dueMs(first);
  }

  private close(cell: ChunkCell): void {
    this.forget(cell);
    this.holds.drop(cell);
    this.log.freed(cell);
    this.weight -= cell.rows.weight;
    this.code.emit(cell, onlyPane(cell.timeMs));
  }

  private dueMs({ rows }: ChunkCell): number {
    return rows.beganMs + (this.plan.everyMs ?? Number.POSITIVE_INFINITY);
  }

  private holdOf(cell: Cell): number {
    return this.plan.isOne ? cell.timeMs : (cell as ChunkCell).rows.leastMs;
  }

  private tooMuch({ key, rows }: ChunkCell): RuntimeError {
    const { name } = this.plan;
    const which = key === null ? "" : `, the last of them that of the key ${keyText(key)}`;
    return new RuntimeError(
      "chunk-too-large",
      `The open chunks of '${name}' hold more than 256 MiB in ${this.open.size === 1 ? "one chunk" : `${this.open.size} chunks`} (${rows.count} events in the present one${which}). Give it 'size', 'bytes' or 'every', so that they close earlier.`,
    );
  }
}

/** No more of the firing comes once the watermark is beyond its results, which hold it back until they are here. */
const closesMs = ({ timeMs }: Cell): number => timeMs + 1;

const keyText = (key: unknown): string => {
  const text = typeof key === "string" ? JSON.stringify(key) : String(key);
  return text.length > 100 ? `${text.slice(0, 100)}…` : text;
};

function isSamePane(one: ResultPane | undefined, other: ResultPane | undefined): boolean {
  if (one === undefined || other === undefined) return one === other;
  return (
    one.window.start === other.window.start &&
    one.window.end === other.window.end &&
    one.index === other.index &&
    one.timing === other.timing
  );
}

/** Of these, chunks have none of their own. */
const countRules: WindowRules = {
  assign: { kind: "global" },
  latenessMs: 0,
  trigger: { kind: "never" },
  onTime: "if_new",
  closing: "if_new",
  panes: "discard",
  timestamp: "latest",
  lateBy: "own",
  aggregates: [],
};

interface Link {
  readonly cell: ChunkCell;
  before: Link | undefined;
  after: Link | undefined;
}

/** Open chunks in the order in which they began; any may be taken out. A Map's first entry is not found at once when many before it are gone. */
class Order {
  private readonly links = new Map<ChunkCell, Link>();
  private head: Link | undefined;
  private tail: Link | undefined;

  get first(): ChunkCell | undefined {
    return this.head?.cell;
  }

  /** Those that are removed meanwhile have been given. */
  *[Symbol.iterator](): Generator<ChunkCell, undefined> {
    for (let link = this.head; link !== undefined; link = link.after) yield link.cell;
    return undefined;
  }

  add(cell: ChunkCell): void {
    const link: Link = { cell, before: this.tail, after: undefined };
    if (this.tail === undefined) this.head = link;
    else this.tail.after = link;
    this.tail = link;
    this.links.set(cell, link);
  }

  remove(cell: ChunkCell): void {
    const link = this.links.get(cell);
    if (link === undefined) return;
    this.links.delete(cell);
    if (link.before === undefined) this.head = link.after;
    else link.before.after = link.after;
    if (link.after === undefined) this.tail = link.before;
    else link.after.before = link.before;
  }
}
