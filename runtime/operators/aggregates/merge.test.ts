import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { AggregateEmission } from "./aggregate.ts";
import { aggregates } from "./aggregates.ts";
import { QuantileSketch } from "./quantile-sketch.ts";

type Group = Record<string, unknown>;
type Name = keyof typeof aggregates;

/** The generated code of one aggregate over `[x, y]` at time `t`, as functions. */
function accumulator(name: Name) {
  const bound: unknown[] = [];
  const bind = (value: unknown) => `bound[${bound.push(value) - 1}]`;
  const args: readonly string[] =
    name === "top" ? ["3", "x"] : name === "quantile" ? ["x", "0.5"] : name === "count" ? [] : ["x", "y"];
  const e: AggregateEmission = {
    args,
    kinds: ["int", "int"],
    timeMs: "t",
    field: (field, group = "group") => `${group}.${field}`,
    local: (local) => `local${local}`,
    bind,
  };
  const aggregate = aggregates[name];
  const init = Object.entries(aggregate.init(e)).map(([field, value]) => `${field}: ${value}`);
  const make = new Function(
    "bound",
    `return {
    init: () => ({ ${init.join(", ")} }),
    add: (group, x, y, t) => { ${aggregate.prepare?.(e) ?? ""} ${aggregate.commit(e)} },
    merge: (group, from) => { ${aggregate.merge(e, "from")} },
    result: (group) => ${aggregate.result(e)},
  }`,
  );
  return make(bound) as {
    init(): Group;
    add(group: Group, x: number, y: number, t: number): void;
    merge(group: Group, from: Group): void;
    result(group: Group): unknown;
  };
}

const names = Object.keys(aggregates) as Name[];

describe("merging", () => {
  it.each(names)("two halves of a stream by %s gives what the whole stream gives", (name) => {
    const { init, add, merge, result } = accumulator(name);
    const event = fc.tuple(
      fc.integer({ min: -50, max: 50 }),
      fc.integer({ min: 0, max: 5 }),
      fc.integer({ min: 0, max: 5 }),
    );
    fc.assert(
      fc.property(fc.array(event, { minLength: 1, maxLength: 40 }), fc.nat(40), (events, cut) => {
        const [whole, left, right] = [init(), init(), init()];
        events.forEach(([x, y, t], index) => {
          add(whole, x, y, t);
          add(index < cut ? left : right, x, y, t);
        });
        merge(left, right);
        const [expected, got] = [result(whole), result(left)];
        if (typeof expected === "number" && typeof got === "number") expect(got).toBeCloseTo(expected, 9);
        else expect(got).toEqual(expected);
      }),
    );
  });
});

describe("the sketch of quantiles", () => {
  it("stays within its error, merged or not, for values of any size and sign", () => {
    fc.assert(
      fc.property(
        fc.array(fc.double({ min: -1e12, max: 1e12, noNaN: true }), { minLength: 1_200, maxLength: 2_500 }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        (values, p) => {
          const [left, right] = [new QuantileSketch(), new QuantileSketch()];
          for (const [index, value] of values.entries()) (index % 3 === 0 ? left : right).add(value);
          left.merge(right);
          const sorted = values.slice().sort((a, b) => a - b);
          const exact = sorted[Math.max(1, Math.ceil(p * values.length)) - 1]!;
          expect(Math.abs(left.quantile(p) - exact)).toBeLessThanOrEqual(Math.abs(exact) * 0.00501 + 1e-290);
        },
      ),
      { numRuns: 30 },
    );
  });
});
