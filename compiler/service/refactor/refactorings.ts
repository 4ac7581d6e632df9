/** All refactorings, in the order in which they are offered. */
import type { Span } from "../../source/span.ts";
import type { Edit } from "../types.ts";
import type { Workspace } from "../workspace.ts";
import { addDeadLetter } from "./dead-letter.ts";
import { extractFunction } from "./extract-function.ts";
import { extractParam } from "./extract-param.ts";
import { inlineStep } from "./inline-step.ts";
import { applyEdits, laidOut } from "./lay-out.ts";
import type { Place, Refactorer, Refactoring } from "./refactoring.ts";
import { typeOfSource, writeTypeOut } from "./source-type.ts";
import { splitStep } from "./split-step.ts";
import { testFromWindow } from "./test-from-window.ts";

const all: readonly Refactorer[] = [
  extractFunction,
  extractParam,
  splitStep,
  inlineStep,
  typeOfSource,
  writeTypeOut,
  testFromWindow,
  addDeadLetter,
];

/** None where the text does not parse: what is broken cannot be laid out. */
export function refactorings(ws: Workspace, path: string, span: Span): readonly Refactoring[] {
  const analysis = ws.file(path);
  if (analysis.diagnostics.some(({ code }) => code.startsWith("FLOW1"))) return [];
  const { text } = analysis.source;
  const place: Place = { ws, path, span, analysis, text };
  return all
    .flatMap((offer) => offer(place))
    .map(({ title, kind, disabled, edits, plainer }) => ({
      title,
      kind,
      ...(disabled === undefined ? {} : { disabled }),
      edits: () => {
        const found = sound(place, edits());
        return found.length === 0 && plainer ? sound(place, plainer()) : found;
      },
    }));
}

/** The edits, laid out, unless they would leave something to be mended that was well before. */
function sound({ ws, path, text, analysis }: Place, raw: readonly Edit[]): readonly Edit[] {
  const edits = laidOut(path, text, raw);
  const before = analysis.allDiagnostics.map(({ code }) => code);
  for (const { code } of ws.checkAs(path, applyEdits(text, edits), () => {}).diagnostics) {
    const at = before.indexOf(code);
    if (at < 0) return [];
    before.splice(at, 1);
  }
  return edits;
}
