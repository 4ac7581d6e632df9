/** `distinct(x)`: each value once, in the order of its first arrival. A group holds at most `maxListLength`; what comes after is a bad event. */
import { hashKey } from "../../expr/hash-key.ts";
import { ownText } from "../../expr/own-text.ts";
import { type Aggregate, kept } from "./aggregate.ts";
import { maxListLength, tooLong } from "./list.ts";

export const distinct: Aggregate = {
  init: () => ({ values: "new Map()" }),
  prepare: (e) =>
    [
      `const ${e.local("key")} = ${e.bind(hashKey)}(${e.args[0]});`,
      `if (${e.field("values")}.size >= ${maxListLength} && !${e.field("values")}.has(${e.local("key")})) ${e.bind(tooLong)}();`,
    ].join("\n"),
  commit: (e) =>
    `if (!${e.field("values")}.has(${e.local("key")})) ${e.field("values")}.set(${e.bind(ownText)}(${e.local("key")}), ${kept(e, 0)});`,
  merge: (e, from) =>
    `for (const [key, value] of ${e.field("values", from)}) if (!${e.field("values")}.has(key)) ${e.field("values")}.set(key, value);`,
  result: (e) => `[...${e.field("values")}.values()]`,
};
