/** Which nodes and branches of a pipeline its tests have run, from the counts of their recorders. */
import type { NodePlan, OperatorPlan, RuntimeConfig } from "../../compiler/contract/runtime-config.ts";

export interface Branch {
  readonly node: string;
  /** `file:line:column`. */
  readonly at: string;
  /** `'filter' of 'words'`, `'where' of 'big'`, `'words'`. */
  readonly what: string;
  /** What happens on it: completes the sentence `what` + `never` …. */
  readonly does:
    | "ran"
    | "dropped an event"
    | "let an event pass"
    | "took an event"
    | "refused an event"
    | "gave an event";
  readonly count: number;
}

export type Counts = ReadonlyMap<string, number>;

/** In the order of the nodes, and in these of what an event passes. */
export function branches(config: RuntimeConfig, counts: Counts): readonly Branch[] {
  return config.nodes.flatMap((node, index) => [
    ...edges(node, index, config, counts),
    branch(node, node.at, `'${node.name}'`, "ran", sum(counts, `came/${index}/`)),
    ...(node.kind === "step"
      ? node.operators.flatMap((operator, number) => ofOperator(node, operator, index, number, counts))
      : []),
    ...(node.kind === "window" ? ofWindow(node, index, counts) : []),
    ...(node.kind === "chunk" ? [gaveResult(node, index, counts)] : []),
  ]);
}

export function addCounts(into: Map<string, number>, counts: Counts): void {
  for (const [name, count] of counts) into.set(name, (into.get(name) ?? 0) + count);
}

function edges(node: NodePlan, index: number, { nodes }: RuntimeConfig, counts: Counts): readonly Branch[] {
  if (node.kind === "source") return [];
  return node.from.flatMap((edge, number) => {
    const took = counts.get(`came/${index}/${number}`) ?? 0;
    if (edge.where !== undefined)
      return [
        branch(node, node.at, `'where' of '${node.name}'`, "took an event", took),
        branch(
          node,
          node.at,
          `'where' of '${node.name}'`,
          "refused an event",
          counts.get(`passed_by/${index}/${number}`) ?? 0,
        ),
      ];
    if (edge.otherwise === true) return [branch(node, node.at, `'otherwise' of '${node.name}'`, "took an event", took)];
    // That of a window is told of at the window.
    const isLate = edge.output === "late" && nodes.some((each) => each.kind === "window" && each.name === edge.node);
    if (edge.output === "main" || isLate) return [];
    return [branch(node, node.at, `'${edge.node}.${edge.output}'`, "gave an event", took)];
  });
}

const selects: ReadonlySet<string> = new Set(["filter", "sample", "dedupe"]);

function ofOperator(
  node: NodePlan,
  { op, at }: OperatorPlan,
  index: number,
  number: number,
  counts: Counts,
): readonly Branch[] {
  if (!selects.has(op)) return [];
  const what = `'${op}' of '${node.name}'`;
  return [
    branch(node, at, what, "let an event pass", counts.get(`passed/${index}/${number}`) ?? 0),
    branch(node, at, what, "dropped an event", counts.get(`dropped/${index}/${number}`) ?? 0),
  ];
}

const gaveResult = (node: NodePlan, index: number, counts: Counts): Branch =>
  branch(node, node.at, `'${node.name}'`, "gave an event", counts.get(`gave/${index}/main`) ?? 0);

function ofWindow(
  node: Extract<NodePlan, { readonly kind: "window" }>,
  index: number,
  counts: Counts,
): readonly Branch[] {
  const result = gaveResult(node, index, counts);
  const where =
    node.where === undefined
      ? []
      : [
          branch(
            node,
            node.at,
            `'where' in '${node.name}'`,
            "refused an event",
            counts.get(`passed_by/${index}/-1`) ?? 0,
          ),
        ];
  // A window over all time has nothing late.
  if (node.assign.kind === "global" || node.assign.kind === "count") return [result, ...where];
  return [
    result,
    ...where,
    branch(node, node.at, `'${node.name}.late'`, "gave an event", counts.get(`gave/${index}/late`) ?? 0),
  ];
}

const branch = (node: NodePlan, at: string, what: string, does: Branch["does"], count: number): Branch => ({
  node: node.name,
  at,
  what,
  does,
  count,
});

function sum(counts: Counts, prefix: string): number {
  let total = 0;
  for (const [name, count] of counts) if (name.startsWith(prefix)) total += count;
  return total;
}
