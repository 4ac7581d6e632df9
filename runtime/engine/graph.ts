/** Who reads whom in a stage, and for which nodes data can be seen by more than one reader. */
import type { EdgePlan, NodePlan, RuntimeConfig } from "../../compiler/contract/runtime-config.ts";
import { RuntimeError } from "./runtime-error.ts";

export interface Reader {
  readonly node: NodePlan;
  /** Of `node` among the stage's nodes. */
  readonly index: number;
  readonly edge: EdgePlan;
}

export interface Graph {
  readonly indexByName: ReadonlyMap<string, number>;
  /** In the order of the plan. */
  readersOf(index: number, output: EdgePlan["output"]): readonly Reader[];
  /** One event can reach several readers of the node's main output. */
  isShared(index: number): boolean;
}

/** @throws RuntimeError "bad-config" when an edge names a node that does not come before its reader. */
export function graphOf(config: RuntimeConfig): Graph {
  const indexByName = new Map<string, number>();
  const readers = new Map<string, Reader[]>();
  config.nodes.forEach((node, index) => {
    for (const edge of node.kind === "source" ? [] : node.from) {
      const from = indexByName.get(edge.node);
      if (from === undefined)
        throw new RuntimeError("bad-config", `'${node.name}' reads '${edge.node}', which does not come before it.`);
      const key = `${from} ${edge.output}`;
      readers.set(key, [...(readers.get(key) ?? []), { node, index, edge }]);
    }
    indexByName.set(node.name, index);
  });
  const readersOf = (index: number, output: EdgePlan["output"]) => readers.get(`${index} ${output}`) ?? [];
  return { indexByName, readersOf, isShared: (index) => shares(readersOf(index, "main")) };
}

/** `where` and its `otherwise` never take the same event; everything else may. */
function shares(readers: readonly Reader[]): boolean {
  const wheres = readers.filter(({ edge }) => edge.where !== undefined).length;
  const others = readers.filter(({ edge }) => edge.otherwise === true).length;
  const plain = readers.length - wheres - others;
  return wheres > 1 || others > 1 || plain > 1 || (plain === 1 && wheres + others > 0);
}
