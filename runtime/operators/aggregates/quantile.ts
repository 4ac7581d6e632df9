/** `quantile(x, p)`: a double. How exact it is says quantile-sketch.ts. `p` is taken from the last event. */
import { EvaluationError } from "../../expr/evaluation-error.ts";
import type { Aggregate } from "./aggregate.ts";
import { doubleOf } from "./numbers.ts";
import { QuantileSketch } from "./quantile-sketch.ts";

function share(value: unknown): number {
  const p = doubleOf(value);
  if (!(p >= 0 && p <= 1))
    throw new EvaluationError("invalid-argument", "the share of a quantile must be between 0 and 1");
  return p;
}

export const quantile: Aggregate = {
  init: (e) => ({ sketch: `new ${e.bind(QuantileSketch)}()`, p: "0.5" }),
  prepare: (e) =>
    `const ${e.local("x")} = ${e.bind(doubleOf)}(${e.args[0]}), ${e.local("p")} = ${e.bind(share)}(${e.args[1]});`,
  commit: (e) => `${e.field("sketch")}.add(${e.local("x")}); ${e.field("p")} = ${e.local("p")};`,
  merge: (e, from) =>
    `${e.field("sketch")}.merge(${e.field("sketch", from)}); ${e.field("p")} = ${e.field("p", from)};`,
  result: (e) => `${e.field("sketch")}.quantile(${e.field("p")})`,
};
