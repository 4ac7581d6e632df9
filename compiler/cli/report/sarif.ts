/** `--format sarif`: SARIF 2.1.0, for code scanning. */
import type { CodeRow } from "../../source/codes/code-row.ts";
import { codes } from "../../source/codes/codes.ts";
import type { Diagnostic, Fix, Severity } from "../../source/diagnostic.ts";
import type { Location, Range } from "../../source/span.ts";
import { homepage, version } from "../version.ts";
import { type Findings, pageOf, rangeIn } from "./findings.ts";

const levelOf: Readonly<Record<Severity, string>> = {
  error: "error",
  warning: "warning",
  information: "note",
  hint: "note",
};

export function sarifReport(findings: Findings): string {
  const used = [...new Set(findings.diagnostics.map((diagnostic) => diagnostic.code))].sort();
  const log = {
    $schema: "https://json.schemastore.org/sarif-2.1.0.json",
    version: "2.1.0",
    runs: [
      {
        tool: { driver: { name: "flow", version, informationUri: homepage, rules: used.map(rule) } },
        columnKind: "utf16CodeUnits",
        results: findings.diagnostics.map((diagnostic) => result(diagnostic, used.indexOf(diagnostic.code), findings)),
      },
    ],
  };
  return `${JSON.stringify(log, undefined, 2)}\n`;
}

function rule(code: keyof typeof codes) {
  const row: CodeRow<never> = codes[code];
  return {
    id: code,
    name: row.title.replace(/[^A-Za-z]+(.)?/g, (_, letter: string | undefined) => (letter ?? "").toUpperCase()),
    shortDescription: { text: row.title },
    ...(row.why === "" ? {} : { fullDescription: { text: row.why } }),
    ...(row.mend === "" ? {} : { help: { text: row.mend } }),
    helpUri: pageOf(code),
    defaultConfiguration: { level: levelOf[row.severity] },
  };
}

function result(diagnostic: Diagnostic, ruleIndex: number, findings: Findings) {
  return {
    ruleId: diagnostic.code,
    ruleIndex,
    level: levelOf[diagnostic.severity],
    message: { text: diagnostic.message },
    locations: [{ physicalLocation: physical(diagnostic.at, findings) }],
    ...(diagnostic.related.length === 0
      ? {}
      : {
          relatedLocations: diagnostic.related.map((related, id) => ({
            id,
            message: { text: related.message },
            physicalLocation: physical(related.at, findings),
          })),
        }),
    ...(diagnostic.fixes.length === 0 ? {} : { fixes: diagnostic.fixes.map((fix) => fixOf(fix, findings)) }),
  };
}

function fixOf(fix: Fix, findings: Findings) {
  const files = [...new Set(fix.edits.map((edit) => edit.file))];
  return {
    description: { text: fix.title },
    artifactChanges: files.map((file) => ({
      artifactLocation: artifact(file),
      replacements: fix.edits
        .filter((edit) => edit.file === file)
        .map((edit) => ({ deletedRegion: region(rangeIn(findings, edit)), insertedContent: { text: edit.newText } })),
    })),
  };
}

const physical = (at: Location, findings: Findings) => ({
  artifactLocation: artifact(at.file),
  region: region(rangeIn(findings, at)),
});

const artifact = (file: string) => ({
  uri: encodeURI(file.replaceAll("\\", "/").replace(/^\.\//, "")).replace(/[?#<>]/g, encodeURIComponent),
});

const region = ({ start, end }: Range) => ({
  startLine: start.line + 1,
  startColumn: start.character + 1,
  endLine: end.line + 1,
  endColumn: end.character + 1,
});
