/** FLOW9001 and FLOW9002: declarations and imports that nothing uses. */
import type { Fix } from "../../source/diagnostic.ts";
import type { Span } from "../../source/span.ts";
import type { ProgramFile, SymbolEntry } from "../program.ts";
import type { Check, CheckedProgram } from "./checked-program.ts";

const removable = new Set<string>(["type", "fn", "param", "table"]);

/** A file without nodes is there for others to import, so nothing in it is unused. */
export const unused: Check = (checked) => {
  const { names, program } = checked.declared;
  const { main } = program;
  if (main.broken || program.isResource || names.nodes.length === 0) return;
  for (const symbol of names.symbols) {
    if (
      symbol.at.file !== main.path ||
      !removable.has(symbol.kind) ||
      names.meant.has(symbol) ||
      symbol.uses.some((use) => !isInside(use, symbol))
    )
      continue;
    main.report(
      "FLOW9001",
      symbol.at,
      { kind: symbol.kind, name: symbol.name },
      { fixes: [removal(main, symbol.declaration.span)] },
    );
  }
  for (const { declaration, file } of main.imports) {
    if (file === undefined || isUsed(file, checked)) continue;
    const path = declaration.path.kind === "string" ? declaration.path.value : "";
    main.report("FLOW9002", declaration.span, { path }, { fixes: [removal(main, declaration.span)] });
  }
};

/** A type that only refers to itself is not used. */
const isInside = (use: Span & { readonly file: string }, { at, declaration }: SymbolEntry): boolean =>
  use.file === at.file && use.start >= declaration.span.start && use.end <= declaration.span.end;

/** Something that the file, or one that it imports, declares is used outside of it. */
function isUsed(file: string, { declared, graph }: CheckedProgram): boolean {
  const { names, program } = declared;
  const files = withImports(file, program.files);
  if (names.symbols.some((symbol) => files.has(symbol.at.file) && symbol.uses.some((use) => !files.has(use.file))))
    return true;
  const connectors = new Set(graph.nodes.map((node) => node.connector?.row.name));
  return [...files].some((each) => {
    const header = program.files
      .find(({ path }) => path === each)
      ?.tree.declarations.find((declaration) => declaration.kind === "pipeline");
    return header?.clauses.some((clause) => connectors.has(clause.keyword.text)) ?? false;
  });
}

function withImports(file: string, files: readonly ProgramFile[]): ReadonlySet<string> {
  const all = new Set([file]);
  for (const path of all) {
    for (const each of files.find((candidate) => candidate.path === path)?.imports ?? [])
      if (each.file !== undefined) all.add(each.file);
  }
  return all;
}

/** Takes the lines of a declaration away, its comments of `///` too. */
function removal(file: ProgramFile, span: Span): Fix {
  const { text } = file.source;
  let start = text.lastIndexOf("\n", span.start - 1) + 1;
  if (text.slice(start, span.start).trim() !== "") start = span.start;
  for (
    let before = lineBefore(text, start);
    before !== undefined && text.slice(before, start).trimStart().startsWith("///");
    before = lineBefore(text, start)
  )
    start = before;
  const lineEnd = text.indexOf("\n", span.end);
  const end = lineEnd >= 0 && text.slice(span.end, lineEnd).trim() === "" ? lineEnd + 1 : span.end;
  return { title: "Take it away", edits: [{ file: file.path, start, end, newText: "" }] };
}

const lineBefore = (text: string, start: number): number | undefined =>
  start <= 0 ? undefined : text.lastIndexOf("\n", start - 2) + 1;
