/** `flow fmt`: files in place, or what would change. */
import { readFileSync } from "node:fs";
import { isAbsolute, join } from "node:path";
import type { Diagnostic } from "../source/diagnostic.ts";
import { type SourceText, sourceText } from "../source/source-text.ts";
import { format } from "../syntax/format.ts";
import { reasonOf, writeWhole } from "./atomic-write.ts";
import type { CommandRun } from "./command-row.ts";
import { unifiedDiff } from "./diff.ts";
import { CommandFailure, exitCodes, UsageError } from "./exit.ts";
import { inputFiles, stdinPath } from "./input-files.ts";
import { plural, textReport } from "./report/text.ts";
import type { Terminal } from "./terminal.ts";

interface Formatted {
  readonly path: string;
  readonly source: SourceText;
  /** Undefined when the file does not parse. */
  readonly text: string | undefined;
  readonly diagnostics: readonly Diagnostic[];
}

export const fmtCommand: CommandRun = async (words, options, terminal) => {
  const files = inputFiles(words, terminal.cwd);
  const mode = { check: options.check === true, diff: options.diff === true };
  if (files.includes("-")) {
    if (files.length > 1) throw new UsageError("'-' stands alone: standard input is one file.");
    return formatStdin(mode, terminal);
  }
  const formatted = files.map((path) => formatText(path, readText(path, terminal.cwd)));
  const broken = formatted.filter((file) => file.text === undefined);
  const changed = formatted.filter((file) => file.text !== undefined && file.text !== file.source.text);
  reportBroken(broken, terminal);
  if (mode.diff) for (const file of changed) terminal.out(diffOf(file, terminal));
  if (mode.check)
    for (const file of changed) terminal.err(`${terminal.errColors.yellow("not formatted:")} ${file.path}\n`);
  if (mode.check || mode.diff) return broken.length + changed.length > 0 ? exitCodes.diagnostics : exitCodes.fine;

  for (const file of changed)
    writeWhole(isAbsolute(file.path) ? file.path : join(terminal.cwd, file.path), file.text ?? "");
  const same = files.length - changed.length - broken.length;
  terminal.err(
    `${plural(changed.length, "file")} formatted, ${same} unchanged${broken.length > 0 ? `, ${broken.length} with mistakes` : ""}.\n`,
  );
  return broken.length > 0 ? exitCodes.diagnostics : exitCodes.fine;
};

function formatStdin(mode: { readonly check: boolean; readonly diff: boolean }, terminal: Terminal): number {
  const file = formatText(stdinPath, new TextDecoder().decode(terminal.readStdin()));
  if (file.text === undefined) {
    reportBroken([file], terminal);
    return exitCodes.diagnostics;
  }
  if (mode.diff) terminal.out(diffOf(file, terminal));
  if (!mode.check && !mode.diff) terminal.out(file.text);
  return (mode.check || mode.diff) && file.text !== file.source.text ? exitCodes.diagnostics : exitCodes.fine;
}

function formatText(path: string, text: string): Formatted {
  const source = sourceText(path, text);
  return { path, source, ...format(source) };
}

function readText(path: string, cwd: string): string {
  try {
    return readFileSync(isAbsolute(path) ? path : join(cwd, path), "utf8");
  } catch (error) {
    throw new CommandFailure(`'${path}' cannot be read: ${reasonOf(error)}.`);
  }
}

function reportBroken(broken: readonly Formatted[], terminal: Terminal): void {
  if (broken.length === 0) return;
  const findings = {
    diagnostics: broken.flatMap((file) => file.diagnostics),
    sources: new Map(broken.map((file) => [file.path, file.source])),
    fileCount: broken.length,
  };
  terminal.err(textReport(findings, terminal.errColors, terminal.width));
}

const diffOf = (file: Formatted, terminal: Terminal): string =>
  unifiedDiff(file.path, `${file.path} (formatted)`, file.source.text, file.text ?? "", terminal.outColors);
