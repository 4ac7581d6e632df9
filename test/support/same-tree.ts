/** A syntax tree without what a layout may change: spans, parentheses, how a literal is spelt. For comparing meanings. */

const layoutOnly: ReadonlySet<string> = new Set(["span", "keyword", "operatorSpan", "raw", "quoted", "comments"]);

/** Plain data; equal for two texts that mean the same. */
export function meaningOf(node: unknown): unknown {
  if (typeof node === "bigint") return `${node}n`;
  if (node instanceof Uint8Array) return [...node];
  if (Array.isArray(node)) return node.map(meaningOf);
  if (typeof node !== "object" || node === null) return node;
  if ("kind" in node && node.kind === "parentheses" && "of" in node) return meaningOf(node.of);
  if ("start" in node && "end" in node) return "a span";
  const entries = Object.entries(node).filter(([key, value]) => !(layoutOnly.has(key) && !isClauseKeyword(key, value)));
  return Object.fromEntries(entries.map(([key, value]) => [key, meaningOf(value)]));
}

/** `keyword` of a clause is a name, of a declaration a span. */
const isClauseKeyword = (key: string, value: unknown): boolean =>
  key === "keyword" && typeof value === "object" && value !== null && "text" in value;
