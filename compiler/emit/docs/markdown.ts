/** The few pieces of Markdown that the reference pages are made of. */

/** First line of every generated page: who changes it by hand is told where to. */
export const generatedBy = (source: string): string =>
  `<!-- Made by 'npm run generate' from ${source}. Do not edit. -->`;

export const flowBlock = (text: string): string => `\`\`\`flow\n${text.trim()}\n\`\`\``;

/** A table; cells are escaped, empty columns left out. */
export function table(headings: readonly string[], rows: readonly (readonly string[])[]): string {
  const used = headings.map((_, i) => rows.some((row) => (row[i] ?? "") !== ""));
  const line = (cells: readonly string[]) =>
    `| ${cells
      .filter((_, i) => used[i])
      .map(cell)
      .join(" | ")} |`;
  return [line(headings), line(headings.map(() => "---")), ...rows.map(line)].join("\n");
}

const cell = (text: string): string => text.replaceAll("|", "\\|").replaceAll("\n", " ");

export const code = (text: string): string => (text.includes("`") ? `\`\` ${text} \`\`` : `\`${text}\``);

/** Paragraphs with an empty line between; empty ones left out. */
export const page = (...parts: readonly string[]): string => `${parts.filter((part) => part !== "").join("\n\n")}\n`;

/** What GitHub makes of a heading, for links into a page. */
export const anchor = (heading: string): string =>
  heading
    .toLowerCase()
    .replace(/[^\w\- ]/g, "")
    .replaceAll(" ", "-");
