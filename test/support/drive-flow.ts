/** Compiles .flow text and runs it with memory sources and sinks and a clock moved by hand. */
import { compile } from "../../compiler/compile.ts";
import type { RuntimeConfig } from "../../compiler/contract/runtime-config.ts";
import { runtimeConfigs } from "../../compiler/emit/runtime-config.ts";
import { memoryHost } from "../../compiler/source/host.ts";
import { type Drive, type DriveOptions, drive } from "../../runtime/engine/drive.ts";

/** One stage for all of it. Throws the messages of the diagnostics that are errors. */
export function stageOf(flow: string): RuntimeConfig {
  const { ir, diagnostics, sources } = compile("test.flow", memoryHost({ "test.flow": flow }));
  const errors = diagnostics.filter((one) => one.severity === "error");
  if (ir === undefined || errors.length > 0)
    throw new Error(errors.map((one) => `${one.code} ${one.message}`).join("\n"));
  const [stage] = runtimeConfigs(ir, { local: true, sources });
  return stage!;
}

export function driveFlow(flow: string, options?: DriveOptions): Drive {
  return drive(stageOf(flow), options);
}

/** Sends everything to the one source, ends it, and gives what the one sink took. */
export async function through(flow: string, events: readonly unknown[], options?: DriveOptions): Promise<unknown[]> {
  const stage = stageOf(flow);
  const run = drive(stage, options);
  const source = stage.nodes.find((node) => node.kind === "source" && node.connector.options.events === undefined);
  if (source !== undefined) await run.send(source.name, ...events);
  await run.finish();
  const sink = stage.nodes.find((node) => node.kind === "sink");
  return run.received(sink!.name);
}
