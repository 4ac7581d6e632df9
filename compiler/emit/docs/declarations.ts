/** docs/reference/declarations.md. */
import { declarations } from "../../catalog/declarations.ts";
import { flowBlock, generatedBy, page } from "./markdown.ts";

export function declarationsPage(): string {
  return page(
    generatedBy("compiler/catalog/declarations.ts"),
    "# Declarations",
    "A file is a list of declarations, in any order. A `///` comment before one describes it: hover shows it, and the compiled resource carries it.",
    ...declarations.flatMap((row) => [
      `## ${row.keyword}`,
      row.doc,
      `    ${row.signature}`,
      flowBlock(row.example),
      row.place === undefined ? "" : `Its clauses: [In \`${row.place}\`](clauses.md#in-${row.place}).`,
    ]),
  );
}
