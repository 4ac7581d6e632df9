/** The groups of a window and the row that each gives. */
import type { Model, ModelClause, ModelNode } from "../../semantics/model.ts";
import { foreseenValue, type Scene, textOf, Unforeseen, type Value } from "./foreseen-value.ts";
import { expressionOf, sceneOf } from "./through-steps.ts";

interface Bounds {
  readonly start: number;
  readonly end: number;
}

export function rowsOf(
  window: ModelNode,
  arrived: readonly Value[],
  bounds: Bounds | undefined,
  model: Model,
): { readonly values: readonly Value[]; readonly groups: number } {
  const clause = (keyword: string): ModelClause | undefined => window.clauses.find((one) => one.keyword === keyword);
  const given = clause("key")?.values.get("key");
  const keys = given?.kind === "exprs" ? given.values.map(({ syntax }) => syntax) : [];
  const groups = new Map<string, { readonly key: Value; readonly events: ReadonlyMap<string, Value>[] }>();
  for (const data of arrived) {
    const values = keys.map((e) => foreseenValue(e, sceneOf(data, model)));
    if (values.includes(undefined)) throw new Unforeseen();
    const key = values.length > 1 ? values : (values[0] ?? null);
    const group = groups.get(textOf(key)) ?? { key, events: [] };
    group.events.push(sceneOf(data, model).variables as Map<string, Value>);
    groups.set(textOf(key), group);
  }
  const values = [...groups.values()].flatMap(({ key, events }) => {
    const time =
      bounds &&
      new Map([
        ["start", { timestampMs: bounds.start }],
        ["end", { timestampMs: bounds.end }],
      ]);
    const variables = new Map<string, Value>([
      ["key", key],
      ["window", time],
      ["pane", undefined],
    ]);
    const scene: Scene = { model, variables, group: events };
    const where = expressionOf(clause("where"), "where") ?? expressionOf(clause("where"), "test");
    if (where) {
      const passes = foreseenValue(where, scene);
      if (typeof passes !== "boolean") throw new Unforeseen();
      if (!passes) return [];
    }
    const emit = expressionOf(clause("emit"), "emit");
    return emit ? [foreseenValue(emit, scene)] : [];
  });
  return { values, groups: groups.size };
}
