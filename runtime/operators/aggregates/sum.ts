/** `sum(x)`: ints exactly, overflow an error; doubles in the order of arrival; durations. */
import type { Aggregate, AggregateEmission } from "./aggregate.ts";
import { addable, addInts, addValues, doubleOf } from "./numbers.ts";

const plus = ({ kinds, bind }: AggregateEmission, left: string, right: string): string => {
  if (kinds[0] === "double") return `${left} + ${bind(doubleOf)}(${right})`;
  return `${bind(kinds[0] === "int" ? addInts : addValues)}(${left}, ${right})`;
};

export const sum: Aggregate = {
  init: ({ kinds }) => ({ sum: isZeroBased(kinds[0]) ? "0" : "undefined" }),
  prepare: (e) => {
    const first = isZeroBased(e.kinds[0])
      ? ""
      : `${e.field("sum")} === undefined ? ${e.bind(addable)}(${e.args[0]}) : `;
    return `const ${e.local("sum")} = ${first}${plus(e, e.field("sum"), e.args[0]!)};`;
  },
  commit: (e) => `${e.field("sum")} = ${e.local("sum")};`,
  merge: (e, from) => {
    const all = `${e.field("sum")} = ${plus(e, e.field("sum"), e.field("sum", from))};`;
    return isZeroBased(e.kinds[0])
      ? all
      : `if (${e.field("sum", from)} !== undefined) if (${e.field("sum")} === undefined) ${e.field("sum")} = ${e.field("sum", from)}; else ${all}`;
  },
  result: ({ field }) => field("sum"),
};

const isZeroBased = (kind: string | undefined): boolean => kind === "int" || kind === "double";
