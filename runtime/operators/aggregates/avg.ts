/** `avg(x)`: the sum of the numbers as doubles, with what rounding takes from it kept beside it, also from a long int, divided by how many there were; of durations a duration. */

import { Duration, durationOfNanos } from "../../expr/values/duration.ts";
import type { Aggregate } from "./aggregate.ts";
import { addCompensated, compensated, doubleOf } from "./numbers.ts";

/** Durations as nanoseconds. */
function measure(value: unknown): number {
  return value instanceof Duration ? Number(value.totalNanos) : doubleOf(value);
}

/** What is lost when a 64-bit int is made a double. */
function roundedOff(value: unknown): number {
  return typeof value === "bigint" ? Number(value - BigInt(Number(value))) : 0;
}

function mean(sum: number, lost: number, n: number, ofDurations: boolean): unknown {
  const average = compensated(sum, lost) / n;
  return ofDurations ? durationOfNanos(BigInt(Math.round(average))) : average;
}

const isDuration = (value: unknown): boolean => value instanceof Duration;

export const avg: Aggregate = {
  init: () => ({ sum: "0", lost: "0", n: "0", durations: "false" }),
  prepare: (e) => `const ${e.local("x")} = ${e.bind(measure)}(${e.args[0]});`,
  commit: (e) =>
    `${addCompensated(e.field("sum"), e.field("lost"), e.local("x"), e.local("next"))} ${e.kinds[0] === "double" ? "" : `${e.field("lost")} += ${e.bind(roundedOff)}(${e.args[0]}); `}${e.field("n")}++;${isPlainNumber(e.kinds[0]) ? "" : ` ${e.field("durations")} = ${e.bind(isDuration)}(${e.args[0]});`}`,
  merge: (e, from) =>
    `${addCompensated(e.field("sum"), e.field("lost"), e.field("sum", from), e.local("next"))} ${e.field("lost")} += ${e.field("lost", from)}; ${e.field("n")} += ${e.field("n", from)}; ${e.field("durations")} ||= ${e.field("durations", from)};`,
  result: (e) => `${e.bind(mean)}(${e.field("sum")}, ${e.field("lost")}, ${e.field("n")}, ${e.field("durations")})`,
};

const isPlainNumber = (kind: string | undefined): boolean => kind === "int" || kind === "double" || kind === "uint";
