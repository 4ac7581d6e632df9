/** What of an event comes through the steps before a window, where the result of each operator is known. */
import type { Model, ModelClause } from "../../semantics/model.ts";
import type { Expression } from "../../syntax/ast.ts";
import { withField, without } from "./data-paths.ts";
import { foreseenValue, type Scene, Unforeseen, type Value } from "./foreseen-value.ts";
import type { Way } from "./way-to-window.ts";

export const expressionOf = (clause: ModelClause | undefined, part: string): Expression | undefined => {
  const value = clause?.values.get(part);
  return value?.kind === "expr" ? value.value.syntax : undefined;
};

/** `event` is not known, but there. */
export const sceneOf = (data: Value, model: Model): Scene => ({
  model,
  variables: new Map([
    ["data", data],
    ["event", undefined],
  ]),
});

export function through({ steps, window }: Way, data: Value, model: Model): readonly Value[] {
  let all: readonly Value[] = [data];
  const keep = (e: Expression): void => {
    all = all.filter((one) => {
      const passes = foreseenValue(e, sceneOf(one, model));
      if (typeof passes !== "boolean") throw new Unforeseen();
      return passes;
    });
  };
  for (const node of [...steps, window]) {
    const where = node.inputs[0]?.where;
    if (where) keep(where.syntax);
    for (const clause of node.kind === "step" ? node.clauses : []) {
      if (clause.keyword === "filter") keep(expressionOf(clause, "test")!);
      else all = all.flatMap((one) => operated(clause, one, model));
    }
  }
  return all;
}

/** The operators of which the result is known. */
function operated(clause: ModelClause, data: Value, model: Model): readonly Value[] {
  const scene = sceneOf(data, model);
  const value = (part: string): Value => foreseenValue(expressionOf(clause, part)!, scene);
  const paths = (part: string): readonly (readonly string[])[] => {
    const given = clause.values.get(part);
    return given?.kind === "paths" ? given.paths : [];
  };
  switch (clause.keyword) {
    case "log":
    case "attributes":
      return [data];
    case "map":
      return [value("value")];
    case "set":
      return [paths("path").reduce((all, path) => withField(all, path, value("value")), data)];
    case "remove":
      return [paths("paths").reduce((all, path) => without(all, path), data)];
    case "expand": {
      const list = value("list");
      if (!Array.isArray(list)) throw new Unforeseen();
      return list;
    }
    default:
      throw new Unforeseen();
  }
}
