/** What a reader must know to see a diagnostic's example fail: for its page and for `flow explain`. */
import type { CodeRow } from "../../source/codes/code-row.ts";

/** `with --param inptu=x.ndjson`; "" when nothing is needed. */
export function exampleNote(row: CodeRow<never>): string {
  const given = Object.entries(row.params ?? {}).map(([name, value]) => `--param ${name}=${value}`);
  const parts = [
    ...(row.when === undefined ? [] : [`found by flow ${row.when}`]),
    ...(given.length > 0 ? [`with ${given.join(" ")}`] : []),
  ];
  return parts.join(", ");
}

const longestExample = 2_000;
const shownChars = 400;

/** Some diagnostics are about size; nobody wants to read a megabyte. */
export function excerpt(text: string): string {
  const trimmed = text.trim();
  if (trimmed.length <= longestExample) return trimmed;
  const shorter = `${trimmed.slice(0, shownChars).trimEnd()} …`;
  return `${shorter}\n// … and so on: ${text.length.toLocaleString("en-US")} characters in all`;
}
