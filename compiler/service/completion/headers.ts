/** Items outside of blocks: declarations, what goes on with a header, nodes to read, types. */
import { declarations } from "../../catalog/declarations.ts";
import { types } from "../../catalog/types.ts";
import type { ModelNode } from "../../semantics/model.ts";
import { printValueType } from "../../semantics/print-value-type.ts";
import type { NodeDeclaration } from "../../syntax/ast.ts";
import type { Candidate } from "./item.ts";
import { operatorItems } from "./operators.ts";
import { isFollowed, lineBefore, marker, type Probe } from "./probe.ts";

const bodies: Readonly<Record<string, string>> = {
  pipeline: `pipeline \${1:name} {\n  $0\n}`,
  import: 'import "./$1"',
  param: `param \${1:name}: \${2:string}`,
  type: `type \${1:Name} {\n  $0\n}`,
  fn: `fn \${1:name}(\${2:value}: \${3:string}): \${4:string} = \${2:value}`,
  table: `table \${1:name} {\n  $0\n}`,
  source: `source \${1:name} {\n  $0\n}`,
  step: `step \${1:name} from $2 {\n  $0\n}`,
  window: `window \${1:name} from $2 {\n  $0\n}`,
  chunk: `chunk \${1:name} from $2 {\n  $0\n}`,
  sink: `sink \${1:name} from $2 {\n  $0\n}`,
  test: 'test "$1" {\n  $0\n}',
};

