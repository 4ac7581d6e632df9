/** `--format text`: code frames, then one line of summary. */
import type { Severity } from "../../source/diagnostic.ts";
import { type Colours, renderDiagnostics } from "../../source/render.ts";
import type { Colors } from "../terminal.ts";
import { count, type Findings } from "./findings.ts";

export function textReport(findings: Findings, colors: Colors, width = 120): string {
  const frames = renderDiagnostics(findings.diagnostics, findings.sources, { colours: coloursOf(colors), width });
  return frames === "" ? summary(findings, colors) : `${frames}\n${summary(findings, colors)}`;
}

/** `3 errors, 1 warning in 2 files.` */
function summary(findings: Findings, colors: Colors): string {
  const files = plural(findings.fileCount, "file");
  const errors = count(findings, "error");
  const warnings = count(findings, "warning");
  const notes = count(findings, "information") + count(findings, "hint");
  const parts = [
    ...(errors > 0 ? [colors.red(plural(errors, "error"))] : []),
    ...(warnings > 0 ? [colors.yellow(plural(warnings, "warning"))] : []),
    ...(notes > 0 ? [colors.cyan(plural(notes, "note"))] : []),
  ];
  return parts.length === 0 ? `${colors.green("No problems")} in ${files}.\n` : `${parts.join(", ")} in ${files}.\n`;
}

export const plural = (n: number, word: string): string => `${n} ${word}${n === 1 ? "" : "s"}`;

export function coloursOf(colors: Colors): Colours {
  const bySeverity: Readonly<Record<Severity, (text: string) => string>> = {
    error: colors.red,
    warning: colors.yellow,
    information: colors.cyan,
    hint: colors.cyan,
  };
  return {
    severity: (severity, text) => bySeverity[severity](text),
    code: colors.bold,
    place: colors.bold,
    dim: colors.dim,
    fix: colors.green,
  };
}
