/** What can be done with a declaration, above it: run the pipeline, run a test, see its neighbours. */
import type { Span } from "../source/span.ts";
import { locationIn } from "./names.ts";
import { bare } from "./syntax-path.ts";
import type { CodeLens } from "./types.ts";
import type { Workspace } from "./workspace.ts";

export function codeLenses(ws: Workspace, path: string): readonly CodeLens[] {
  const { tree, model } = ws.file(path);
  const lenses: CodeLens[] = [];
  const source = tree.declarations.find(({ kind }) => kind === "source");
  const header = tree.declarations.find(({ kind }) => kind === "pipeline") ?? source;
  if (source && header) lenses.push({ span: bare(header.keyword), title: "run", command: { kind: "run" } });
  for (const declaration of tree.declarations) {
    if (declaration.kind === "test" && declaration.title.kind === "string")
      lenses.push({
        span: bare(declaration.keyword),
        title: "test",
        command: { kind: "test", title: declaration.title.value },
      });
  }
  for (const { name, kind, declaration, inputs, readers } of model.nodes) {
    if (kind === "table" || name === "") continue;
    const upstream = new Set(inputs.flatMap((input) => (input.node ? [input.node] : [])));
    const downstream = new Set(readers.map((reader) => reader.node));
    const locations = [...upstream, ...downstream].map((node) => locationIn(node.file, node.declaration.name.span));
    const title = `${upstream.size} upstream · ${downstream.size} downstream`;
    const span: Span = bare(declaration.name.span);
    lenses.push({ span, title, command: { kind: "neighbours", node: name, locations } });
  }
  return lenses.sort((a, b) => a.span.start - b.span.start);
}
