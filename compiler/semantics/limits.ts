/** The least and greatest values of clauses' numbers: a window of no length or a sample of 200 % is a mistake. */
import type { ClauseRow, Part } from "../catalog/rows.ts";
import type { Report } from "../source/diagnostic.ts";
import type { Span } from "../source/span.ts";
import { isDuration } from "./constants.ts";
import type { Constant, ModelValue } from "./model.ts";

/** Parts for which nothing (no time, no events) is a sensible amount. */
const mayBeZero = new Set([
  "source.watermark.delay",
  "source.watermark.idle",
  "window.fixed.offset",
  "window.lateness.lateness",
  "step.retry.count",
  "sink.retry.count",
  "test.watermark.at",
  "test.event.at",
]);

export function checkLimits(row: ClauseRow, part: Part, value: ModelValue, span: Span, report: Report): void {
  if (value.kind === "constant") checkConstant(row, part, value.value, span, report);
  else if (value.kind === "replicas") checkReplicas(value.value, span, report);
  else if (value.kind === "durations" && milliseconds(value.from) > milliseconds(value.to)) {
    report("FLOW3504", span, { what: nameOf(row, part), limit: "a range from the shorter to the longer" });
  }
}

const utf8 = new TextEncoder();

const nameOf = (row: ClauseRow, part: Part): string => `The ${part.name} of '${row.keyword}'`;

const milliseconds = (value: Constant): number => (isDuration(value) ? value.ms : 0);

function checkConstant(row: ClauseRow, part: Part, value: Constant, span: Span, report: Report): void {
  if (part.kind === "number") {
    if (Number(value) < 0 || Number(value) > 1)
      report("FLOW3504", span, { what: nameOf(row, part), limit: "between 0 and 1" });
    return;
  }
  const { most, mostBytes } = part.limit ?? {};
  if (typeof value === "string" && mostBytes !== undefined && utf8.encode(value).length > mostBytes)
    report("FLOW3504", span, { what: nameOf(row, part), limit: `at most ${mostBytes / 1024}KiB` });
  const amount = amountOf(value);
  if (amount !== undefined && most !== undefined && amount > most)
    report("FLOW3504", span, { what: nameOf(row, part), limit: `at most ${most}` });
  if (amount === undefined || amount > 0 || Number.isNaN(amount)) return;
  const takesZero = mayBeZero.has(`${row.id}.${part.name}`);
  if (amount === 0 && takesZero) return;
  report("FLOW3504", span, { what: nameOf(row, part), limit: takesZero ? "at least 0" : "greater than 0" });
}

/** Milliseconds, bytes, or how many. */
function amountOf(value: Constant): number | undefined {
  if (typeof value === "number" || typeof value === "bigint") return Number(value);
  if (typeof value !== "object" || value === null || !("kind" in value)) return undefined;
  return value.kind === "duration" ? value.ms : value.kind === "size" ? value.bytes : undefined;
}

/** Two durations of one clause of which one bounds the other. */
interface Pair {
  readonly clause: string;
  readonly part: string;
  readonly other: string;
  readonly holds: (partMs: number, otherMs: number) => boolean;
  readonly limit: string;
}

const pairs: readonly Pair[] = [
  {
    clause: "window.sliding",
    part: "every",
    other: "size",
    holds: (every, size) => every <= size,
    limit: "at most the size: an event between two windows would be in none",
  },
  {
    clause: "window.fixed",
    part: "offset",
    other: "size",
    holds: (offset, size) => offset < size,
    limit: "less than the size",
  },
  {
    clause: "window.session",
    part: "max",
    other: "gap",
    holds: (max, gap) => max >= gap,
    limit: "at least the gap",
  },
];

export function checkPairs(row: ClauseRow, values: ReadonlyMap<string, ModelValue>, report: Report): void {
  for (const { clause, part, other, holds, limit } of pairs) {
    if (clause !== row.id) continue;
    const value = values.get(part);
    const bound = values.get(other);
    if (value?.kind !== "constant" || bound?.kind !== "constant") continue;
    if (!isDuration(value.value) || !isDuration(bound.value) || bound.value.ms <= 0) continue;
    if (!holds(value.value.ms, bound.value.ms))
      report("FLOW3504", value.syntax.value.span, { what: `The ${part} of '${row.keyword}'`, limit });
  }
}

function checkReplicas(
  value: number | "partitions" | { readonly min: number; readonly max: number },
  span: Span,
  report: Report,
): void {
  if (value === "partitions") return;
  const what = "The number of replicas";
  if (typeof value === "number") {
    if (!Number.isInteger(value) || value < 1) report("FLOW3504", span, { what, limit: "a whole number, at least 1" });
  } else if (
    !Number.isInteger(value.min) ||
    !Number.isInteger(value.max) ||
    value.min < 0 ||
    value.max < 1 ||
    value.min > value.max
  ) {
    report("FLOW3504", span, { what, limit: "a range from at least 0 up to at least 1, the smaller first" });
  }
}
