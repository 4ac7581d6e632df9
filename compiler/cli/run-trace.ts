/** `flow run --trace N`: prints the way of the first events, and of the first results of each window, while the pipeline runs. */
import type { Probe } from "../../runtime/engine/probe.ts";
import { Recorder } from "../../runtime/testing/recorder.ts";
import type { TraceEntry } from "../../runtime/testing/trace.ts";
import type { RuntimeConfig } from "../contract/runtime-config.ts";
import { traceText } from "./report/trace-text.ts";
import type { Terminal } from "./terminal.ts";

export interface RunTrace {
  readonly probe: Probe;
  /** Prints what has not been printed yet. */
  end(): void;
}

export function traceOf(
  config: RuntimeConfig,
  limit: number,
  print: (text: string) => void,
  { errColors, width }: Pick<Terminal, "errColors" | "width">,
): RunTrace {
  let waiting: TraceEntry[] = [];
  /** How many events of a tree are with user code. */
  const away = new Map<TraceEntry, number>();
  const show = (isWhole: (root: TraceEntry) => boolean) => {
    const roots = waiting.filter(isWhole);
    waiting = waiting.filter((root) => !isWhole(root));
    for (const root of roots) print(traceText(root, config, { colors: errColors, width }));
  };
  const showWhole = () => show((root) => !away.has(root));
  const began = (root: TraceEntry) => {
    // An event is on its way as long as the call stack that brought it.
    setImmediate(showWhole);
    waiting.push(root);
  };
  const changed = (root: TraceEntry, change: 1 | -1) => {
    const count = (away.get(root) ?? 0) + change;
    if (count > 0) away.set(root, count);
    else {
      away.delete(root);
      setImmediate(showWhole);
    }
  };
  return { probe: new Recorder({ limit, began, away: changed }), end: () => show(() => true) };
}