export function declarationItems({ tree, text, word }: Probe): readonly Candidate[] {
  const hasHeader = tree.declarations.some(({ kind }) => kind === "pipeline");
  const isFollowed = /^[ \t]+\S/.test(text.slice(word.end, word.end + 40));
  const isReader = /^[^\n{]*\bfrom\b/.test(text.slice(word.end, word.end + 200));
  return declarations
    .filter(({ keyword }) => keyword !== "pipeline" || !hasHeader)
    .filter(({ keyword }) => !isReader || (keyword !== "source" && keyword !== "table"))
    .map(({ keyword, signature }) => ({
      label: keyword,
      kind: "keyword",
      rank: 0,
      detail: signature,
      docKey: `declaration ${keyword}`,
      ...(isFollowed ? {} : { newText: bodies[keyword] ?? keyword, isSnippet: bodies[keyword] !== undefined }),
    }));
}

const keyword = (label: string, newText?: string): Candidate => ({
  label,
  kind: "keyword",
  rank: 0,
  ...(newText === undefined ? {} : { newText, isSnippet: true, triggersNext: true }),
});

/** `step a |`, `type A |`, `… from a |`: told by the line alone, since the header is not whole. */
export function headerItems(probe: Probe): readonly Candidate[] | undefined {
  const line = lineBefore(probe);
  const isBefore = (pattern: RegExp): boolean => pattern.test(line);
  if (isBefore(/^\s*(?:source|table|pipeline|step|window|chunk|sink|type|fn|param)\s+$/)) return [];
  if (isBefore(/^\s*type\s+\w+\s+from\s+$/))
    return [keyword("schema", 'schema("$1")'), keyword("sample", 'sample("$1")')];
  if (isBefore(/^\s*type\s+\w+\s+$/))
    return [{ ...keyword("{ … }", "{\n  $0\n}"), kind: "snippet" }, keyword("from", "from $0")];
  if (isBefore(/^\s*(?:step|window|chunk|sink)\s+\w+(?:\s*:\s*(?:\w+|\[\w+\]))?\s+$/))
    return [keyword("from", "from $0")];
  if (isBefore(/^\s*(?:step|window|chunk|sink)\s.*\bfrom\s[^{]*[\w)\]"]\s+$/) && !isBefore(/\b(?:as|where)\s+$/)) {
    const input = line.slice(Math.max(line.lastIndexOf(","), line.lastIndexOf(" from ") + 5));
    if (/\bwhere\b/.test(input)) return operatorItems;
    if (/\botherwise\b/.test(input)) return [];
    const bare = isFollowed(probe);
    return [
      ...(/\bas\b/.test(input) || !mayJoin(probe) ? [] : [keyword("as", bare ? undefined : `as \${1:name}`)]),
      keyword("where", bare ? undefined : "where $0"),
      ...(isRouted(probe, /^\s*(\w+)/.exec(input)?.[1]) ? [keyword("otherwise")] : []),
    ];
  }
  if (isBefore(/\bas\s+$/)) return [];
  return undefined;
}

/** Inputs have names for a join's sake: the window has one, or nothing yet. */
function mayJoin({ tree, word }: Probe): boolean {
  const window = tree.declarations.findLast(({ span }) => span.start < word.start);
  if (window?.kind !== "window") return false;
  return window.clauses.length === 0 || window.clauses.some(({ keyword }) => keyword.text === "join");
}

/** Another reader of the node has a `where`, whose rest `otherwise` takes. */
const isRouted = ({ model }: Probe, name: string | undefined): boolean =>
  model.nodes.some((node) => node.inputs.some(({ syntax }) => syntax.where !== undefined && syntax.node.text === name));

/** Nodes that `reader` may read: not itself, nor what reads it, nor what it reads already. */
export function readableNodes(probe: Probe, reader: NodeDeclaration | undefined): readonly Candidate[] {
  const { model } = probe;
  const own = model.nodes.find(({ declaration }) => declaration === reader);
  const below = new Set<ModelNode>(own ? [own] : []);
  for (const node of below) for (const one of node.readers) below.add(one.node);
  const already = new Set(
    reader?.inputs.filter(({ node }) => node.text !== marker).map(({ node, output }) => (output ? "" : node.text)),
  );
  const output = /^\.(\w*)/.exec(probe.text.slice(probe.word.end, probe.word.end + 10))?.[1];
  return model.nodes
    .filter((node) => node.kind !== "table" && !below.has(node) && !already.has(node.name))
    .filter(({ kind }) => output === undefined || output === "errors" || kind === "window")
    .map((node) => nodeItem(node, node.kind === "sink" && output === undefined));
}

function nodeItem(node: ModelNode, onlyErrors: boolean): Candidate {
  return {
    label: onlyErrors ? `${node.name}.errors` : node.name,
    kind: "node",
    rank: onlyErrors ? 2 : node.readers.length === 0 ? 0 : 1,
    detail: `${node.kind}: ${printValueType(node.outputType)}`,
    docKey: `node ${node.name}`,
  };
}

export function outputItems({ model }: Probe, name: string): readonly Candidate[] {
  const node = model.nodes.find((one) => one.name === name);
  if (!node || node.kind === "table") return [];
  return [
    { label: "errors", kind: "value", rank: 1, documentation: "The bad events of the node." },
    ...(node.kind === "window"
      ? [{ label: "late", kind: "value", rank: 0, documentation: "What came too late for its window." } as const]
      : []),
  ];
}

export function nodesOfKind({ model }: Probe, kinds: readonly string[]): readonly Candidate[] {
  return model.nodes.filter(({ kind }) => kinds.includes(kind)).map((node) => nodeItem(node, false));
}

export function typeItems({ model }: Probe): readonly Candidate[] {
  const own = model.symbols.filter(({ kind, name }) => kind === "type" && name !== marker);
  return [
    ...own.map(({ name }): Candidate => {
      const type = model.types[name];
      return {
        label: name,
        kind: "type",
        rank: 0,
        docKey: `type ${name}`,
        ...(type ? { detail: printValueType(type) } : {}),
      };
    }),
    ...types.map(({ name }): Candidate => ({ label: name, kind: "type", rank: 1, docKey: `scalar ${name}` })),
  ];
}

/** Which nodes the statements of a test speak of. */
export const nodesFor: Readonly<Record<string, readonly string[]>> = {
  "test.watermark": ["source"],
  "test.end": ["source"],
  "test.table": ["table"],
  "test.expect": ["source", "step", "window", "chunk", "sink"],
};
