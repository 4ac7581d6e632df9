/** Findings on standard error, for commands whose standard output is something else. */
import type { Terminal } from "../terminal.ts";
import type { Findings } from "./findings.ts";
import { textReport } from "./text.ts";

export function printFindings(findings: Findings, terminal: Terminal): void {
  terminal.err(textReport(findings, terminal.errColors, terminal.width));
}
