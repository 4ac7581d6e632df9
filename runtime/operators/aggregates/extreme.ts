/** `min(x)`, `max(x)`, `arg_min(x, by)`, `arg_max(x, by)`: by CEL's order; of equal ones the first. NaN counts only where there is nothing else. */
import { compare } from "../../expr/equality.ts";
import { ownText } from "../../expr/own-text.ts";
import { type Aggregate, type AggregateEmission, isNumberKind, isOrderedKind, kept } from "./aggregate.ts";
import { doubleOf } from "./numbers.ts";

/** `a` comes before `b`; when `b` is NaN, any `a` does. */
function before(a: unknown, b: unknown): boolean {
  const order = compare(a, b, "min");
  return order < 0 || (Number.isNaN(order) && isNotANumber(b) && !isNotANumber(a));
}
function after(a: unknown, b: unknown): boolean {
  const order = compare(a, b, "max");
  return order > 0 || (Number.isNaN(order) && isNotANumber(b) && !isNotANumber(a));
}
const isNotANumber = (value: unknown): boolean => {
  const number =
    typeof value === "number"
      ? value
      : typeof value === "object" && value !== null && "value" in value
        ? value.value
        : 0;
  return typeof number === "number" && Number.isNaN(number);
};

function extreme(sign: "<" | ">", by: 0 | 1): Aggregate {
  const better = (e: AggregateEmission, candidate: string, held: string): string => {
    if (e.kinds[by] === "int") return `${candidate} ${sign} ${held}`;
    return `${e.bind(sign === "<" ? before : after)}(${candidate}, ${held})`;
  };
  const value = (e: AggregateEmission) =>
    e.kinds[by] === "double" && isNumberKind(e.kinds[by]) ? `${e.bind(doubleOf)}(${e.args[by]})` : e.args[by]!;
  return {
    init: () => (by === 0 ? { best: "undefined" } : { best: "undefined", of: "undefined" }),
    prepare: (e) =>
      [
        `const ${e.local("value")} = ${value(e)};`,
        // A value compared with itself shows whether it has an order at all.
        `const ${e.local("better")} = ${e.field("best")} === undefined ? (${better(e, e.local("value"), e.local("value"))}, true) : ${better(e, e.local("value"), e.field("best"))};`,
      ].join("\n"),
    commit: (e) =>
      `if (${e.local("better")}) { ${e.field("best")} = ${e.kinds[by] === "string" ? `${e.bind(ownText)}(${e.local("value")})` : e.local("value")};${by === 1 ? ` ${e.field("of")} = ${kept(e, 0)};` : ""} }`,
    merge: (e, from) => {
      const take = `${e.field("best")} = ${e.field("best", from)};${by === 1 ? ` ${e.field("of")} = ${e.field("of", from)};` : ""}`;
      return `if (${e.field("best", from)} !== undefined && (${e.field("best")} === undefined || ${better(e, e.field("best", from), e.field("best"))})) { ${take} }`;
    },
    mayFailToMerge: ({ kinds }) => !isOrderedKind(kinds[by]),
    result: (e) => e.field(by === 0 ? "best" : "of"),
  };
}

export const min = extreme("<", 0);
export const max = extreme(">", 0);
export const argMin = extreme("<", 1);
export const argMax = extreme(">", 1);
