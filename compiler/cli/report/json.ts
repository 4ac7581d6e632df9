/** `--format json`: one array, positions as the Language Server Protocol counts them. Scripts depend on the shape. */
import { type Findings, rangeIn } from "./findings.ts";

export function jsonReport(findings: Findings): string {
  const rows = findings.diagnostics.map((diagnostic) => ({
    code: diagnostic.code,
    severity: diagnostic.severity,
    message: diagnostic.message,
    file: diagnostic.at.file,
    range: rangeIn(findings, diagnostic.at),
  }));
  return `${JSON.stringify(rows, undefined, 2)}\n`;
}
