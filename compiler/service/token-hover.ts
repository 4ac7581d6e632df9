/** What is said of words and literals that name nothing: the words of a header, keys of records, amounts in words. */

import { functions, namespaces } from "../catalog/functions.ts";
import { typeByName } from "../catalog/types.ts";
import { printValueType } from "../semantics/print-value-type.ts";
import { codes } from "../source/codes/codes.ts";
import type { Span } from "../source/span.ts";
import type { Expression, TypeField } from "../syntax/ast.ts";
import { printType } from "../syntax/print.ts";
import { clausePlace, isEntry, optionPlace } from "./catalogue-at.ts";
import { wordAt } from "./completion/probe.ts";
import { isExpression } from "./definition.ts";
import { flow, optionDoc, paragraphs } from "./docs.ts";
import { bare, holds, type Part } from "./syntax-path.ts";
import type { Hover } from "./types.ts";
import type { Analysis } from "./workspace.ts";

export function tokenHover(analysis: Analysis, parts: readonly Part[], offset: number): Hover | undefined {
  return (
    ignoredCode(analysis, offset) ??
    keyHover(analysis, parts) ??
    fieldHover(parts) ??
    pathHover(analysis, parts, offset) ??
    literalHover(analysis, parts, offset) ??
    wordHover(analysis, parts, offset)
  );
}

/** `// flow-ignore FLOW9001: why`. */
function ignoredCode({ source, tree }: Analysis, offset: number): Hover | undefined {
  const comment = tree.comments.find(({ span }) => span.start <= offset && offset <= span.end);
  if (comment?.kind !== "line" || !/^[ \t]*flow-ignore\b/.test(comment.text)) return undefined;
  const span = wordAt(source.text, offset);
  const code = source.text.slice(span.start, span.end);
  const row = Object.entries(codes).find(([name]) => name === code)?.[1];
  if (!row) {
    const text = "Silences the codes named here on this line, or where nothing else stands on it, on the next.";
    return code === "ignore" || code === "flow" ? { markdown: text, span } : undefined;
  }
  return { markdown: paragraphs(`**${code}** ${row.title}`, row.why, row.mend), span };
}

/** A field that a record makes. */
function keyHover({ model }: Analysis, parts: readonly Part[]): Hover | undefined {
  const [parent, inner] = parts.slice(-2);
  if (!isEntry(parent) || parent.key !== inner) return undefined;
  const type = model.typeOf.get(parent.value);
  const text = type ? `${parent.key.text}: ${printValueType(type)}` : parent.key.text;
  return { markdown: flow(text), span: bare(parent.key.span) };
}

/** A field of a record type that has no name: `source a: { id: string }`. */
function fieldHover(parts: readonly Part[]): Hover | undefined {
  const [parent, inner] = parts.slice(-2);
  if (!isField(parent) || parent.name !== inner) return undefined;
  const text = `${parent.name.text}${parent.optional ? "?" : ""}: ${printType(parent.type)}`;
  return { markdown: paragraphs(flow(text), parent.doc), span: bare(inner.span) };
}

const isField = (part: Part | undefined): part is TypeField =>
  part !== undefined && "name" in part && "type" in part && "optional" in part;

/** `set data.total`, `remove data.note`. */
function pathHover({ model }: Analysis, parts: readonly Part[], offset: number): Hover | undefined {
  const [parent, inner] = parts.slice(-2);
  if (parent?.kind !== "path" || inner === undefined || !("text" in inner) || !holds(inner.span, offset))
    return undefined;
  const given = clausePlace(parts)?.clause?.arguments.find(({ part }) => part === "value")?.value;
  const type = given && isExpression(given) ? model.typeOf.get(given) : undefined;
  const isLast = inner.span.end === parent.span.end;
  const text = isLast && type ? `${String(inner.text)}: ${printValueType(type)}` : String(inner.text);
  return { markdown: flow(text), span: bare(inner.span) };
}

type Literal = Extract<
  Expression,
  { readonly kind: "string" | "int" | "uint" | "double" | "bool" | "null" | "bytes" | "duration" | "size" }
>;
const literalKinds: ReadonlySet<string> = new Set([
  "string",
  "int",
  "uint",
  "double",
  "bool",
  "null",
  "bytes",
  "duration",
  "size",
]);
const isLiteral = (part: Part | undefined): part is Literal =>
  part?.kind !== undefined && literalKinds.has(part.kind) && isExpression(part);

function literalHover({ source, model }: Analysis, parts: readonly Part[], offset: number): Hover | undefined {
  const literal = parts.at(-1);
  if (!isLiteral(literal) || !holds(literal.span, offset) || literal.span.end === literal.span.start) return undefined;
  const written = source.text.slice(literal.span.start, literal.span.end);
  const type = model.typeOf.get(literal);
  const name = type && type.kind !== "literal" ? printValueType(type) : literal.kind;
  const option = optionPlace(parts);
  const place = option?.option && option.entry ? optionDoc(option.option) : clausePlace(parts)?.part;
  return {
    markdown: paragraphs(
      written.length <= 60 && !written.includes("\n") ? flow(`${written}: ${name}`) : flow(name),
      amountInWords(literal.kind, written),
      typeof place === "string" ? place : directPart(parts) ? place?.doc : undefined,
      place === undefined ? typeByName.get(literal.kind)?.doc : undefined,
    ),
    span: bare(literal.span),
  };
}

