/** Puts what the phases found into the model that the rest of the compiler reads. */
import type { TypeDeclaration } from "../../syntax/ast.ts";
import type { CheckedProgram } from "../checks/checked-program.ts";
import type { Model, ModelTest } from "../model.ts";

export function model({ declared, graph, header }: CheckedProgram, tests: readonly ModelTest[]): Model {
  const { program, names, types, params, functions, defaults } = declared;
  const { main } = program;
  return {
    file: main.tree,
    path: program.path,
    name:
      header.declaration && header.declaration.name.text !== ""
        ? header.declaration.name.text
        : nameOfFile(program.path),
    pipeline: header.declaration,
    pipelineClauses: header.clauses,
    defaults,
    symbols: names.symbols,
    types,
    typeDocs: typeDocs(declared),
    params: new Map(
      [...params].map(([name, { symbol, type, value }]) => {
        const declaration = symbol.declaration as Extract<typeof symbol.declaration, { readonly kind: "param" }>;
        return [name, { declaration, type, value }];
      }),
    ),
    functions,
    nodes: graph.nodes,
    order: graph.order.filter((node) => node.kind !== "table"),
    tests,
    // Most that ask for a model do not look at single expressions.
    get typeOf() {
      return program.typed.types;
    },
    dependencies: [...program.dependencies],
  };
}

function typeDocs({ names }: CheckedProgram["declared"]): Record<string, string> {
  const docs: Record<string, string> = Object.create(null);
  for (const [name, symbol] of names.types) {
    const { doc } = symbol.declaration as TypeDeclaration;
    if (doc !== undefined) docs[name] = doc;
  }
  return docs;
}

/** `dir/word-count.flow` → `word_count`. */
function nameOfFile(path: string): string {
  const file = path.slice(path.lastIndexOf("/") + 1).replace(/\.flow$/, "");
  const name = file
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "_")
    .replace(/^[^a-z]+|_+$/g, "");
  return name === "" ? "pipeline" : name.slice(0, 50);
}
