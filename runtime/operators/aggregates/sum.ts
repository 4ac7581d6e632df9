/** `sum(x)`: ints exactly, overflow an error; doubles with what rounding takes kept beside the sum; durations exactly. */
import type { Aggregate, AggregateEmission } from "./aggregate.ts";
import { addable, addCompensated, addInts, addValues, compensated, doubleOf } from "./numbers.ts";

const plus = ({ kinds, bind }: AggregateEmission, left: string, right: string): string =>
  `${bind(kinds[0] === "int" ? addInts : addValues)}(${left}, ${right})`;

/** Values that are doubles by their type: two fields. */
const ofDoubles: Aggregate = {
  init: () => ({ sum: "0", lost: "0" }),
  prepare: (e) => `const ${e.local("x")} = ${e.bind(doubleOf)}(${e.args[0]});`,
  commit: (e) => addCompensated(e.field("sum"), e.field("lost"), e.local("x"), e.local("next")),
  merge: (e, from) =>
    `${addCompensated(e.field("sum"), e.field("lost"), e.field("sum", from), e.local("next"))} ${e.field("lost")} += ${e.field("lost", from)};`,
  result: (e) => `${e.bind(compensated)}(${e.field("sum")}, ${e.field("lost")})`,
};

const ofOthers: Aggregate = {
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

const isZeroBased = (kind: string | undefined): boolean => kind === "int";

const of = ({ kinds }: AggregateEmission): Aggregate => (kinds[0] === "double" ? ofDoubles : ofOthers);

export const sum: Aggregate = {
  init: (e) => of(e).init(e),
  prepare: (e) => of(e).prepare?.(e) ?? "",
  commit: (e) => of(e).commit(e),
  merge: (e, from) => of(e).merge(e, from),
  result: (e) => of(e).result(e),
};
