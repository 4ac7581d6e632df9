/** Collects what is wrong with one file: in order of place, one message per place, and at most so many. */
import { type Diagnostic, diagnostic, type Extras, type Report } from "../source/diagnostic.ts";
import { maxDiagnosticsPerFile } from "./limits.ts";

/** Codes of mistakes inside a token, after which the grammar sees other tokens than were meant. */
const fromScanner: ReadonlySet<string> = new Set(["FLOW1001", "FLOW1002", "FLOW1004", "FLOW1005", "FLOW1006"]);

/** A `Report`; edits of its fixes need no file. */
export type SyntaxReport = Report;

export class Problems {
  private readonly file: string;
  private readonly found: Diagnostic[] = [];

  constructor(file: string) {
    this.file = file;
  }

  readonly report: SyntaxReport = (code, span, parameters, extras) => {
    if (this.found.length > maxDiagnosticsPerFile * 2) return;
    this.found.push(diagnostic(code, { file: this.file, ...span }, parameters, this.located(extras)));
  };

  /** For each mistake inside a token, where it begins and where its line ends. */
  private silencedParts(text: string): { start: number; lineEnd: number }[] {
    const lineEnd = /[\r\n]|$/g;
    return this.found
      .filter(({ code }) => fromScanner.has(code))
      .map(({ at }) => {
        lineEnd.lastIndex = at.end;
        return { start: at.start, lineEnd: lineEnd.exec(text)?.index ?? text.length };
      });
  }

  /** Sorted; the first of several at one place; what the scanner found on a line silences the grammar on the rest of it. */
  all(text: string): Diagnostic[] {
    if (this.found.length === 0) return [];
    const silenced = this.silencedParts(text);
    const isConsequence = ({ code, at }: Diagnostic): boolean =>
      !fromScanner.has(code) && silenced.some(({ start, lineEnd }) => start <= at.start && at.start <= lineEnd);
    const sorted = this.found
      .sort((a, b) => a.at.start - b.at.start)
      .filter((one) => !isConsequence(one))
      .filter((one, i, all) => i === 0 || all[i - 1]!.at.start !== one.at.start || all[i - 1]!.at.end !== one.at.end);
    if (sorted.length <= maxDiagnosticsPerFile) return sorted;
    const { at } = sorted[maxDiagnosticsPerFile]!;
    return [...sorted.slice(0, maxDiagnosticsPerFile), diagnostic("FLOW1024", at, { most: maxDiagnosticsPerFile })];
  }

  private located(extras: Extras | undefined): Extras {
    const { file } = this;
    return {
      fixes: (extras?.fixes ?? []).map(({ title, edits }) => ({
        title,
        edits: edits.map((edit) => ({ ...edit, file })),
      })),
      related: (extras?.related ?? []).map((related) => ({ ...related, at: { ...related.at, file } })),
    };
  }
}
