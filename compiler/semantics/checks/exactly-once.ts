/** FLOW5003 and FLOW5004: sinks and sources with which nothing can be exactly once. */
import type { Check } from "./checked-program.ts";

export const exactlyOnce: Check = ({ declared, graph, header }) => {
  const { report } = declared.program.main;
  const clause = header.clauses.find((each) => each.keyword === "delivery");
  const guarantee = clause?.values.get("guarantee");
  if (!clause || guarantee?.kind !== "word" || guarantee.value !== "exactly_once") return;
  const span = clause.syntax.span;
  const related = [
    { at: { file: declared.program.path, start: span.start, end: span.end }, message: "Promised here." },
  ];
  for (const { kind, name, connector } of graph.nodes) {
    if (!connector) continue;
    const at = connector.syntax.keyword.span;
    if (kind === "sink" && connector.row.sink?.exactlyOnce === false)
      report("FLOW5003", at, { sink: name, connector: connector.row.name }, { related });
    if (kind === "source" && connector.row.source?.replay === false)
      report("FLOW5004", at, { source: name, connector: connector.row.name }, { related });
  }
};
