/** What is said when a run has ended: in words, or as one JSON line for scripts. */

import type { RunStats, RunSummary } from "../../runtime/engine/run-stats.ts";
import { groupedNumber } from "./grouped-number.ts";
import type { Colors } from "./terminal.ts";

type Reasons = RunSummary["reasons"];

const shownReasons = 5;

export const eventsIn = (stats: RunStats): number => sum(stats, "source", "eventsIn");
export const eventsOut = (stats: RunStats): number => sum(stats, "sink", "eventsOut");

function sum(stats: RunStats, kind: "source" | "sink", field: "eventsIn" | "eventsOut"): number {
  return stats.nodes.reduce((total, node) => (node.kind === kind ? total + node[field] : total), 0);
}

export interface SummaryOptions {
  readonly deadLetter: string;
  /** Only what must not be overlooked: bad records. */
  readonly quiet: boolean;
  readonly stopped: boolean;
  /** An earlier run had come to the end: nothing was done. */
  readonly wasFinished?: boolean;
  /** The folder of the state, as the user would write it. */
  readonly state?: string | undefined;
  readonly colors: Colors;
}

export function summaryText(
  stats: RunStats,
  reasons: Reasons,
  { deadLetter, quiet, stopped, wasFinished, state, colors }: SummaryOptions,
): string {
  if (wasFinished)
    return quiet
      ? ""
      : `It has finished already, as the state in '${state}' says: nothing was changed. To run it again from the beginning, say --reset all.\n`;
  const lines: string[] = [];
  const { elapsedMs, badEvents, deadLetters } = stats;
  if (!quiet)
    lines.push(
      `${stopped ? "Stopped" : "Done"}: ${groupedNumber(eventsIn(stats))} events in, ${groupedNumber(eventsOut(stats))} out, in ${shortTime(elapsedMs)}.`,
    );
  if (!quiet && stopped && state !== undefined)
    lines.push(
      `What is open is kept in '${state}': run it again with --state to go on. Files that are replaced get their place at the end.`,
    );
  const read = badEvents - deadLetters;
  const toReaders = `${deadLetters > 0 ? `${groupedNumber(read)} more` : badRecords(read)} went to readers of 'errors'`;
  if (deadLetters > 0)
    lines.push(colors.yellow(`${badRecords(deadLetters)} in ${deadLetter}${read > 0 ? `; ${toReaders}` : ""}:`));
  else if (badEvents > 0 && !quiet) lines.push(`${toReaders}:`);
  if (deadLetters > 0 || (badEvents > 0 && !quiet)) lines.push(...reasonLines(reasons));
  for (const { node, dropped = 0 } of stats.nodes)
    if (dropped > 0) lines.push(colors.yellow(`${groupedNumber(dropped)} dropped by '${node}', as its 'retry' says.`));
  lines.push(...lateLines(stats, quiet).map(colors.yellow));
  return lines.map((line) => `${line}\n`).join("");
}

/** What came too late for its window, and where it went; where nobody reads it, it is gone. */
function lateLines({ nodes }: RunStats, quiet: boolean): string[] {
  return nodes.flatMap(({ node, late, ahead = 0 }) => {
    const readers = late?.readers ?? [];
    const where = (count: number) =>
      readers.length > 0
        ? `; ${count === 1 ? "it" : "they"} went to ${quotedNames(readers)}`
        : `; 'from ${node}.late' reads ${count === 1 ? "it" : "them"}`;
    const [tooLate, closed] = [late?.lateness ?? 0, late?.closedWindow ?? 0];
    const counts = [
      [tooLate, `came too late for '${node}'${where(tooLate)}.`],
      [closed, `came after '${node}' had given its last result for their window${where(closed)}.`],
      [ahead, `of '${node}' have a time so far ahead of the clock that it did not count for the watermark.`],
    ] as const;
    return quiet
      ? []
      : counts.flatMap(([count, what]) => (count > 0 ? [`${groupedNumber(count)} ${events(count)} ${what}`] : []));
  });
}

const quotedNames = (names: readonly string[]): string =>
  names
    .map((name) => `'${name}'`)
    .join(", ")
    .replace(/, ([^,]*)$/, " and $1");

const events = (count: number): string => (count === 1 ? "event" : "events");

const badRecords = (count: number): string => `${groupedNumber(count)} bad ${count === 1 ? "record" : "records"}`;

function reasonLines(reasons: Reasons): string[] {
  const lines = reasons
    .slice(0, shownReasons)
    .map(
      ({ count, node, operator, reason }) =>
        `  ${groupedNumber(count)} × ${node}${operator === undefined ? "" : ` (${operator})`}: ${reason}`,
    );
  return reasons.length > shownReasons ? [...lines, `  … and ${otherReasons(reasons.length - shownReasons)}`] : lines;
}

const otherReasons = (count: number): string => `${groupedNumber(count)} other ${count === 1 ? "reason" : "reasons"}`;

/** One line; its fields are for scripts, so they stay. */
export function statsJson(
  pipeline: string,
  stats: RunStats,
  reasons: Reasons,
  end: { readonly stopped: boolean; readonly failed?: string; readonly deadLetter?: string },
): string {
  return JSON.stringify({
    pipeline,
    elapsedMs: Math.round(stats.elapsedMs),
    eventsIn: eventsIn(stats),
    eventsOut: eventsOut(stats),
    badEvents: stats.badEvents,
    deadLetters: stats.deadLetters,
    deadLetter: stats.deadLetters > 0 ? (end.deadLetter ?? null) : null,
    stopped: end.stopped,
    failed: end.failed ?? null,
    nodes: stats.nodes,
    reasons,
  });
}

export function shortTime(ms: number): string {
  if (ms < 10_000) return `${(ms / 1_000).toFixed(2)} s`;
  const seconds = Math.floor(ms / 1_000);
  return seconds < 120 ? `${seconds} s` : `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
}
