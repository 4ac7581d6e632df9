/** docs/diagnostics/: a page per code, and their index. */
import type { CodeRow } from "../../source/codes/code-row.ts";
import { codes } from "../../source/codes/codes.ts";
import { exampleNote, excerpt } from "./example-notes.ts";
import { flowBlock, generatedBy, page, table } from "./markdown.ts";

const rows: readonly (readonly [string, CodeRow<never>])[] = Object.entries(codes).sort(([a], [b]) => (a < b ? -1 : 1));

const chapters: Readonly<Record<string, string>> = {
  1: "Syntax",
  2: "Names",
  3: "Types",
  4: "Graph and time",
  5: "Deployment",
  9: "Lint",
};

/** Text by file name. */
export function diagnosticPages(): ReadonlyMap<string, string> {
  return new Map([
    ["README.md", index()],
    ...rows.map(([code, row]): [string, string] => [`${code}.md`, diagnosticPage(code, row)]),
  ]);
}

function index(): string {
  const sections = Object.entries(chapters).flatMap(([digit, title]) => {
    const inside = rows.filter(([code]) => code.startsWith(`FLOW${digit}`));
    if (inside.length === 0) return [];
    const lines = inside.map(([code, row]) => [`[${code}](${code}.md)`, row.severity, row.title]);
    return [`## ${title}`, table(["code", "level", "what"], lines)];
  });
  return page(
    generatedBy("compiler/source/codes/"),
    "# Diagnostics",
    "Everything `flow check` can say. `flow explain FLOW2001` prints a page; levels are changed in [flow.config.json](../reference/flow.config.md); a line is silenced with `// flow-ignore FLOW9001: why`.",
    ...sections,
  );
}

function diagnosticPage(code: string, row: CodeRow<never>): string {
  return page(
    generatedBy("compiler/source/codes/"),
    `# ${code}: ${row.title}`,
    `Level: ${row.severity}.`,
    row.why,
    `**What to do.** ${row.mend}`,
    "## Example",
    exampleNote(row) === "" ? "" : `(${exampleNote(row)})`,
    exampleText(row),
    ...Object.entries(row.files ?? {}).flatMap(([path, text]) => [`with \`${path}\`:`, fenced(path, text)]),
    ...(row.mended === undefined ? [] : ["## Mended", flowBlock(excerpt(row.mended))]),
  );
}

/** An empty file is an example too. */
function exampleText({ example, language }: CodeRow<never>): string {
  if (example.trim() === "") return "(an empty file)";
  return language === undefined ? flowBlock(excerpt(example)) : `\`\`\`${language}\n${excerpt(example)}\n\`\`\``;
}

const fenced = (path: string, text: string): string =>
  `\`\`\`${path.endsWith(".flow") ? "flow" : (path.split(".").at(-1) ?? "")}\n${excerpt(text)}\n\`\`\``;
