/** `flow decompile`: a Pipeline resource as .flow. */
import { readFileSync } from "node:fs";
import { isAbsolute, join } from "node:path";
import { decompile } from "../emit/decompile.ts";
import { sourceText } from "../source/source-text.ts";
import { reasonOf, writeWhole } from "./atomic-write.ts";
import type { CommandRun } from "./command-row.ts";
import { CommandFailure, exitCodes } from "./exit.ts";
import { mustBeFile, stdinPath } from "./input-files.ts";
import { printFindings } from "./report/print.ts";
import type { Terminal } from "./terminal.ts";

export const decompileCommand: CommandRun = async ([file = ""], options, terminal) => {
  const source =
    file === "-"
      ? sourceText(stdinPath, new TextDecoder().decode(terminal.readStdin()))
      : sourceText(file, readText(file, terminal));
  const { text, diagnostics } = decompile(source);
  if (diagnostics.length > 0)
    printFindings({ diagnostics, sources: new Map([[source.path, source]]), fileCount: 1 }, terminal);
  if (text === undefined) return exitCodes.diagnostics;
  const output = options.output;
  if (typeof output === "string" && output !== "-")
    writeWhole(isAbsolute(output) ? output : join(terminal.cwd, output), text);
  else terminal.out(text);
  return exitCodes.fine;
};

function readText(file: string, { cwd }: Terminal): string {
  mustBeFile(file, cwd);
  try {
    return readFileSync(isAbsolute(file) ? file : join(cwd, file), "utf8");
  } catch (error) {
    throw new CommandFailure(`'${file}' cannot be read: ${reasonOf(error)}.`);
  }
}
