/** `first(x)` and `last(x)`: by event time; of equal times by arrival. */
import { type Aggregate, kept } from "./aggregate.ts";

function byTime(isBetter: (time: string, held: string) => string, start: string): Aggregate {
  return {
    init: () => ({ value: "undefined", at: start }),
    commit: (e) => {
      const at = e.local("at");
      return `const ${at} = ${e.timeMs}; if (${isBetter(at, e.field("at"))}) { ${e.field("value")} = ${kept(e, 0)}; ${e.field("at")} = ${at}; }`;
    },
    merge: (e, from) =>
      `if (${isBetter(e.field("at", from), e.field("at"))}) { ${e.field("value")} = ${e.field("value", from)}; ${e.field("at")} = ${e.field("at", from)}; }`,
    result: (e) => e.field("value"),
  };
}

export const first = byTime((time, held) => `${time} < ${held}`, "Infinity");
export const last = byTime((time, held) => `${time} >= ${held}`, "-Infinity");
