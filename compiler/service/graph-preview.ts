/**
 * The pipeline as a graph with the way back to the source, for a picture beside the text. The graph is that of `flow graph`;
 * it is drawn of a file with errors too, as far as its nodes are understood, with the problems where they are.
 */
import { graphOf } from "../emit/graph/graph.ts";
import type { IrInput } from "../ir/ir.ts";
import { lower } from "../ir/lower.ts";
import type { Model, ModelNode } from "../semantics/model.ts";
import type { Diagnostic } from "../source/diagnostic.ts";
import type { Location } from "../source/span.ts";
import { locationIn } from "./names.ts";
import type { GraphNode, GraphPreview, GraphProblem } from "./types.ts";
import type { Analysis, Workspace } from "./workspace.ts";

export function graphPreview(ws: Workspace, path: string): GraphPreview {
  const analysis = ws.file(path);
  const nodes = named(analysis.model);
  const ir = lower({ ...analysis.model, nodes });
  const { name, description, edges, stages, ...graph } = graphOf(ir);
  const problems = problemsByNode(analysis);
  const inputs = new Map(ir.nodes.map((node) => [node.name, node.from.values()]));
  const modelNode = new Map(nodes.map((node) => [node.name, node]));
  return {
    name,
    ...(description === undefined ? {} : { description }),
    broken: hasSyntaxError(analysis),
    stages,
    nodes: graph.nodes.flatMap(({ id, label: _, ...node }): readonly GraphNode[] => {
      const declared = modelNode.get(id);
      return declared ? [{ ...node, name: id, ...placesOf(declared), problems: problems.get(id) ?? [] }] : [];
    }),
    edges: edges.flatMap((edge) => {
      const at = edge.kind === "table" ? modelNode.get(edge.to) : nextOf(inputs.get(edge.to));
      return at ? [{ ...edge, at: "origin" in at ? at.origin : placesOf(at).at }] : [];
    }),
    problems: problems.get("") ?? [],
  };
}

/** Those a picture can name: one of each name, none without. */
function named({ nodes }: Model): readonly ModelNode[] {
  const first = new Map<string, ModelNode>();
  for (const node of nodes) if (node.name !== "" && !first.has(node.name)) first.set(node.name, node);
  return [...first.values()];
}

/** The edges of a node come in the order of its inputs. */
const nextOf = (inputs: Iterator<IrInput, undefined> | undefined): IrInput | undefined => inputs?.next().value;

function placesOf({ file, declaration }: ModelNode): { readonly at: Location; readonly whole: Location } {
  return { at: locationIn(file, declaration.name.span), whole: locationIn(file, declaration.span) };
}

/** Under "" those that lie in no node. Hints are no problems. */
function problemsByNode({ model, path, allDiagnostics }: Analysis): ReadonlyMap<string, readonly GraphProblem[]> {
  const found = new Map<string, GraphProblem[]>();
  for (const diagnostic of allDiagnostics) {
    const { severity, code, message, at } = diagnostic;
    if (severity !== "error" && severity !== "warning") continue;
    const name = model.nodes.find((node) => holds(node, diagnostic))?.name ?? "";
    const list = found.get(name) ?? [];
    list.push({ severity, code, message, at: at.file === "" ? { ...at, file: path } : at });
    found.set(name, list);
  }
  return found;
}

function holds({ file, declaration: { span } }: ModelNode, { at }: Diagnostic): boolean {
  return at.file === file && span.start <= at.start && at.start < Math.max(span.end, span.start + 1);
}

const hasSyntaxError = ({ diagnostics }: Analysis): boolean =>
  diagnostics.some(({ severity, code }) => severity === "error" && code.startsWith("FLOW1"));
