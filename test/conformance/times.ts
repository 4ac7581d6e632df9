/** Times as cases write them: numbers of ms, `+inf`, and Beam's ends of time, which lie beyond what a double holds exactly. */
import type { TimeWindow } from "../../runtime/windows/cell.ts";
import { CannotRun, type TimeText, type WindowText } from "./case-shape.ts";

const endOfTimeMs = Math.floor(2 ** 63 / 1000);
const dayMs = 86_400_000;
const endOfGlobalWindowMs = endOfTimeMs - dayMs;
const unitMs: Readonly<Record<string, number>> = { "": 1, ms: 1, s: 1000, m: 60_000, h: 3_600_000, d: dayMs };

export function timeOf(text: TimeText | undefined, otherwise = -endOfTimeMs): number {
  if (text === undefined || text === null) return otherwise;
  if (typeof text === "number") return text;
  const match = /^([+-]?\w+?)(?:([+-])(\d+)(ms|s|m|h|d|))?$/.exec(text);
  const named = match === null ? undefined : base(match[1]!);
  if (match === null || named === undefined) throw new CannotRun(`the time '${text}' is not known`);
  const shiftMs = Number(match[3] ?? 0) * (unitMs[match[4] ?? ""] ?? 1) * (match[2] === "-" ? -1 : 1);
  // The last moment is no moment at which anything can still happen.
  if (named === endOfTimeMs && shiftMs >= 0) return Number.POSITIVE_INFINITY;
  return named + shiftMs;
}

/** A watermark at Beam's end of time says that nothing comes any more. */
export function watermarkOf(text: TimeText | undefined): number {
  const ms = timeOf(text);
  return ms >= endOfGlobalWindowMs ? Number.POSITIVE_INFINITY : ms;
}

function base(name: string): number | undefined {
  switch (name) {
    case "+inf":
    case "inf":
      return Number.POSITIVE_INFINITY;
    case "-inf":
      return Number.NEGATIVE_INFINITY;
    case "maxTimestamp":
      return endOfTimeMs;
    case "minTimestamp":
      return -endOfTimeMs;
    case "endOfGlobalWindow":
      return endOfGlobalWindowMs;
    default:
      return /^[+-]?\d+$/.test(name) ? Number(name) : undefined;
  }
}

export function windowOf(text: WindowText | undefined): TimeWindow {
  if (text === "global") return { start: Number.NEGATIVE_INFINITY, end: Number.POSITIVE_INFINITY };
  if (text === undefined || typeof text === "string") throw new CannotRun(`the window '${text}' is not known`);
  return { start: timeOf(text[0]), end: timeOf(text[1]) };
}

export function isWindow(text: WindowText, { window }: { readonly window: TimeWindow }): boolean {
  if (text === "lastFixedWindow") {
    const last = timeOf("endOfGlobalWindow");
    return window.start <= last && last <= window.end;
  }
  const { start, end } = windowOf(text);
  return window.start === start && window.end === end;
}
