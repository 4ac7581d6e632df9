/** What a window's result is to expressions and to whoever asks where an event comes from. Made only where something asks. */
import type { ResultPane, WindowResult } from "../engine/current.ts";
import { OrderedMap } from "../expr/values/ordered-map.ts";
import { maxSeconds, minSeconds } from "../expr/values/rfc3339.ts";
import { Timestamp, timestampOf } from "../expr/values/timestamp.ts";
import type { Cell, PaneInfo, TimeWindow } from "../windows/cell.ts";
import { isPlain } from "./records.ts";

/** The variable `window`: all of time for a global one. */
export function windowValue({ start, end }: TimeWindow): { readonly start: Timestamp; readonly end: Timestamp } {
  return { start: instant(start), end: instant(end) };
}

const firstInstant = timestampOf(minSeconds, 0);
const lastInstant = timestampOf(maxSeconds, 999_999_999);

function instant(ms: number): Timestamp {
  const seconds = Math.floor(ms / 1000);
  if (seconds < minSeconds) return firstInstant;
  if (seconds > maxSeconds) return lastInstant;
  return new Timestamp(seconds, (ms - seconds * 1000) * 1_000_000);
}

/** Event times of results stay within the years 1 to 9999, as all times do. */
export function resultTimeMs(ms: number): number {
  return Math.min(Math.max(ms, minSeconds * 1000), maxSeconds * 1000 + 999);
}

/** The variable `pane`. */
export function paneValue({ index, timing }: PaneInfo): Pick<PaneInfo, "index" | "timing"> {
  return { index, timing };
}

/** One result of a cell. Ids are unique: a window has one pane of a number, and a count window's cells differ in their order. */
export class ResultOrigin implements WindowResult {
  private readonly name: string;
  private readonly cell: Cell;
  private readonly info: PaneInfo;
  private readonly suffix: string;
  private readonly isCounted: boolean;
  private readonly toJson: (data: unknown) => string;

  /** @param isCounted a count window: several of a key may begin at the same time */
  constructor(
    name: string,
    cell: Cell,
    pane: PaneInfo,
    suffix: string,
    isCounted: boolean,
    toJson: (data: unknown) => string,
  ) {
    this.name = name;
    this.cell = cell;
    this.info = pane;
    this.suffix = suffix;
    this.isCounted = isCounted;
    this.toJson = toJson;
  }

  position(): string {
    const { window, order } = this.cell;
    const at = this.isCounted ? `#${order}` : Number.isFinite(window.start) ? String(window.start) : "all";
    return `${this.name}/${this.text()}/${at}/${this.info.index}${this.suffix}`;
  }

  text(): string {
    return this.toJson(this.cell.key ?? null);
  }

  get pane(): ResultPane {
    const { index, timing } = this.info;
    return { window: this.cell.window, index, timing };
  }
}

/** A result taken back: its data again, marked where it can be. */
export function retracted(data: unknown): unknown {
  if (data instanceof Map) return new OrderedMap([...data, ["retracted", true]]);
  return isPlain(data) ? { ...data, retracted: true } : data;
}

/** The same on the event itself, for data that is no record. */
export const retractedAttributes = { retracted: "true" } as const;
