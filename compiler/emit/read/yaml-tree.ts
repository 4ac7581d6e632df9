/**
 * YAML text as a small tree with spans. Bounded: by the size of the text, the number of nodes after aliases, and depth,
 * so that no crafted file can hang or exhaust the reader.
 */
import { type Document, isAlias, isMap, isScalar, isSeq, type Node, parseDocument } from "yaml";
import type { Report } from "../../source/diagnostic.ts";
import type { SourceText } from "../../source/source-text.ts";
import type { Span } from "../../source/span.ts";

export interface YamlEntry {
  readonly key: string;
  readonly keySpan: Span;
  readonly value: YamlNode;
}
export interface YamlMap {
  readonly kind: "map";
  readonly span: Span;
  readonly entries: readonly YamlEntry[];
}
export interface YamlList {
  readonly kind: "list";
  readonly span: Span;
  readonly items: readonly YamlNode[];
}
export interface YamlScalar {
  readonly kind: "scalar";
  readonly span: Span;
  readonly value: string | number | bigint | boolean | null;
  /** The characters of a string inside `span`, when they stand there just as they are: not escaped, not folded. */
  readonly verbatim: Span | undefined;
}
export type YamlNode = YamlMap | YamlList | YamlScalar;

const most = { chars: 1024 * 1024, nodes: 50_000, depth: 60, nesting: 200 } as const;

interface Reading {
  readonly source: SourceText;
  readonly document: Document;
  readonly report: Report;
  nodes: number;
  failed: boolean;
}

/** undefined when it is no YAML, or too much of it; that has then been reported. */
export function yamlTree(source: SourceText, report: Report): YamlNode | undefined {
  const start = { start: 0, end: Math.min(1, source.text.length) };
  if (source.text.length > most.chars) {
    report("FLOW5807", start, { what: `It has more than ${most.chars} characters.` });
    return undefined;
  }
  if (deeplyNested(source.text)) {
    report("FLOW5807", start, { what: `It is nested more than ${most.nesting} deep.` });
    return undefined;
  }
  const document = parseDocument(source.text, {
    intAsBigInt: true,
    uniqueKeys: true,
    logLevel: "error",
    prettyErrors: false,
  });
  for (const error of document.errors) {
    if (error.code === "MULTIPLE_DOCS") {
      reportSecond(source.text, error.pos, report);
      continue;
    }
    const at = Math.min(error.pos[0], Math.max(0, source.text.length - 1));
    const end = Math.min(Math.max(error.pos[1], at + 1), source.text.length);
    report("FLOW5800", { start: at, end }, { why: error.message.replace(/\.?$/, ".") });
  }
  if (document.errors.some(({ code }) => code !== "MULTIPLE_DOCS")) return undefined;
  const reading: Reading = { source, document, report, nodes: 0, failed: false };
  const tree = convert(document.contents, reading, 0);
  return reading.failed ? undefined : tree;
}

/** Only the first document is read. What comes after it is a mistake, unless it is empty. */
function reportSecond(text: string, [from, to]: readonly [number, number], report: Report): void {
  const first = /^(?!\s*(?:---|\.\.\.|#)).*\S.*$/m.exec(text.slice(from, to));
  if (first) report("FLOW5809", { start: from + first.index, end: from + first.index + first[0].length }, {});
}

/** Brackets, or dashes and columns at the start of a line, inside one another: what the parser recurses on. */
function deeplyNested(text: string): boolean {
  let brackets = 0;
  for (let i = 0; i < text.length; i++) {
    const c = text[i];
    if (c === "[" || c === "{") brackets++;
    else if ((c === "]" || c === "}") && brackets > 0) brackets--;
    if (brackets > most.nesting) return true;
  }
  return /^[ \t]*(?:[-?:][ \t]+){50}/m.test(text) || new RegExp(`^[ ]{${most.nesting * 10}}`, "m").test(text);
}

function convert(node: Node | null, reading: Reading, depth: number): YamlNode {
  const span = spanOf(node);
  if (++reading.nodes > most.nodes || depth > most.depth) {
    if (!reading.failed)
      reading.report("FLOW5807", span, {
        what:
          depth > most.depth
            ? `It is nested more than ${most.depth} deep.`
            : `Aliases counted, it has more than ${most.nodes} values.`,
      });
    reading.failed = true;
    return { kind: "scalar", span, value: null, verbatim: undefined };
  }
  if (isAlias(node)) return { ...convert(node.resolve(reading.document) ?? null, reading, depth + 1), span };
  if (isSeq<Node>(node))
    return {
      kind: "list",
      span,
      items: reading.failed ? [] : node.items.map((item) => convert(item, reading, depth + 1)),
    };
  if (isMap<Node, Node | null>(node)) {
    const entries = reading.failed ? [] : node.items.map((pair) => entry(pair.key, pair.value, reading, depth));
    return { kind: "map", span, entries };
  }
  if (isScalar(node)) return scalar(node.value, span, reading.source);
  return { kind: "scalar", span, value: null, verbatim: undefined };
}

function entry(key: Node, value: Node | null, reading: Reading, depth: number): YamlEntry {
  const keySpan = spanOf(key);
  const name = isScalar(key) ? String(key.value) : reading.source.text.slice(keySpan.start, keySpan.end);
  const converted = convert(value, reading, depth + 1);
  return {
    key: name,
    keySpan,
    value: value === null ? { ...converted, span: { start: keySpan.end, end: keySpan.end } } : converted,
  };
}

function scalar(value: unknown, span: Span, source: SourceText): YamlScalar {
  if (typeof value === "string") {
    const text = source.text.slice(span.start, span.end);
    const inner = text === value ? span : { start: span.start + 1, end: span.end - 1 };
    return {
      kind: "scalar",
      span,
      value,
      verbatim: source.text.slice(inner.start, inner.end) === value ? inner : undefined,
    };
  }
  if (typeof value === "bigint")
    return {
      kind: "scalar",
      span,
      value: Number.isSafeInteger(Number(value)) ? Number(value) : value,
      verbatim: undefined,
    };
  const known = typeof value === "number" || typeof value === "boolean" ? value : null;
  return { kind: "scalar", span, value: known, verbatim: undefined };
}

const spanOf = (node: Node | null): Span =>
  node?.range ? { start: node.range[0], end: node.range[1] } : { start: 0, end: 0 };

/** The value of a field, undefined when it is not there. */
export const field = (map: YamlMap, key: string): YamlNode | undefined =>
  map.entries.find((one) => one.key === key)?.value;

export function asMap(node: YamlNode | undefined): YamlMap | undefined {
  return node?.kind === "map" ? node : undefined;
}
export const asList = (node: YamlNode | undefined): readonly YamlNode[] => (node?.kind === "list" ? node.items : []);

export function asText(node: YamlNode | undefined): string | undefined {
  return node?.kind === "scalar" && typeof node.value === "string" ? node.value : undefined;
}

/** As plain JSON, for schemas of types. */
export function plain(node: YamlNode): PlainValue {
  if (node.kind === "list") return node.items.map(plain);
  if (node.kind === "map") return Object.fromEntries(node.entries.map(({ key, value }) => [key, plain(value)]));
  return node.value;
}
export type PlainValue =
  | string
  | number
  | bigint
  | boolean
  | null
  | readonly PlainValue[]
  | { readonly [name: string]: PlainValue };
