/** docs/reference/: the language, page by page, from the catalogue. Text by path below docs/. */
import { clausesPage } from "./clauses.ts";
import { connectorsPage } from "./connectors.ts";
import { declarationsPage } from "./declarations.ts";
import { diagnosticPages } from "./diagnostics.ts";
import { functionsPage, typesPage, variablesPage } from "./expressions.ts";
import { formatsPage } from "./formats.ts";
import { generatedBy, page } from "./markdown.ts";

export function referencePages(): Map<string, string> {
  const pages = new Map<string, string>([
    ["reference/README.md", index()],
    ["reference/declarations.md", declarationsPage()],
    ["reference/clauses.md", clausesPage()],
    ["reference/connectors.md", connectorsPage()],
    ["reference/formats.md", formatsPage()],
    ["reference/types.md", typesPage()],
    ["reference/variables.md", variablesPage()],
    ["reference/functions.md", functionsPage()],
  ]);
  for (const [name, text] of diagnosticPages()) pages.set(`diagnostics/${name}`, text);
  return pages;
}

function index(): string {
  return page(
    generatedBy("the catalogue"),
    "# Reference",
    [
      "- [Declarations](declarations.md): source, step, window, sink and the rest",
      "- [Clauses](clauses.md): what may stand in their braces",
      "- [Connectors](connectors.md) and [formats](formats.md): where events come from and go to, and how they are written",
      "- [Types](types.md), [variables](variables.md) and [functions](functions.md): expressions",
      "- [Command line](command-line.md) and [flow.config.json](flow.config.md)",
      "- What user code is [given](user-code-input.schema.json) and what it [answers](user-code-answer.schema.json), as JSON Schemas",
      "- [Diagnostics](../diagnostics/README.md): every code, with an example",
    ].join("\n"),
  );
}
