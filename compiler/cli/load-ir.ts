/** A .flow file as IR, for the commands that need one without errors: what is wrong is printed to standard error. */
import type { Ir } from "../ir/ir.ts";
import { lower } from "../ir/lower.ts";
import type { SourceText } from "../source/source-text.ts";
import { checkFile, type Depth, type Project } from "./project.ts";
import { printFindings } from "./report/print.ts";
import type { Terminal } from "./terminal.ts";

export interface Loaded {
  /** Undefined when there are errors. */
  readonly ir: Ir | undefined;
  readonly sources: ReadonlyMap<string, SourceText>;
  readonly watched: readonly string[];
}

/** Says it when nothing can enter: a file of shared declarations is for importing. */
export function hasSource(ir: Ir, file: string, terminal: Terminal): boolean {
  if (ir.nodes.some(({ kind }) => kind === "source")) return true;
  const advice = "Declare a source, or name the file that imports this one.";
  terminal.err(`error: '${file}' has no source, so no event can enter.\n${advice}\n`);
  return false;
}

export async function loadIr(
  file: string,
  project: Project,
  terminal: Terminal,
  options: { readonly quiet?: boolean; readonly depth?: Depth } = {},
): Promise<Loaded> {
  const { model, diagnostics, sources, watched } = await checkFile(file, project, options.depth);
  const failed = diagnostics.some(({ severity }) => severity === "error");
  if (failed || (options.quiet !== true && diagnostics.length > 0))
    printFindings({ diagnostics, sources, fileCount: 1 }, terminal);
  return { ir: failed ? undefined : lower(model), sources, watched };
}