/** The literal is the whole value of a part of a clause, not a piece of an expression. */
const directPart = (parts: readonly Part[]): boolean => {
  const parent = parts.at(-2);
  return parent !== undefined && "part" in parent && "value" in parent;
};

const units: Readonly<Record<string, readonly [string, number]>> = {
  ms: ["millisecond", 1],
  s: ["second", 1000],
  m: ["minute", 60_000],
  h: ["hour", 3_600_000],
  d: ["day", 86_400_000],
};
const sizes: Readonly<Record<string, number>> = { B: 1, KiB: 1024, MiB: 1024 ** 2, GiB: 1024 ** 3, TiB: 1024 ** 4 };

/** `1h30m` → `1 hour 30 minutes`, `64KiB` → `65,536 bytes`. */
function amountInWords(kind: string, written: string): string | undefined {
  if (kind === "duration") {
    const pieces = [...written.matchAll(/(\d+(?:\.\d+)?)(ms|[smhd])/g)];
    const words = pieces.map(([, count, unit]) => `${count} ${units[unit!]![0]}${count === "1" ? "" : "s"}`);
    const ms = pieces.reduce((sum, [, count, unit]) => sum + Number(count) * units[unit!]![1], 0);
    const seconds = pieces.length > 1 || ms >= 60_000 ? ` (${(ms / 1000).toLocaleString("en-US")} seconds)` : "";
    return words.length === 0 ? undefined : `${words.join(" ")}${seconds}.`;
  }
  const size = kind === "size" ? /^(\d+(?:\.\d+)?)([KMGT]?i?B)$/.exec(written) : null;
  const bytes = size ? Number(size[1]) * (sizes[size[2]!] ?? Number.NaN) : Number.NaN;
  return Number.isNaN(bytes) ? undefined : `${bytes.toLocaleString("en-US")} bytes.`;
}

const headerWords: Readonly<Record<string, { readonly doc: string; readonly example: string }>> = {
  from: {
    doc: "The nodes whose events come in. Several are merged; a window may join two. `.errors` and `.late` are a node's side outputs.",
    example: "step paid from orders, returns { … }",
  },
  as: { doc: "Names an input of a join.", example: "window matched from orders as o, payments as p { … }" },
  where: {
    doc: "Takes only the events for which it is true. Another reader with `otherwise` takes the rest.",
    example: "step large from orders where data.total > 100 { … }",
  },
  otherwise: {
    doc: "Takes the events that no `where` of the other readers took.",
    example: "sink rest from orders otherwise { stdout {} }",
  },
  schema: { doc: "The type that a JSON Schema describes.", example: 'type Order from schema("order.schema.json")' },
  sample: { doc: "The type that sample records have.", example: 'type Order from sample("orders.ndjson")' },
  in: { doc: "Whether the list has the element, or the map the key.", example: 'data.country in ["DE", "AT"]' },
  partitions: { doc: "As many workers as the input topic has partitions.", example: "replicas partitions" },
};

const secretWord = {
  doc: "A value of a Kubernetes secret, by the secret's name and the key in it; on a laptop `FLOW_SECRET_…`.",
  example: 'password: secret("kafka", "password")',
};

const perUnit: Readonly<Record<string, string>> = { s: "second", m: "minute", h: "hour" };

function wordHover({ source }: Analysis, parts: readonly Part[], offset: number): Hover | undefined {
  const span = wordAt(source.text, offset);
  const word = source.text.slice(span.start, span.end);
  if (parts.at(-2)?.kind === "rate" && perUnit[word]) return { markdown: `Per ${perUnit[word]}.`, span };
  if (namespaces.has(word) && source.text[span.end] === ".") {
    const names = functions.flatMap(({ name, style }) =>
      style !== "operator" && name.startsWith(`${word}.`) ? [`- \`${name}\``] : [],
    );
    return { markdown: paragraphs(`The functions of \`${word}\`:`, names.join("\n")), span };
  }
  const option = optionPlace(parts);
  if (option?.option?.kind === "choice") return { markdown: optionDoc(option.option), span };
  if (parts.at(-2)?.kind === "call" && word === "secret") return headerHover(secretWord, span);
  const [parent, inner] = parts.slice(-2);
  const output = parent && "output" in parent && parent.output === inner ? outputs[word] : undefined;
  if (output !== undefined) return { markdown: output, span };
  const row = Object.hasOwn(headerWords, word) ? headerWords[word] : undefined;
  const isInText = parts.some(({ kind }) => kind === "string");
  return row && !isInText ? headerHover(row, span) : undefined;
}

const headerHover = (row: { readonly doc: string; readonly example: string }, span: Span): Hover => ({
  markdown: paragraphs(row.doc, flow(row.example)),
  span,
});

const outputs: Readonly<Record<string, string>> = {
  errors: "The bad events of the node, each with its reason.",
  late: "The events that came too late for their window.",
};
