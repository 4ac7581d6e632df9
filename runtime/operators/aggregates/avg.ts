/** `avg(x)`: the sum of the numbers as doubles, divided by how many there were; of durations a duration. */

import { Duration, durationOfNanos } from "../../expr/values/duration.ts";
import type { Aggregate } from "./aggregate.ts";
import { doubleOf } from "./numbers.ts";

/** Kept as nanoseconds while they are added: 2^53 ns are a hundred days, so beyond that the last digits may go. */
function measure(value: unknown): number {
  return value instanceof Duration ? Number(value.totalNanos) : doubleOf(value);
}

function mean(sum: number, n: number, ofDurations: boolean): unknown {
  return ofDurations ? durationOfNanos(BigInt(Math.round(sum / n))) : sum / n;
}

const isDuration = (value: unknown): boolean => value instanceof Duration;

export const avg: Aggregate = {
  init: () => ({ sum: "0", n: "0", durations: "false" }),
  prepare: (e) => `const ${e.local("x")} = ${e.bind(measure)}(${e.args[0]});`,
  commit: (e) =>
    `${e.field("sum")} += ${e.local("x")}; ${e.field("n")}++;${isPlainNumber(e.kinds[0]) ? "" : ` ${e.field("durations")} = ${e.bind(isDuration)}(${e.args[0]});`}`,
  merge: (e, from) =>
    `${e.field("sum")} += ${e.field("sum", from)}; ${e.field("n")} += ${e.field("n", from)}; ${e.field("durations")} ||= ${e.field("durations", from)};`,
  result: (e) => `${e.bind(mean)}(${e.field("sum")}, ${e.field("n")}, ${e.field("durations")})`,
};

const isPlainNumber = (kind: string | undefined): boolean => kind === "int" || kind === "double" || kind === "uint";
