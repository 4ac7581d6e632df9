/** Resolves the inputs of nodes, and puts the nodes in an order in which each comes after what it reads. */
import { didYouMean, nearest } from "../../source/nearest.ts";
import type { Input, NodeKind } from "../../syntax/ast.ts";
import { type InputEntry, type NodeEntry, nodeEntry } from "../node-entry.ts";
import { type Names, type Program, use } from "../program.ts";

export interface Graph {
  /** In written order, tables too. */
  readonly nodes: readonly NodeEntry[];
  /** Each after its inputs; tables first. */
  readonly order: readonly NodeEntry[];
  /** Some input names nothing, so that other nodes may only seem unread. */
  readonly hasUnknownInputs: boolean;
}

export function resolveGraph(program: Program, names: Names): Graph {
  const nodes = names.nodes.map((declaration) => nodeEntry(declaration, program.path));
  const nodeByName = new Map<string, NodeEntry>();
  for (const node of nodes) {
    if (nodeByName.has(node.name)) node.meant = true;
    else nodeByName.set(node.name, node);
  }
  let hasUnknownInputs = false;
  for (const node of nodes) {
    for (const syntax of node.declaration.inputs) {
      const input = resolveInput(program, names, nodeByName, node, syntax);
      if (!input.node && syntax.node.text !== "") hasUnknownInputs ||= !nearestNode(syntax.node.text, nodeByName);
      node.inputs.push(input);
      input.node?.readers.push({ node, input });
    }
  }
  return { nodes, order: sort(program, nodes), hasUnknownInputs };
}

function resolveInput(
  program: Program,
  names: Names,
  nodeByName: ReadonlyMap<string, NodeEntry>,
  reader: NodeEntry,
  syntax: Input,
): InputEntry {
  const { report } = program.main;
  const { text, span } = syntax.node;
  const node = nodeByName.get(text);
  const output = syntax.output?.text;
  const entry: InputEntry = {
    syntax,
    node: undefined,
    output: output === "errors" || output === "late" ? output : "main",
    otherwise: syntax.otherwise !== undefined,
    ...(syntax.alias ? { alias: syntax.alias.text } : {}),
  };
  if (node) {
    use(names.values.get(text)!, program.path, span);
    if (isReadable(program, node, reader, syntax)) entry.node = node;
  } else if (text !== "") {
    const near = nearestNode(text, nodeByName);
    if (near) near.meant = true;
    const other = names.values.get(text);
    if (other) report("FLOW4006", span, { name: text, why: `it is a ${other.kind}` });
    else {
      const fixes = near
        ? [{ title: `Change to '${near.name}'`, edits: [{ file: program.path, ...bare(span), newText: near.name }] }]
        : [];
      report("FLOW2001", span, { name: text, near: didYouMean(near?.name) }, { fixes });
    }
  }
  return entry;
}

const bare = (span: { readonly start: number; readonly end: number }) => ({ start: span.start, end: span.end });

/** In larger graphs no guess is made: looking at all names for each of many wrong ones would take long. */
const mostNodesForGuess = 500;

function nearestNode(name: string, nodeByName: ReadonlyMap<string, NodeEntry>): NodeEntry | undefined {
  if (nodeByName.size > mostNodesForGuess) return undefined;
  const readable = [...nodeByName.values()].filter((node) => node.kind !== "sink" && node.kind !== "table");
  const near = nearest(
    name,
    readable.map((node) => node.name),
  );
  return near === undefined ? undefined : nodeByName.get(near);
}

const outputsOf: Readonly<Record<NodeKind, readonly string[]>> = {
  source: ["errors"],
  step: ["errors"],
  window: ["errors", "late"],
  chunk: ["errors"],
  sink: ["errors"],
  table: [],
};

function isReadable(program: Program, node: NodeEntry, _reader: NodeEntry, syntax: Input): boolean {
  const { report } = program.main;
  const { name, kind } = node;
  const output = syntax.output;
  if (kind === "table") {
    report("FLOW4006", syntax.node.span, {
      name,
      why: `it is a table; look its rows up with '${name}[key]' in an expression`,
    });
    return false;
  }
  if (output && !outputsOf[kind].includes(output.text)) {
    if (output.text === "") return false;
    const outputs = outputsOf[kind].map((each) => `'${name}.${each}'`).join(" and ");
    const near = nearest(output.text, outputsOf[kind]);
    const fixes =
      near === undefined
        ? []
        : [{ title: `Change to '${near}'`, edits: [{ file: program.path, ...bare(output.span), newText: near }] }];
    report(
      "FLOW4004",
      output.span,
      { node: name, kind, output: output.text, outputs: ` It has ${outputs}.${didYouMean(near)}` },
      { fixes },
    );
    node.meant = true;
    return false;
  }
  if (kind === "sink" && !output) {
    report("FLOW4006", syntax.node.span, {
      name,
      why: "it is a sink, where events leave; only its '.errors' can be read",
    });
    return false;
  }
  return true;
}

/** Depth first, without recursion. The input that closes a circle is reported and cut. */
function sort(program: Program, nodes: readonly NodeEntry[]): readonly NodeEntry[] {
  const order: NodeEntry[] = nodes.filter((node) => node.kind === "table");
  const state = new Map<NodeEntry, "open" | "done">(order.map((node) => [node, "done"]));
  for (const root of nodes) {
    if (state.has(root)) continue;
    const stack = [{ node: root, next: 0 }];
    state.set(root, "open");
    while (stack.length > 0) {
      const top = stack.at(-1)!;
      const input = top.node.inputs[top.next++];
      if (!input) {
        state.set(top.node, "done");
        order.push(top.node);
        stack.pop();
      } else if (input.node && !state.has(input.node)) {
        state.set(input.node, "open");
        stack.push({ node: input.node, next: 0 });
      } else if (input.node && state.get(input.node) === "open") {
        cut(
          program,
          stack.map((each) => each.node),
          input,
        );
      }
    }
  }
  return order;
}

function cut(program: Program, path: readonly NodeEntry[], input: InputEntry): void {
  const circle = path.slice(path.indexOf(input.node!));
  const cycle = [...circle, circle[0]!].map((node) => node.name).join(" ← ");
  program.main.report(
    "FLOW4001",
    input.syntax.node.span,
    { cycle },
    {
      related: circle.map((node) => ({
        at: { file: node.file, ...bare(node.declaration.name.span) },
        message: `'${node.name}' is on the circle.`,
      })),
    },
  );
  for (const node of circle) node.meant = true;
  input.node = undefined;
}
