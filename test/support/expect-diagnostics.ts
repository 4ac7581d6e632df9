/**
 * Text in, text out, for tests of diagnostics: the source says itself what is expected of it.
 *
 * ```
 * step paid from ordrs { filter data.paid }
 * //             ^^^^^ error FLOW2001: Nothing here is called 'ordrs'. Did you mean 'orders'?
 * ```
 *
 * A line `// ^^^ severity CODE: message` speaks of the last line above it that is none; the marks stand under the span. One mark
 * can also stand for an empty span. A message may be left out, or end in `…`. Marks that begin left of column 2 are
 * written as `//<^^^` with `<` for "starts at column 0" and the number of marks for the length.
 */
import type { Diagnostic } from "../../compiler/source/diagnostic.ts";
import { positionAt, type SourceText, sourceText } from "../../compiler/source/source-text.ts";

interface Expected {
  readonly line: number;
  readonly column: number;
  readonly length: number;
  readonly severity: string;
  readonly code: string;
  readonly message: string | undefined;
}

const marks = /^(\s*)\/\/( *)(<?)(\^+) (error|warning|information|hint) (FLOW\d{4})(?:: (.*))?$/;

/** The text without its expectations (their lines stay, as comments without meaning), and the expectations. */
export function readExpectations(text: string): { readonly text: string; readonly expected: readonly Expected[] } {
  const expected: Expected[] = [];
  const kept: string[] = [];
  for (const line of text.split("\n")) {
    const [, before = "", space = "", atMargin = "", carets = "", severity = "", code = "", message] =
      marks.exec(line) ?? [];
    if (carets === "") kept.push(line);
    else {
      const column = atMargin === "<" ? 0 : before.length + 2 + space.length;
      expected.push({ line: kept.length - 1, column, length: carets.length, severity, code, message });
    }
  }
  return { text: kept.join("\n"), expected };
}

/**
 * Runs `diagnose` on the text without its expectations and compares. Give it the function that makes the diagnostics:
 * `(source) => parse(source).diagnostics`, or a whole check. Throws with both sides as text where they differ.
 */
export function expectDiagnostics(
  annotated: string,
  diagnose: (source: SourceText) => readonly Diagnostic[],
  path = "test.flow",
): void {
  const { text, expected } = readExpectations(annotated);
  const source = sourceText(path, text);
  const found = diagnose(source).filter((one) => one.at.file === path);
  const wanted = new Map(expected.map((one) => [one, matching(one, found, source)]));
  const isAll =
    found.length === expected.length &&
    [...wanted.values()].every((one) => one !== undefined) &&
    new Set(wanted.values()).size === found.length;
  if (!isAll)
    throw new Error(
      `Other diagnostics than expected. Found:\n\n${annotate(text, found, source)}\n\nexpected:\n\n${annotated}`,
    );
}

function matching(expected: Expected, found: readonly Diagnostic[], source: SourceText): Diagnostic | undefined {
  return found.find((one) => {
    const start = positionAt(source, one.at.start);
    const length = lengthOnLine(one, source);
    return (
      one.code === expected.code &&
      one.severity === expected.severity &&
      start.line === expected.line &&
      start.character === expected.column &&
      (length === expected.length || (length === 0 && expected.length === 1)) &&
      isMessage(expected.message, one.message)
    );
  });
}

function isMessage(expected: string | undefined, message: string): boolean {
  if (expected === undefined) return true;
  return expected.endsWith("…") ? message.startsWith(expected.slice(0, -1)) : message === expected;
}

/** A span over several lines is marked on its first. */
function lengthOnLine(one: Diagnostic, source: SourceText): number {
  const text = source.text.slice(one.at.start, one.at.end);
  const lineEnd = text.search(/[\r\n]/);
  return lineEnd === -1 ? text.length : lineEnd;
}

/** The text with its diagnostics as expectations: what a test would have to say. */
export function annotate(text: string, found: readonly Diagnostic[], source: SourceText): string {
  const lines = text.split("\n");
  return lines
    .flatMap((line, number) => [
      line,
      ...found
        .filter((one) => positionAt(source, one.at.start).line === number)
        .map((one) => {
          const { character } = positionAt(source, one.at.start);
          const carets = "^".repeat(Math.max(1, lengthOnLine(one, source)));
          const place = character < 2 ? `//<${carets}` : `//${" ".repeat(character - 2)}${carets}`;
          return `${place} ${one.severity} ${one.code}: ${one.message}`;
        }),
    ])
    .join("\n");
}
