/** Calls: inline where the kinds of the arguments allow, else a call of the library's function. */
import type { CallTree } from "../../../compiler/contract/expr-tree.ts";
import { noSuchOverload } from "../evaluation-error.ts";
import { library } from "../library/library.ts";
import type { Emit } from "./context.ts";
import { fromRaw } from "./emit-kinds.ts";
import { inlineArithmetic } from "./inline-arithmetic.ts";
import { inlineComparison } from "./inline-comparison.ts";
import { inlineOptional } from "./inline-optional.ts";
import { inlineText } from "./inline-text.ts";
import { inlineTime } from "./inline-time.ts";

/** Gives the JavaScript in the representation of `tree.kind`, or `undefined` where it knows nothing better than the library. */
export type Inline = (emit: Emit, tree: CallTree) => string | undefined;

const inlines: readonly Inline[] = [inlineComparison, inlineArithmetic, inlineText, inlineOptional, inlineTime];

export function emitCall(emit: Emit, tree: CallTree): string {
  for (const inline of inlines) {
    const js = inline(emit, tree);
    if (js !== undefined) return js;
  }
  const run = library.get(tree.fn);
  // Only a tree that was not fully checked calls what does not exist; CEL makes that an error of evaluation.
  if (run === undefined || (run.length > 0 && tree.args.length > run.length))
    return `${emit.ref(callUnknown)}(${JSON.stringify(tree.fn)})`;
  return fromRaw(emit, `${emit.ref(run)}(${tree.args.map((arg) => emit.boxed(arg)).join(", ")})`, tree.kind);
}

function callUnknown(name: string): never {
  throw noSuchOverload(name);
}
