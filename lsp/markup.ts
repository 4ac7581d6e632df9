/** Texts for people, in the form that the client shows. */
import type { MarkupContent, MarkupKind } from "vscode-languageserver-protocol";

/** Clients without Markdown get the same words without its marks. */
export function markup(markdown: string, formats: readonly MarkupKind[] | undefined): MarkupContent {
  if (formats === undefined || formats.length === 0 || formats.includes("markdown")) {
    return { kind: "markdown", value: markdown };
  }
  return { kind: "plaintext", value: plainText(markdown) };
}

const plainText = (markdown: string): string =>
  markdown
    .replace(/^```.*\n?/gm, "")
    .replace(/\[([^\]]*)\]\([^)]*\)/g, "$1")
    .replace(/\*\*([^*]*)\*\*/g, "$1")
    .replace(/`([^`]*)`/g, "$1");
