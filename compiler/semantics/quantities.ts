/** Amounts with the unit that they must have, and the message for a constant of the wrong type. */
import type { Edit, Extras } from "../source/diagnostic.ts";
import type { Span } from "../source/span.ts";
import type { Expression } from "../syntax/ast.ts";
import { type ConstantScope, describeConstant, isDuration, mistake } from "./constants.ts";
import type { Constant } from "./model.ts";

/** An amount with the unit it must have. `what` names the option or the part of a clause in messages. */
export function checkQuantity(
  kind: "int" | "number" | "duration" | "size" | "rate",
  what: string,
  value: Constant,
  e: Expression,
  scope: ConstantScope,
): Constant | typeof mistake {
  const whole = typeof value === "bigint" || (typeof value === "number" && Number.isInteger(value));
  switch (kind) {
    case "int":
      return whole ? value : wrong(what, "an int", e, scope, describeConstant(value));
    case "number":
      return whole || typeof value === "number" ? value : wrong(what, "a number", e, scope, describeConstant(value));
    case "size":
      if (whole) return { kind: "size", bytes: Number(value), text: String(value) };
      return isSize(value) ? value : wrong(what, "a size such as '64KiB'", e, scope, describeConstant(value));
    case "rate":
      return isRate(value) ? value : wrong(what, "a rate such as '100/s'", e, scope, describeConstant(value));
    default:
      return checkDuration(what, value, e, scope);
  }
}

const isSize = (value: Constant): boolean =>
  typeof value === "object" && value !== null && "kind" in value && value.kind === "size";
const isRate = (value: Constant): boolean =>
  typeof value === "object" && value !== null && "kind" in value && value.kind === "rate";

function checkDuration(what: string, value: Constant, e: Expression, scope: ConstantScope): Constant | typeof mistake {
  if (isDuration(value)) return value;
  if (typeof value === "number" && e.kind !== "ident") {
    const fixes = ["s", "ms", "m"].map((unit) => ({
      title: `Change to '${value}${unit}'`,
      edits: [edit(scope, e.span, `${value}${unit}`)],
    }));
    scope.report(
      "FLOW3502",
      e.span,
      { what, value: String(value) },
      { fixes: Number.isInteger(value) && value >= 0 ? fixes : [] },
    );
    return mistake;
  }
  const quoted = e.kind === "string" && /^(\d+(ms|s|m|h|d))+$/.test(e.value);
  const fixes = quoted ? [{ title: "Take the quotes away", edits: [edit(scope, e.span, e.value)] }] : [];
  return wrong(what, "a duration such as '5s'", e, scope, describeConstant(value), { fixes });
}

export function wrong(
  what: string,
  expected: string,
  e: { readonly span: Span },
  scope: ConstantScope,
  found: string,
  extras: Extras = {},
): typeof mistake {
  scope.report("FLOW3501", e.span, { what, expected, found }, extras);
  return mistake;
}

/** The edit that writes something else at a span of the file being checked. */
export const edit = (scope: ConstantScope, span: Span, newText: string): Edit => ({
  file: scope.file,
  start: span.start,
  end: span.end,
  newText,
});
