/** A place for bad events, where the pipeline names none: a file, in its header. */

import type { Edit } from "../types.ts";
import { nameFrom } from "./free-names.ts";
import type { Place, Refactorer } from "./refactoring.ts";
import { bodyOfHeader, declarationAt, nodeHeadAt, withComments } from "./selected.ts";

export const addDeadLetter: Refactorer = (place) => {
  const { model } = place.analysis;
  const declaration = declarationAt(place);
  const isHere = declaration?.kind === "pipeline" || nodeHeadAt(place) !== undefined;
  if (!isHere || model.nodes.length === 0) return [];
  if (model.pipeline?.clauses.some(({ keyword }) => keyword.text === "errors")) return [];
  return [
    {
      title: "Send bad events to a dead letter file",
      kind: "refactor.rewrite.dead_letter",
      edits: () => deadLetter(place),
    },
  ];
};

export function deadLetter({
  analysis: { tree, model, path },
  text,
}: Pick<Place, "analysis" | "text">): readonly Edit[] {
  const name = nameFrom(model.name, "pipeline");
  const clause = `errors dead_letter { file { path: ${JSON.stringify(`${name}-errors.ndjson`)} } }`;
  const header = tree.declarations.find((one) => one.kind === "pipeline");
  if (header?.braces) {
    const { start, end } = bodyOfHeader(tree, text, header);
    const after = start + text.slice(start, end).trimEnd().length;
    return [{ file: path, start: after, end, newText: `\n${clause}\n` }];
  }
  if (header) return [{ file: path, start: header.span.end, end: header.span.end, newText: ` {\n${clause}\n}` }];
  const first = tree.declarations[0];
  const at = first ? withComments(tree, text, first).start : 0;
  return [{ file: path, start: at, end: at, newText: `pipeline ${name} {\n${clause}\n}\n\n` }];
}
