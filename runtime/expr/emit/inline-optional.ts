/** Optionals without their box: `x.orValue(y)` and its like look at the content alone. */
import type { CallTree } from "../../../compiler/contract/expr-tree.ts";
import { nonZero, noValue } from "../library/optionals.ts";
import { Optional } from "../values/optional.ts";
import type { Emit } from "./context.ts";
import { convert, fromRaw } from "./emit-kinds.ts";

export function inlineOptional(emit: Emit, tree: CallTree): string | undefined {
  const [optional, other] = tree.args;
  if (tree.fn === "optional.ofNonZeroValue" && optional !== undefined)
    return `${emit.ref(Optional.of)}(${emit.ref(nonZero)}(${emit.boxed(optional)}))`;
  if (optional?.kind !== "optional") return undefined;
  if (tree.fn === "hasValue") return `(${emit.maybe(optional)} !== undefined)`;
  if (tree.fn === "value") {
    const present = emit.atom(emit.maybe(optional));
    return fromRaw(emit, `(${present} !== undefined ? ${present} : ${emit.ref(noValue)}())`, tree.kind);
  }
  if (tree.fn !== "orValue" || other === undefined) return undefined;
  const content = emit.atom(emit.maybe(optional));
  return `(${content} !== undefined ? ${fromRaw(emit, content, tree.kind)} : ${convert(emit, emit.value(other), other.kind, tree.kind)})`;
}
