/** `sum(x)`: ints exactly, overflow an error; doubles with what rounding takes kept beside the sum; durations exactly. */
import type { Aggregate, AggregateEmission } from "./aggregate.ts";
import { addable, addCompensated, addInts, addValues, compensated, doubleOf, lostBy, wholeSum } from "./numbers.ts";

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

/** Ints, and values whose type shows only at run time: these may be doubles after all. */
const ofOthers: Aggregate = {
  init: ({ kinds }) => (isZeroBased(kinds[0]) ? { sum: "0" } : { sum: "undefined", lost: "0" }),
  prepare: (e) => {
    const first = isZeroBased(e.kinds[0])
      ? ""
      : `${e.field("sum")} === undefined ? ${e.bind(addable)}(${e.args[0]}) : `;
    return `const ${e.local("sum")} = ${first}${plus(e, e.field("sum"), e.args[0]!)};`;
  },
  commit: (e) => `${lost(e, e.args[0]!, e.local("sum"))} ${e.field("sum")} = ${e.local("sum")};`,
  merge: (e, from) => {
    const other = e.field("sum", from);
    const both = `const sum = ${plus(e, e.field("sum"), other)}; ${lost(e, other, "sum")} ${e.field("sum")} = sum;`;
    if (isZeroBased(e.kinds[0])) return both;
    const one = `if (${e.field("sum")} === undefined) ${e.field("sum")} = ${other}; else { ${both} }`;
    return `if (${other} !== undefined) { ${one} ${e.field("lost")} += ${e.field("lost", from)}; }`;
  },
  result: (e) =>
    isZeroBased(e.kinds[0]) ? e.field("sum") : `${e.bind(wholeSum)}(${e.field("sum")}, ${e.field("lost")})`,
};

/** The statement that keeps what rounding takes when `x` is added. */
const lost = (e: AggregateEmission, x: string, sum: string): string =>
  isZeroBased(e.kinds[0]) ? "" : `${e.field("lost")} += ${e.bind(lostBy)}(${e.field("sum")}, ${x}, ${sum});`;

const isZeroBased = (kind: string | undefined): boolean => kind === "int";

const of = ({ kinds }: AggregateEmission): Aggregate => (kinds[0] === "double" ? ofDoubles : ofOthers);

export const sum: Aggregate = {
  init: (e) => of(e).init(e),
  prepare: (e) => of(e).prepare?.(e) ?? "",
  commit: (e) => of(e).commit(e),
  merge: (e, from) => of(e).merge(e, from),
  mayFailToMerge: ({ kinds }) => kinds[0] !== "double",
  result: (e) => of(e).result(e),
};
