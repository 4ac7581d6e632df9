/** One text per phase of the compiler, for the golden folders: written to be read and reviewed by people. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import pc from "picocolors";
import { textReport } from "../../compiler/cli/report/text.ts";
import { compile } from "../../compiler/compile.ts";
import { graphOf } from "../../compiler/emit/graph/graph.ts";
import { mermaid } from "../../compiler/emit/graph/text-forms.ts";
import { printYaml } from "../../compiler/emit/yaml.ts";
import type { Model } from "../../compiler/semantics/model.ts";
import { printValueType } from "../../compiler/semantics/print-value-type.ts";
import { type Host, memoryHost } from "../../compiler/source/host.ts";
import { placeOf, positionAt, type SourceText, sourceText } from "../../compiler/source/source-text.ts";
import type { Span } from "../../compiler/source/span.ts";
import { parse } from "../../compiler/syntax/parse.ts";
import { scan } from "../../compiler/syntax/scan.ts";

const none = "The file has errors: this phase is not reached.\n";

/** Reads below `folder`, whose main file is `pipeline.flow`. */
export function hostOf(folder: string): Host {
  const readFile = (path: string): string | undefined => {
    try {
      return readFileSync(join(folder, path), "utf8");
    } catch {
      return undefined;
    }
  };
  return { readFile, resolve: memoryHost({}).resolve };
}

/** File name → text. */
export function goldenPhases(folder: string): ReadonlyMap<string, string> {
  const host = hostOf(folder);
  const source = sourceText("pipeline.flow", host.readFile("pipeline.flow") ?? "");
  const { model, diagnostics, sources, ir, pipeline, stages } = compile(source.path, host);
  return new Map([
    ["tokens.txt", tokens(source)],
    ["ast.txt", syntaxTree(source)],
    ["types.txt", types(model, source)],
    ["ir.json", ir ? json(withPlaces(ir, sources)) : none],
    ["cr.yaml", pipeline ? printYaml(pipeline.resource) : none],
    ["runtime.json", stages ? json(stages) : none],
    ["graph.mmd", ir ? mermaid(graphOf(ir)) : none],
    [
      "diagnostics.txt",
      diagnostics.length > 0 ? textReport({ diagnostics, sources, fileCount: 1 }, pc.createColors(false)) : "None.\n",
    ],
  ]);
}

/** `line:column type text`, a line each. */
function tokens(source: SourceText): string {
  const { tokens: found } = scan(source.text, () => {});
  return lines(
    found
      .filter((token) => token.image !== "")
      .map(
        (token) =>
          `${at(source, token.startOffset).padEnd(7)}${token.tokenType.name.padEnd(18)}${token.image.replaceAll("\n", "\\n")}`,
      ),
  );
}

/** A line per node or list, indented; the span of each node at the end. */
function syntaxTree(source: SourceText): string {
  const out: string[] = [];
  const walk = (name: string, value: unknown, indent: string): void => {
    if (
      value === undefined ||
      name === "span" ||
      name === "keyword" ||
      name === "operatorSpan" ||
      name === "comments"
    ) {
      if (name !== "keyword" || !isName(value)) return;
    }
    if (Array.isArray(value)) {
      if (value.length === 0) return;
      out.push(`${indent}${name}:`);
      for (const item of value) walk("-", item, `${indent}  `);
    } else if (isName(value)) out.push(`${indent}${name} ${JSON.stringify(value.text)}`);
    else if (typeof value === "object" && value !== null && !(value instanceof Uint8Array)) {
      const { kind = "", span, ...fields } = value as { kind?: string; span?: Span };
      out.push(
        `${indent}${[name, kind].filter(Boolean).join(" ")}${span ? ` [${at(source, span.start)}-${at(source, span.end)}]` : ""}`,
      );
      for (const [field, one] of Object.entries(fields)) walk(field, one, `${indent}  `);
    } else out.push(`${indent}${name} ${typeof value === "bigint" ? `${value}` : JSON.stringify(value)}`);
  };
  for (const declaration of parse(source).file.declarations) walk("", declaration, "");
  return lines(out);
}

const isName = (value: unknown): value is { readonly text: string } =>
  typeof value === "object" &&
  value !== null &&
  "text" in value &&
  "span" in value &&
  !("kind" in value) &&
  Object.keys(value).length === 2;

/** What flows into and out of each node, then the type of every expression. */
function types(model: Model, source: SourceText): string {
  const nodes = model.nodes.map(
    (node) => `${node.name}: ${printValueType(node.inputType)} → ${printValueType(node.outputType)}`,
  );
  const expressions = [...model.typeOf]
    .toSorted(([a], [b]) => a.span.start - b.span.start || b.span.end - a.span.end)
    .map(
      ([{ span }, type]) =>
        `${at(source, span.start).padEnd(7)}${source.text.slice(span.start, span.end).replace(/\s+/g, " ")} : ${printValueType(type)}`,
    );
  return lines([...nodes, "", ...expressions]);
}

function at(source: SourceText, offset: number): string {
  const { line, character } = positionAt(source, offset);
  return `${line + 1}:${character + 1}`;
}

/** Offsets as `file:line:column`. */
function withPlaces(value: unknown, sources: ReadonlyMap<string, SourceText>): unknown {
  if (typeof value === "bigint") return String(value);
  if (Array.isArray(value)) return value.map((one) => withPlaces(one, sources));
  if (typeof value !== "object" || value === null) return value;
  if ("file" in value && "start" in value && "end" in value) {
    const source = sources.get(String(value.file));
    return source ? placeOf(source, Number(value.start)) : String(value.file);
  }
  return Object.fromEntries(Object.entries(value).map(([name, one]) => [name, withPlaces(one, sources)]));
}

const json = (value: unknown): string => `${JSON.stringify(value, null, 2)}\n`;
const lines = (all: readonly string[]): string => `${all.join("\n")}\n`;
