/** Times that need no object: milliseconds of text in data, constants. */
import type { CallTree } from "../../../compiler/contract/expr-tree.ts";
import { EvaluationError } from "../evaluation-error.ts";
import { parseDuration } from "../values/duration.ts";
import { parseTimestamp } from "../values/timestamp.ts";
import type { Emit } from "./context.ts";
import { emitMillisValue } from "./emit-millis.ts";

export function inlineTime(emit: Emit, tree: CallTree): string | undefined {
  const [of] = tree.args;
  if (of === undefined) return undefined;
  if (tree.fn === "unixMillis" && of.kind === "timestamp") return emitMillisValue(emit, of);
  if (of.op !== "const" || of.kind !== "string") return undefined;
  if (tree.fn === "timestamp") return constant(emit, () => parseTimestamp(String(of.value)));
  return tree.fn === "duration" ? constant(emit, () => parseDuration(String(of.value))) : undefined;
}

/** `timestamp("…")` of good text is made once; of bad text it fails when it is evaluated. */
function constant(emit: Emit, make: () => unknown): string | undefined {
  try {
    return emit.ref(make());
  } catch (error) {
    if (error instanceof EvaluationError) return undefined;
    throw error;
  }
}
