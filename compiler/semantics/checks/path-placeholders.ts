/** FLOW2025 and FLOW4020: placeholders in the paths of file sinks that are unknown, or stand where there are no chunks. */
import { type PathPart, pathParts, pathPlaceholders } from "../../contract/path-template.ts";
import { didYouMean, nearest } from "../../source/nearest.ts";
import type { Span } from "../../source/span.ts";
import { clauseOf, type NodeEntry } from "../node-entry.ts";
import type { Check, CheckedProgram } from "./checked-program.ts";

export const pathPlaceholdersCheck: Check = (checked) => {
  for (const node of checked.graph.nodes) {
    if (node.kind !== "sink" || node.connector?.row.name !== "file") continue;
    const path = node.connector.options.get("path");
    if (typeof path?.value !== "string" || !/[{}]/.test(path.value)) continue;
    for (const part of pathParts(path.value)) {
      if (part.kind === "unknown") reportUnknown(part, node, checked);
      else if (part.kind === "placeholder") checkPlaceholder(part, node, checked);
    }
  }
};

type Unknown = Extract<PathPart, { readonly kind: "unknown" }>;
type Placeholder = Extract<PathPart, { readonly kind: "placeholder" }>;

function reportUnknown(part: Unknown, node: NodeEntry, { declared }: CheckedProgram): void {
  const near = nearest(part.text.slice(1, -1), pathPlaceholders);
  const span = placeOf(part, node);
  const isExact = span.end - span.start === part.text.length;
  const fix = (newText: string) => ({
    title: `Change to '${newText}'`,
    edits: [{ file: node.file, start: span.start, end: span.end, newText }],
  });
  const doubled = part.text.replace(/[{}]/g, "$&$&");
  const fixes = isExact ? [...(near === undefined ? [] : [fix(`{${near}}`)]), fix(doubled)] : [];
  declared.program.main.report(
    "FLOW2025",
    span,
    { found: part.text, near: didYouMean(near && `{${near}}`) },
    { fixes },
  );
}

function checkPlaceholder(part: Placeholder, node: NodeEntry, { declared }: CheckedProgram): void {
  const report = (why: string, mend: string): void =>
    declared.program.main.report("FLOW4020", placeOf(part, node), {
      sink: node.name,
      placeholder: `{${part.name}}`,
      why,
      mend,
    });
  const single = node.inputs.find((input) => input.output !== "main" || input.node?.downstream.has("chunk") === false);
  if (single) {
    const from = `${single.syntax.node.text}${single.output === "main" ? "" : `.${single.output}`}`;
    report(`'${from}' gives single events`, "Put a chunk before it: 'chunk bulk from … { size 500 }'.");
    return;
  }
  const keyless =
    part.name === "key" ? chunksOf(node).find((chunk) => clauseOf(chunk, "key") === undefined) : undefined;
  if (keyless)
    report(`the chunks of '${keyless.name}' have no key`, `Give '${keyless.name}' a 'key', or write '{chunk}'.`);
}

/** The chunks whose events come to the node, through steps. */
function chunksOf(node: NodeEntry): readonly NodeEntry[] {
  const found = new Set<NodeEntry>();
  const seen = new Set<NodeEntry>([node]);
  const stack = [node];
  for (let at = stack.pop(); at !== undefined; at = stack.pop()) {
    for (const { node: input } of at.inputs) {
      if (input === undefined || seen.has(input)) continue;
      seen.add(input);
      if (input.kind === "chunk") found.add(input);
      else stack.push(input);
    }
  }
  return [...found];
}

/** The placeholder itself where the path is written out plainly, else the whole path. */
function placeOf(part: { readonly start: number; readonly end: number }, { connector }: NodeEntry): Span {
  const record = connector!.syntax.arguments[0]?.value;
  const entry =
    record?.kind === "record"
      ? record.entries.find((each) => each.kind === "field" && each.key.text === "path")
      : undefined;
  const value = entry?.value;
  if (value === undefined) return connector!.options.get("path")!.span;
  const { span } = value;
  const isPlain =
    value.kind === "string" && span.end - span.start === value.value.length + 2 && /^["']/.test(value.raw);
  return isPlain ? { start: span.start + 1 + part.start, end: span.start + 1 + part.end } : span;
}
