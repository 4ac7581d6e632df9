/**
 * `stddev(x)`: the standard deviation of the population, in one pass without cancellation.
 * Source: Welford's recurrence; merged as in Chan, Golub, LeVeque, "Updating formulae and a pairwise algorithm for computing sample variances".
 */
import type { Aggregate } from "./aggregate.ts";
import { doubleOf } from "./numbers.ts";

export const stddev: Aggregate = {
  init: () => ({ n: "0", mean: "0", m2: "0" }),
  prepare: (e) => `const ${e.local("x")} = ${e.bind(doubleOf)}(${e.args[0]});`,
  commit: (e) =>
    [
      `${e.field("n")}++;`,
      `const ${e.local("d")} = ${e.local("x")} - ${e.field("mean")};`,
      `${e.field("mean")} += ${e.local("d")} / ${e.field("n")};`,
      `${e.field("m2")} += ${e.local("d")} * (${e.local("x")} - ${e.field("mean")});`,
    ].join("\n"),
  merge: (e, from) =>
    [
      `const ${e.local("d")} = ${e.field("mean", from)} - ${e.field("mean")};`,
      `const ${e.local("n")} = ${e.field("n")} + ${e.field("n", from)};`,
      `if (${e.local("n")} > 0) {`,
      `${e.field("m2")} += ${e.field("m2", from)} + ${e.local("d")} * ${e.local("d")} * ${e.field("n")} * ${e.field("n", from)} / ${e.local("n")};`,
      `${e.field("mean")} += ${e.local("d")} * ${e.field("n", from)} / ${e.local("n")};`,
      `${e.field("n")} = ${e.local("n")};`,
      "}",
    ].join("\n"),
  result: (e) => `Math.sqrt(${e.field("m2")} / ${e.field("n")})`,
};
