/**
 * Cuts a pipeline into stages: maximal runs of nodes that need no repartitioning and no container of their own. Works
 * on the graph alone; knows neither Kafka nor Kubernetes.
 *
 * Every node has a level, the largest number of cuts on a way to it. Nodes joined by an uncut edge of one level share a
 * stage, so edges between stages always climb and stages never form a cycle.
 */
import { kebab } from "../source/kebab.ts";
import { afterInputs } from "./after-inputs.ts";
import type { Ir, IrNode, IrValue } from "./ir.ts";

export interface Stage {
  /** The kebab-case names of its nodes, joined. Unique in the pipeline. */
  readonly name: string;
  /** In topological order, tables not among them. */
  readonly nodes: readonly IrNode[];
}

const longestName = 40;

/** All nodes but tables, each after its inputs; ties in written order. */
export function topological(ir: Ir): readonly IrNode[] {
  const byName = new Map(ir.nodes.map((node) => [node.name, node]));
  const nodes = ir.nodes.filter((node) => node.kind !== "table");
  const producersOf = ({ from }: IrNode): readonly IrNode[] =>
    from.map((input) => byName.get(input.node)).filter((node) => node !== undefined);
  return afterInputs(nodes, producersOf);
}

/** `local`: everything runs in one process, so all of it is one stage, named after the pipeline. */
export function stages(ir: Ir, options: { readonly local?: boolean } = {}): readonly Stage[] {
  const order = topological(ir);
  if (options.local) return [{ name: kebab(ir.name), nodes: order }];
  const groups = new Map<number, IrNode[]>();
  const stageOf = fuse(order);
  for (const [i, node] of order.entries()) {
    const group = groups.get(stageOf[i]!);
    if (group === undefined) groups.set(stageOf[i]!, [node]);
    else group.push(node);
  }
  const taken = new Set<string>();
  return sortedByInputs([...groups.values()]).map((nodes) => ({ name: stageName(nodes, taken), nodes }));
}

/** Cheaper than to ask for the stages. */
export function hasSeveralStages(ir: Ir): boolean {
  const [first, ...others] = fuse(topological(ir));
  return others.some((stage) => stage !== first);
}

/** What stands for the stage of each node of `order`, a part of a pipeline too: the place of one of its nodes. */
function fuse(order: readonly IrNode[]): readonly number[] {
  const placeOf = new Map<string, number>();
  const level: number[] = [];
  const parent: number[] = [];
  const root = (place: number): number => {
    let at = place;
    while (parent[at] !== at) at = parent[at]!;
    return at;
  };
  for (const node of order) {
    const own = level.length;
    placeOf.set(node.name, own);
    parent.push(own);
    const inputs = node.from.map((input) => placeOf.get(input.node)).filter((input) => input !== undefined);
    const climb = (input: number): number => level[input]! + (isCut(order[input]!, node) ? 1 : 0);
    const highest = inputs.reduce((most, input) => Math.max(most, climb(input)), 0);
    level.push(highest);
    for (const input of inputs)
      if (climb(input) === highest && level[input] === highest) parent[root(own)] = root(input);
  }
  return parent.map((_, i) => root(i));
}

/** Events must change processes on the way from `producer` to `node`. */
function isCut(producer: IrNode, node: IrNode): boolean {
  return needsRepartitioning(node) || hasContainer(node) || differentReplicas(producer, node);
}

/** Events with equal keys must meet in one place: windows, keyed chunks, dedupe. A window without a key has one group for all. */
export function needsRepartitioning(node: IrNode): boolean {
  if (node.kind === "window") return true;
  if (node.kind === "chunk") return node.clauses.some((clause) => clause.keyword === "key");
  return node.clauses.some((clause) => clause.row === "step.dedupe");
}

export const hasContainer = (node: IrNode): boolean => node.clauses.some((clause) => clause.row === "step.container");

/** A node that says how many copies of it run starts a stage, unless its producer says the same. */
function differentReplicas(producer: IrNode, node: IrNode): boolean {
  const own = replicasOf(node);
  return own !== undefined && own !== replicasOf(producer);
}

function replicasOf(node: IrNode): string | undefined {
  const clause = node.clauses.find((one) => one.keyword === "replicas");
  return clause && JSON.stringify(clause.values.map(([part, value]) => [part, replicasText(value)]));
}

const replicasText = (value: IrValue): unknown =>
  value.kind === "replicas" ? value.value : value.kind === "constant" ? String(value.value) : value.kind;

/** A stage comes after those it reads. `groups` come in the order of their first nodes, which need not be that order. */
function sortedByInputs(groups: readonly (readonly IrNode[])[]): readonly (readonly IrNode[])[] {
  const groupOf = new Map(groups.flatMap((group) => group.map((node) => [node.name, group] as const)));
  const inputsOf = (group: readonly IrNode[]) =>
    group.flatMap((node) => node.from.map((input) => groupOf.get(input.node)).filter((one) => one !== undefined));
  return afterInputs(groups, inputsOf);
}

function stageName(nodes: readonly IrNode[], taken: Set<string>): string {
  const names = nodes.map((node) => kebab(node.name));
  const joined = names.join("-");
  const short =
    joined.length <= longestName ? joined : `${names[0]}-to-${names.at(-1)}`.slice(0, longestName).replace(/-+$/, "");
  let name = short;
  for (let i = 2; taken.has(name); i++) name = `${short}-${i}`;
  taken.add(name);
  return name;
}
