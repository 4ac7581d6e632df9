/** docs/reference/connectors.md and formats.md. */
import { connectors } from "../../catalog/connectors.ts";
import type { ConnectorRow } from "../../catalog/rows.ts";
import { code, flowBlock, generatedBy, page, table } from "./markdown.ts";
import { optionTable, roleName } from "./options.ts";

export function connectorsPage(): string {
  return page(
    generatedBy("compiler/catalog/connectors.ts"),
    "# Connectors",
    "Where events come from and go to. A connector is a clause of a source, sink, table or dead letter; `kafka` and its like may also stand in the pipeline's header, as defaults for all nodes.",
    table(
      ["connector", "as", "format", "runs here", "what it is"],
      connectors.map((row) => [
        `[\`${row.name}\`](#${row.name})`,
        row.roles.map(roleName).join(", "),
        code(row.format),
        row.runtime ? "yes" : "compiles only",
        row.doc,
      ]),
    ),
    ...connectors.flatMap(connectorSection),
  );
}

function connectorSection(row: ConnectorRow): string[] {
  return [`## ${row.name}`, row.doc, flowBlock(row.example), optionTable(row.options), promises(row)];
}

function promises(row: ConnectorRow): string {
  const lines: string[] = [];
  if (row.argument !== undefined && row.runtime)
    lines.push(
      `On the command line, \`--from node=${row.name}:…\` or \`--to node=${row.name}:…\` sets \`${row.argument}\`.`,
    );
  if (row.source !== undefined) {
    const { bounded, time, partitions, scaleToZero, replay } = row.source;
    lines.push(bounded ? "A source of it ends by itself." : "A source of it runs until it is stopped.");
    lines.push(
      time
        ? "Its events carry a time of their own."
        : "Its events carry no time of their own: windows need a `time` clause.",
    );
    if (partitions) lines.push("It has partitions, so `replicas partitions` works.");
    if (scaleToZero) lines.push("It can be scaled to zero.");
    lines.push(
      replay ? "After a failure it is read again from its last position." : "It cannot be read again after a failure.",
    );
  }
  if (row.sink !== undefined)
    lines.push(
      row.sink.exactlyOnce
        ? "A sink of it can take part in `delivery exactly_once`."
        : "A sink of it cannot take part in `delivery exactly_once`.",
    );
  if (!row.runtime) lines.push("Checked and compiled; the embedded runtime does not run it yet.");
  return lines.map((line) => `- ${line}`).join("\n");
}
