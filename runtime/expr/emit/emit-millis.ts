/** A timestamp as milliseconds, for event times and `unixMillis`: text in data is read without an object in between. */
import type { ExprTree } from "../../../compiler/contract/expr-tree.ts";
import { millisOf } from "../library/time.ts";
import type { Emit } from "./context.ts";
import { emitRawSelect } from "./emit-select.ts";

/** What stands for the timestamp before it becomes one: text of data, milliseconds, or a Timestamp. Not looked at yet. */
export function emitRawTime(emit: Emit, tree: ExprTree): string {
  if (tree.op === "call" && tree.fn === "timestampMillis" && tree.args[0]?.kind === "int")
    return `Number(${emit.value(tree.args[0])})`;
  if (tree.op === "call" && tree.fn === "timestamp" && tree.args[0]?.kind === "string") return emit.value(tree.args[0]);
  if (tree.op === "select" && !tree.optional && tree.of.kind !== "optional") return emitRawSelect(emit, tree);
  return emit.value(tree);
}

export function emitMillisValue(emit: Emit, tree: ExprTree): string {
  const millis = emit.ref(millisOf);
  if (tree.op === "call" && tree.fn === "timestampMillis" && tree.args[0]?.kind === "int")
    return `Number(${emit.value(tree.args[0])})`;
  if (tree.op === "call" && tree.fn === "timestamp" && tree.args[0]?.kind === "string")
    return `${millis}(${emit.value(tree.args[0])})`;
  if (tree.op === "select" && !tree.optional && tree.of.kind !== "optional")
    return `${millis}(${emitRawSelect(emit, tree)})`;
  return `${millis}(${emit.value(tree)})`;
}
