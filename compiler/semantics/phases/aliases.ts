/** Declares the aliases of inputs, `from orders as o`, as symbols of their node. */
import type { Declared, SymbolEntry } from "../program.ts";
import { expressionVariables } from "../reserved.ts";
import type { Graph } from "./graph.ts";

export function declareAliases({ names, program }: Declared, graph: Graph): void {
  const { report, path } = program.main;
  for (const node of graph.nodes) {
    const firstByName = new Map<string, SymbolEntry>();
    for (const { syntax } of node.inputs) {
      const { alias } = syntax;
      if (!alias || alias.text === "") continue;
      const at = { file: path, start: alias.span.start, end: alias.span.end };
      const first = firstByName.get(alias.text);
      if (first) {
        const related = [{ at: first.at, message: "The first is here." }];
        report(
          "FLOW2003",
          alias.span,
          { name: alias.text, what: `Another input is already called '${alias.text}'` },
          { related },
        );
        continue;
      }
      if (expressionVariables.has(alias.text))
        report("FLOW2005", alias.span, { name: alias.text, why: "means something in every expression" });
      const symbol: SymbolEntry = { kind: "alias", name: alias.text, at, declaration: syntax, uses: [] };
      firstByName.set(alias.text, symbol);
      names.aliases.set(syntax, symbol);
      names.symbols.push(symbol);
    }
  }
}
