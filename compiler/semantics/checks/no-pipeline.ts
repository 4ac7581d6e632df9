/** FLOW4015: a file with no pipeline in it, and nothing for others to import either. */
import type { Check } from "./checked-program.ts";

export const noPipeline: Check = ({ declared }) => {
  const { main, isResource } = declared.program;
  const { declarations } = main.tree;
  if (isResource || main.problems.length > 0) return;
  const header = declarations.find((declaration) => declaration.kind === "pipeline");
  // Connections of a header are there for others, too.
  if (header?.clauses.some(({ row }) => row?.startsWith("connector."))) return;
  if (declarations.some(({ kind }) => kind !== "pipeline" && kind !== "test")) return;
  const what = declarations.length === 0 ? "This file declares nothing" : "There is nothing but a header here";
  main.report("FLOW4015", header?.name.span ?? { start: 0, end: 0 }, { what });
};
