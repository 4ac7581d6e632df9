/** What the compiler makes of the file, as text beside it, and from each part of that text the way back to the source. */
import { parseDocument } from "yaml";
import { graphOf } from "../emit/graph/graph.ts";
import { mermaid } from "../emit/graph/text-forms.ts";
import { originOf, type SourceMap } from "../emit/source-map.ts";
import { printYaml } from "../emit/yaml.ts";
import type { Ir } from "../ir/ir.ts";
import type { Location } from "../source/span.ts";
import { locationIn } from "./names.ts";
import { type Outputs, outputsOf } from "./pipeline-outputs.ts";
import { placedJson } from "./placed-json.ts";
import type { Preview, PreviewKind, PreviewMapping } from "./types.ts";
import type { Workspace } from "./workspace.ts";

const languages = { resource: "yaml", runtime: "json", ir: "json", graph: "mermaid" } as const;

export function preview(ws: Workspace, path: string, kind: PreviewKind): Preview {
  const outputs = outputsOf(ws.file(path));
  const language = languages[kind];
  if (typeof outputs === "string") return { kind, language, text: "", problem: outputs, mappings: [] };
  return { kind, language, ...texts[kind](outputs) };
}

type Text = Pick<Preview, "text" | "mappings">;

const texts: Readonly<Record<PreviewKind, (outputs: Outputs) => Text>> = {
  resource: ({ pipeline }) => {
    const text = printYaml(pipeline.resource);
    return { text, mappings: yamlMappings(text, pipeline.sourceMap) };
  },
  runtime: ({ runtime, ir }) => {
    const origins = originsOf(ir);
    // A plan has the trees of the pipeline's expressions, and its nodes by their names.
    for (const { nodes, tables } of runtime)
      for (const plan of [...nodes, ...tables]) {
        const node = ir.nodes.find(({ name }) => name === plan.name);
        if (node) origins.set(plan, node.origin);
      }
    return placed(runtime, origins);
  },
  ir: ({ ir }) => placed(ir, originsOf(ir)),
  graph: ({ ir }) => named(mermaid(graphOf(ir)), ir, (name) => `n_${name}`),
};

/** Each part of the pipeline that says where it was written, and the tree of each expression. */
function originsOf(ir: Ir): Map<object, Location> {
  const found = new Map<object, Location>();
  const visit = (one: unknown): void => {
    if (typeof one !== "object" || one === null) return;
    if ("origin" in one && isLocation(one.origin)) {
      found.set(one, one.origin);
      if ("tree" in one && typeof one.tree === "object" && one.tree !== null) found.set(one.tree, one.origin);
    }
    for (const [key, inner] of Object.entries(one)) if (key !== "tree" && key !== "origin") visit(inner);
  };
  visit(ir);
  return found;
}

const isLocation = (value: unknown): value is Location =>
  typeof value === "object" && value !== null && "file" in value && "start" in value;

function placed(value: unknown, origins: ReadonlyMap<object, Location>): Text {
  const { text, places } = placedJson(value, (one) => origins.get(one));
  const mappings = places.map(({ span, origin }) => ({ span, source: locationIn(origin.file, origin) }));
  return { text: `${text}\n`, mappings: smallestFirst(mappings) };
}

function yamlMappings(text: string, map: SourceMap): readonly PreviewMapping[] {
  const found: PreviewMapping[] = [];
  const add = (range: readonly number[] | null | undefined, start: number | undefined, pointer: string): void => {
    const origin = originOf(map, pointer);
    const end = range?.[1];
    if (origin && end !== undefined && start !== undefined)
      found.push({ span: { start, end: Math.min(end, text.length) }, source: locationIn(origin.file, origin) });
  };
  const walk = (node: unknown, pointer: string): void => {
    const items = isCollection(node) ? node.items : [];
    for (const [i, item] of items.entries()) {
      if (isPair(item)) {
        const inner = `${pointer}/${String(item.key.value).replaceAll("~", "~0").replaceAll("/", "~1")}`;
        add(item.value?.range ?? item.key.range, item.key.range?.[0], inner);
        walk(item.value, inner);
      } else {
        add(isRanged(item) ? item.range : undefined, isRanged(item) ? item.range?.[0] : undefined, `${pointer}/${i}`);
        walk(item, `${pointer}/${i}`);
      }
    }
  };
  walk(parseDocument(text).contents, "");
  return smallestFirst(found);
}

interface Ranged {
  readonly range?: readonly number[] | null;
}
const isRanged = (value: unknown): value is Ranged => typeof value === "object" && value !== null && "range" in value;
const isCollection = (value: unknown): value is { readonly items: readonly unknown[] } =>
  typeof value === "object" && value !== null && "items" in value && Array.isArray(value.items);
const isPair = (
  value: unknown,
): value is { readonly key: Ranged & { readonly value: unknown }; readonly value: Ranged | null } =>
  typeof value === "object" && value !== null && "key" in value && isRanged(value.key);

const smallestFirst = (mappings: readonly PreviewMapping[]): readonly PreviewMapping[] =>
  mappings.toSorted((a, b) => a.span.end - a.span.start - (b.span.end - b.span.start));

/** The lines that name a node lead to it. */
function named(text: string, ir: Ir, written: (name: string) => string): Text {
  const mappings: PreviewMapping[] = [];
  for (const { name, origin } of ir.nodes) {
    const wanted = written(name);
    for (let at = text.indexOf(wanted); at !== -1; at = text.indexOf(wanted, at + 1))
      if (!/\w/.test(text[at + wanted.length] ?? ""))
        mappings.push({ span: { start: at, end: at + wanted.length }, source: locationIn(origin.file, origin) });
  }
  return { text, mappings: smallestFirst(mappings) };
}
