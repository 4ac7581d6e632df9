/** docs/reference/formats.md. */
import { formats } from "../../catalog/formats.ts";
import { code, generatedBy, page } from "./markdown.ts";
import { optionTable } from "./options.ts";

export function formatsPage(): string {
  return page(
    generatedBy("compiler/catalog/formats.ts"),
    "# Formats",
    'How bytes become events and back: `format csv { separator: ";" }` in a source, sink, table or dead letter. Each connector has a default.',
    ...formats.flatMap((row) => [
      `## ${row.name}`,
      `${row.doc} Without a declared type, \`data\` is ${code(row.gives)}.${row.runtime ? "" : " The embedded runtime does not have it yet."}`,
      optionTable(row.options),
    ]),
  );
}
