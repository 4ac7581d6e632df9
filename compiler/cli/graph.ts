/** `flow graph`: a pipeline as a picture, or as text that becomes one. */
import { isAbsolute, join } from "node:path";
import type { Ir } from "../ir/ir.ts";
import { writeWhole } from "./atomic-write.ts";
import type { CommandRun } from "./command-row.ts";
import { exitCodes } from "./exit.ts";
import { mustBeFile } from "./input-files.ts";
import { loadIr } from "./load-ir.ts";
import { projectOf } from "./project.ts";

export const graphCommand: CommandRun = async ([file = ""], options, terminal) => {
  if (file !== "-") mustBeFile(file, terminal.cwd);
  const { ir } = await loadIr(file, await projectOf(options, terminal), terminal, { quiet: true });
  if (ir === undefined) return exitCodes.diagnostics;
  const text = await draw(ir, String(options.format ?? "mermaid"));
  const output = options.output;
  if (typeof output === "string" && output !== "-")
    writeWhole(isAbsolute(output) ? output : join(terminal.cwd, output), text);
  else terminal.out(text);
  return exitCodes.fine;
};

/** The layout of the SVG is by far the largest part to load, so it is loaded for the SVG alone. */
async function draw(ir: Ir, format: string): Promise<string> {
  const { graphOf } = await import("../emit/graph/graph.ts");
  const graph = graphOf(ir);
  if (format === "svg") return ended(await (await import("../emit/graph/svg.ts")).svg(graph));
  const { dot, graphJson, mermaid } = await import("../emit/graph/text-forms.ts");
  return ended(format === "dot" ? dot(graph) : format === "json" ? graphJson(graph) : mermaid(graph));
}

const ended = (text: string): string => (text.endsWith("\n") ? text : `${text}\n`);
