/** `flow check`: what is wrong with some files, in one of four forms. */
import { isAbsolute, join } from "node:path";
import { writeWhole } from "./atomic-write.ts";
import type { CommandRun } from "./command-row.ts";
import { exitCodes, UsageError } from "./exit.ts";
import { applyFixes } from "./fixes.ts";
import { inputFiles } from "./input-files.ts";
import { type Checked, checkFile, type Depth, projectOf } from "./project.ts";
import { count, type Findings } from "./report/findings.ts";
import type { Terminal } from "./terminal.ts";
import { repeatOnChange } from "./watch.ts";

export const checkCommand: CommandRun = async (words, options, terminal) => {
  if (options.watch === true) {
    if (words.includes("-"))
      throw new UsageError("Standard input cannot be watched: name files, or leave out --watch.");
    return repeatOnChange(terminal, async () => (await checkOnce(words, options, terminal)).files);
  }
  return (await checkOnce(words, options, terminal)).exitCode;
};

/** Fixes of one place wait for each other; a bound, should two fixes ever undo one another. */
const mostRounds = 10;

async function checkOnce(words: readonly string[], options: Readonly<Record<string, unknown>>, terminal: Terminal) {
  const project = await projectOf(options, terminal);
  const files = inputFiles(words, terminal.cwd);
  const { deploymentDiagnostics } = await import("../emit/deployment.ts");
  const { codeDiagnostics } = await import("./code-check.ts");
  const depth: Depth = {
    paramsLater: true,
    later: deploymentDiagnostics,
    here: (model, host) => codeDiagnostics(model, host, terminal),
  };
  let checked = await Promise.all(files.map((file) => checkFile(file, project, depth)));
  for (let round = 0; options.fix === true && round < mostRounds && fixAll(checked, terminal) > 0; round++) {
    const again = await projectOf(options, terminal);
    checked = await Promise.all(files.map((file) => checkFile(file, again, depth)));
  }
  const findings = findingsOf(checked);
  await print(findings, String(options.format ?? "text"), terminal);
  return { exitCode: exitCodeOf(findings, options.maxWarnings), files: checked.flatMap((one) => one.watched) };
}

/** A mistake in a file that several import is one mistake. */
function findingsOf(checked: readonly Checked[]): Findings {
  const seen = new Set<string>();
  const diagnostics = checked
    .flatMap((one) => one.diagnostics)
    .filter(({ code, at, message }) => {
      const id = JSON.stringify([code, at.file, at.start, at.end, message]);
      return !seen.has(id) && seen.add(id);
    });
  const sources = new Map(checked.flatMap((one) => [...one.sources]));
  return { diagnostics, sources, fileCount: checked.length };
}

async function print(findings: Findings, format: string, terminal: Terminal): Promise<void> {
  if (format === "json") terminal.out((await import("./report/json.ts")).jsonReport(findings));
  else if (format === "sarif") terminal.out((await import("./report/sarif.ts")).sarifReport(findings));
  else if (format === "github") terminal.out((await import("./report/github.ts")).githubReport(findings));
  else terminal.out((await import("./report/text.ts")).textReport(findings, terminal.outColors, terminal.width));
}

function exitCodeOf(findings: Findings, maxWarnings: unknown): number {
  const tooMany = typeof maxWarnings === "number" && count(findings, "warning") > maxWarnings;
  return count(findings, "error") > 0 || tooMany ? exitCodes.diagnostics : exitCodes.fine;
}

/** Writes the first fix of every diagnostic that has one; gives the number of fixes applied. */
function fixAll(checked: readonly Checked[], terminal: Terminal): number {
  const { texts, applied } = applyFixes(findingsOf(checked));
  if (checked.some(({ path, watched }) => !watched.includes(path)))
    throw new UsageError("--fix needs files; standard input cannot be mended in place.");
  for (const [file, text] of texts) writeWhole(isAbsolute(file) ? file : join(terminal.cwd, file), text);
  if (applied > 0)
    terminal.err(
      `${applied} ${applied === 1 ? "fix" : "fixes"} applied in ${texts.size} ${texts.size === 1 ? "file" : "files"}.\n`,
    );
  return applied;
}
