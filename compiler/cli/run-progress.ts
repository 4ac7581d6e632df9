/** The one line that is redrawn while a pipeline runs: events, rate, errors. */

import type { Run } from "../../runtime/engine/run.ts";
import type { RunStats } from "../../runtime/engine/run-stats.ts";
import { groupedNumber } from "./grouped-number.ts";
import type { Execution } from "./run-execution.ts";
import { eventsIn, eventsOut, shortTime } from "./run-summary.ts";

export interface ProgressLine {
  begin(run: Run): void;
  /** Prints a line of its own above the progress. */
  readonly above: (text: string) => void;
  end(): void;
}

const everyMs = 200;
const clear = "\r\x1b[2K";
const writesToTerminal = new Set(["stdout", "log"]);

/** Without a terminal, or where events are printed to the same one, there is no progress; lines above it are plain lines. */
export function progressLine({
  terminal,
  quiet,
  stats,
  config,
}: Pick<Execution, "terminal" | "quiet" | "stats" | "config">): ProgressLine {
  const printsEvents = config.nodes.some((node) => node.kind === "sink" && writesToTerminal.has(node.connector.type));
  const shown = terminal.errIsTerminal && !quiet && !stats && !(terminal.outIsTerminal && printsEvents);
  let timer: NodeJS.Timeout | undefined;
  let line = "";
  return {
    begin(run) {
      if (!shown) return;
      const rate = rateOver();
      timer = setInterval(() => {
        const stats = run.stats();
        const events = eventsIn(stats);
        const bad =
          stats.badEvents > 0 ? ` · ${terminal.errColors.yellow(`${groupedNumber(stats.badEvents)} bad`)}` : "";
        line = `${groupedNumber(events)} in · ${groupedNumber(eventsOut(stats))} out · ${groupedNumber(rate(events, stats.elapsedMs))}/s${watermarkText(stats)}${bad} · ${shortTime(stats.elapsedMs)}`;
        terminal.err(clear + line);
      }, everyMs);
      timer.unref();
    },
    above: (text) => terminal.err(line === "" ? `${text}\n` : `${clear}${text}\n${line}`),
    end() {
      clearInterval(timer);
      if (line !== "") terminal.err(clear);
      line = "";
    },
  };
}

/** How far event time has come, by the window furthest behind, and how many keys in windows are held. */
function watermarkText({ nodes }: RunStats): string {
  const marks = nodes.flatMap(({ kind, watermark }) =>
    kind === "window" && typeof watermark === "string" ? [watermark] : [],
  );
  const open = nodes.reduce((sum, node) => sum + (node.open ?? 0), 0);
  const held = open > 0 ? ` · ${groupedNumber(open)} open` : "";
  return marks.length === 0 ? held : ` · watermark ${marks.sort()[0]}${held}`;
}

/** Events a second over about the last second. */
function rateOver(): (events: number, elapsedMs: number) => number {
  const seen = [{ events: 0, elapsedMs: 0 }];
  return (events, elapsedMs) => {
    seen.push({ events, elapsedMs });
    if (seen.length > 6) seen.shift();
    const first = seen[0]!;
    const passedMs = elapsedMs - first.elapsedMs;
    return passedMs > 0 ? Math.round(((events - first.events) / passedMs) * 1_000) : 0;
  };
}
