/** `--format github`: workflow commands, which GitHub shows beside the changed lines. */
import type { Severity } from "../../source/diagnostic.ts";
import { type Findings, rangeIn } from "./findings.ts";

const commandOf: Readonly<Record<Severity, string>> = {
  error: "error",
  warning: "warning",
  information: "notice",
  hint: "notice",
};

export function githubReport(findings: Findings): string {
  return findings.diagnostics
    .map((diagnostic) => {
      const { start, end } = rangeIn(findings, diagnostic.at);
      const place = [
        `file=${property(diagnostic.at.file)}`,
        `line=${start.line + 1}`,
        `col=${start.character + 1}`,
        `endLine=${end.line + 1}`,
        `endColumn=${end.character + 1}`,
      ];
      return `::${commandOf[diagnostic.severity]} ${place.join(",")},title=${property(diagnostic.code)}::${data(diagnostic.message)}\n`;
    })
    .join("");
}

/** Source: actions/toolkit, packages/core/src/command.ts. */
const data = (text: string): string => text.replaceAll("%", "%25").replaceAll("\r", "%0D").replaceAll("\n", "%0A");
const property = (text: string): string => data(text).replaceAll(":", "%3A").replaceAll(",", "%2C");
