/** What the reports are made from: the diagnostics of one invocation, in the order of files and places. */
import type { Diagnostic, Severity } from "../../source/diagnostic.ts";
import { rangeOf, type SourceText, sourceText } from "../../source/source-text.ts";
import type { Location, Range } from "../../source/span.ts";
import { homepage } from "../version.ts";

export interface Findings {
  readonly diagnostics: readonly Diagnostic[];
  readonly sources: ReadonlyMap<string, SourceText>;
  /** Files that were asked for, with findings or without. */
  readonly fileCount: number;
}

const nothing = sourceText("", "");

/** A file that is not at hand (a missing import) is at its beginning. */
export const sourceOf = (sources: ReadonlyMap<string, SourceText>, file: string): SourceText =>
  sources.get(file) ?? nothing;

export const rangeIn = (findings: Findings, at: Location): Range => rangeOf(sourceOf(findings.sources, at.file), at);

export const pageOf = (code: string): string => `${homepage}/blob/main/docs/diagnostics/${code}.md`;

export const count = (findings: Findings, severity: Severity): number =>
  findings.diagnostics.filter((d) => d.severity === severity).length;
