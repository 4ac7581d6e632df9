/** FLOW3507: keys that cannot be compared. */
import type { CheckedExpression } from "../model.ts";
import type { Declared } from "../program.ts";
import { isHashable, nameOfType } from "../types.ts";

export function checkHashable(key: CheckedExpression, { types, program }: Declared): void {
  if (isHashable(key.type, types)) return;
  const hint =
    key.type.kind === "optional"
      ? "it may be absent; say what it is then with '.orValue(…)'"
      : "it holds a map, which has no order of its own";
  program.main.report("FLOW3507", key.syntax.span, { type: nameOfType(key.type), hint });
}
