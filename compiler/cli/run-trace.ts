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
  const end = () => {
    const roots = waiting;
    waiting = [];
    for (const root of roots) print(traceText(root, config, { colors: errColors, width }));
  };
  const began = (root: TraceEntry) => {
    // An event is on its way as long as the call stack that brought it.
    if (waiting.length === 0) setImmediate(end);
    waiting.push(root);
  };
  return { probe: new Recorder({ limit, began }), end };
}
