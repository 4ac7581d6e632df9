/** `count()`: how many events; `count(test)`: for how many of them the test is true. */
import type { Aggregate } from "./aggregate.ts";

export const count: Aggregate = {
  init: () => ({ n: "0" }),
  commit: ({ field, args }) => (args.length === 0 ? `${field("n")}++;` : `if (${args[0]} === true) ${field("n")}++;`),
  merge: ({ field }, from) => `${field("n")} += ${field("n", from)};`,
  result: ({ field }) => field("n"),
};
