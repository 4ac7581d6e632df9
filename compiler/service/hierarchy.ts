/** The pipeline as a call hierarchy: who reads a node, and whom it reads. */
import type { ModelNode } from "../semantics/model.ts";
import { printValueType } from "../semantics/print-value-type.ts";
import { locationIn, nameAt } from "./names.ts";
import { bare } from "./syntax-path.ts";
import type { HierarchyCall, HierarchyItem } from "./types.ts";
import type { Workspace } from "./workspace.ts";

export function prepareHierarchy(ws: Workspace, path: string, offset: number): readonly HierarchyItem[] {
  const thing = nameAt(ws, path, offset);
  const node = ws.file(path).model.nodes.find(({ declaration }) => declaration === thing?.symbol?.declaration);
  return node ? [itemOf(node)] : [];
}

function itemOf(node: ModelNode): HierarchyItem {
  return {
    name: node.name,
    kind: node.kind,
    detail: `${node.kind}: ${shortened(printValueType(node.outputType))}`,
    whole: locationIn(node.file, node.declaration.span),
    selection: locationIn(node.file, node.declaration.name.span),
  };
}

const shortened = (text: string): string => (text.length > 80 ? `${text.slice(0, 79)}…` : text);

const nodeOf = (ws: Workspace, { name, whole }: HierarchyItem): ModelNode | undefined =>
  ws.file(whole.file).model.nodes.find((node) => node.name === name);

/** The nodes that it reads. */
export function upstream(ws: Workspace, item: HierarchyItem): readonly HierarchyCall[] {
  const node = nodeOf(ws, item);
  const producers = new Set(node?.inputs.flatMap((input) => (input.node ? [input.node] : [])));
  return [...producers].map((producer) => ({
    item: itemOf(producer),
    from: node!.inputs.filter((input) => input.node === producer).map(({ syntax }) => bare(syntax.span)),
  }));
}

/** The nodes that read it. */
export function downstream(ws: Workspace, item: HierarchyItem): readonly HierarchyCall[] {
  const readers = nodeOf(ws, item)?.readers ?? [];
  return [...new Set(readers.map(({ node }) => node))].map((reader) => ({
    item: itemOf(reader),
    from: readers.filter(({ node }) => node === reader).map(({ input }) => bare(input.syntax.span)),
  }));
}
