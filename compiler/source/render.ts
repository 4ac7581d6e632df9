/** Diagnostics as text with code frames, as a terminal shows them. Does no IO: colours are functions handed in. */
import type { Diagnostic, Severity } from "./diagnostic.ts";
import { placeOf, positionAt, type SourceText } from "./source-text.ts";
import type { Location } from "./span.ts";

/** One function per thing that has a colour; `plain` has none. */
export interface Colours {
  readonly severity: (severity: Severity, text: string) => string;
  readonly code: (text: string) => string;
  readonly place: (text: string) => string;
  readonly dim: (text: string) => string;
  readonly fix: (text: string) => string;
}

const same = (text: string): string => text;

export const plain: Colours = { severity: (_, text) => text, code: same, place: same, dim: same, fix: same };

export interface RenderOptions {
  readonly colours?: Colours;
  /** Longer lines are cut around the marked words. */
  readonly width?: number;
}

/** All diagnostics, one empty line between two. `sources` by path; a file that is not among them has no frame. */
export function renderDiagnostics(
  diagnostics: readonly Diagnostic[],
  sources: ReadonlyMap<string, SourceText>,
  options: RenderOptions = {},
): string {
  return diagnostics.map((one) => renderDiagnostic(one, sources, options)).join("\n");
}

/**
 * ```text
 * word_count.flow:14:10 error FLOW1013: `=` is no operator here: write `==`.
 *   14 |   filter data.status = "paid"
 *      |                      ^
 *      = fix: Change to `==`
 * ```
 */
export function renderDiagnostic(
  one: Diagnostic,
  sources: ReadonlyMap<string, SourceText>,
  options: RenderOptions = {},
): string {
  const { colours = plain, width = 120 } = options;
  const head = `${colours.place(placeIn(sources, one.at))} ${colours.severity(one.severity, one.severity)} ${colours.code(one.code)}: ${one.message}`;
  const gutter = gutterWidth([one.at, ...one.related.map(({ at }) => at)], sources);
  const lines = [
    head,
    ...frame(one.at, sources, gutter, colours, width, (text) => colours.severity(one.severity, text)),
  ];
  for (const related of one.related) {
    lines.push(
      `${" ".repeat(gutter)} ${colours.dim("=")} ${colours.place(placeIn(sources, related.at))}: ${related.message}`,
    );
    lines.push(...frame(related.at, sources, gutter, colours, width, colours.dim));
  }
  for (const fix of one.fixes)
    lines.push(`${" ".repeat(gutter)} ${colours.dim("=")} ${colours.fix(`fix: ${fix.title}`)}`);
  return `${lines.join("\n")}\n`;
}

function placeIn(sources: ReadonlyMap<string, SourceText>, at: Location): string {
  const source = sources.get(at.file);
  return source === undefined ? at.file : placeOf(source, at.start);
}

/** Width of line numbers, with their two spaces of indentation. */
function gutterWidth(places: readonly Location[], sources: ReadonlyMap<string, SourceText>): number {
  const widths = places.map((at) => {
    const source = sources.get(at.file);
    return source === undefined ? 0 : String(positionAt(source, at.start).line + 1).length;
  });
  return Math.max(1, ...widths) + 2;
}

const tabWidth = 2;

function frame(
  at: Location,
  sources: ReadonlyMap<string, SourceText>,
  gutter: number,
  colours: Colours,
  width: number,
  mark: (text: string) => string,
): string[] {
  const source = sources.get(at.file);
  if (source === undefined || source.text === "") return [];
  const { line } = positionAt(source, at.start);
  const start = source.lineStarts[line]!;
  const text = source.text.slice(start, source.lineStarts[line + 1] ?? source.text.length).replace(/[\r\n]+$/, "");
  const from = expandTabs(text.slice(0, at.start - start)).length;
  const to = at.end > start + text.length ? expandTabs(text).length : expandTabs(text.slice(0, at.end - start)).length;
  const view = cut(expandTabs(text), from, to, width - gutter - 3);
  const bar = colours.dim("|");
  return [
    `${colours.dim(String(line + 1).padStart(gutter))} ${bar} ${view.text}`.trimEnd(),
    `${" ".repeat(gutter)} ${bar} ${" ".repeat(view.from)}${mark("^".repeat(Math.max(1, view.to - view.from)))}`,
  ];
}

/** The line of a place, with the place marked, for reports that are no diagnostics. */
export function codeFrame(
  at: Location,
  sources: ReadonlyMap<string, SourceText>,
  { colours = plain, width = 120 }: RenderOptions = {},
): string[] {
  const gutter = gutterWidth([at], sources);
  return frame(at, sources, gutter, colours, width, (text) => colours.severity("error", text));
}

const expandTabs = (text: string): string => text.replace(/\t/g, " ".repeat(tabWidth)).replace(/\p{Cc}/gu, "·");

/** A window of a long line that shows the marked part. */
function cut(text: string, from: number, to: number, room: number): { text: string; from: number; to: number } {
  if (text.length <= room || room < 20) return { text, from, to };
  const left = Math.max(0, Math.min(from - Math.floor(room / 3), text.length - room + 2));
  const right = Math.min(text.length, left + room - 2);
  const opening = left > 0 ? "…" : "";
  const shown = `${opening}${text.slice(left, right)}${right < text.length ? "…" : ""}`;
  return { text: shown, from: from - left + opening.length, to: Math.min(to, right) - left + opening.length };
}
