/** The pipelines that are measured, compiled from text; their source and sink are the measurement's own. */
import { compile } from "../../compiler/compile.ts";
import { runtimeConfigs } from "../../compiler/emit/runtime-config.ts";
import { memoryHost } from "../../compiler/source/host.ts";
import type { Connector } from "../../runtime/engine/connector.ts";
import { type Run, runPipeline } from "../../runtime/engine/run.ts";
import { keepYoungGenerationSmall, letYoungGenerationGrow } from "../../runtime/engine/young-generation.ts";
import { openUserCode } from "../../runtime/user-code/open.ts";
import type { Way, Work } from "./ways.ts";

export interface Measured {
  readonly way: Way;
  readonly work: Work;
  /** Events in a chunk; 0: no chunks. */
  readonly chunk: number;
}

/** `source` and `sink` stand for `stdin` and `stdout`. */
export function start({ way, work, chunk }: Measured, source: Connector, sink: Connector): Run {
  const command = [process.execPath, way.program, work].map((word) => JSON.stringify(word)).join(", ");
  const text = `type Reading { id: int, sensor: string, value: double }
source readings: Reading { stdin {} }
${chunk > 0 ? `chunk bulk from readings { size ${chunk} }` : ""}
step echo from ${chunk > 0 ? "bulk" : "readings"} { process { command: [${command}], ${way.options} } }
sink out from echo { stdout {} }`;
  const { ir, diagnostics, sources } = compile("echo.flow", memoryHost({ "echo.flow": text }));
  const errors = diagnostics.filter((one) => one.severity === "error");
  if (ir === undefined || errors.length > 0) throw new Error(errors.map(({ message }) => message).join("\n"));
  // As `flow run` does, for pipelines with user code.
  keepYoungGenerationSmall();
  letYoungGenerationGrow();
  const [config] = runtimeConfigs(ir, { local: true, sources });
  return runPipeline(config!, {
    connectors: new Map([source, sink].map((one) => [one.type, one])),
    baseDirectory: import.meta.dirname,
    userCode: openUserCode,
    log: { info: () => {}, warn: (fields, message) => console.error(message, fields) },
  });
}
