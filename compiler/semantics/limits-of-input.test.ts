/** Input made to be large or deep is refused in time. */
import { expect, it } from "vitest";
import { memoryHost } from "../source/host.ts";
import { check } from "./check.ts";
import { expectMarked } from "./marked-text.ts";

const lines = (count: number, line: (i: number) => string): string =>
  Array.from({ length: count }, (_, i) => line(i)).join("\n");

/** Seconds are generous for a busy machine; without a bound each of these would take minutes or overflow the stack. */
const cases: Readonly<Record<string, string>> = {
  "a long chain of steps": `source s0 { stdin {} }\n${lines(3000, (i) => `step s${i + 1} from s${i} { filter data.x }`)}\nsink o from s3000 { stdout {} }`,
  "thousands of unknown names": `source s0 { stdin {} }\n${lines(3000, (i) => `step abcdefgh${i} from ubcdefgh${i} { filter data.x }`)}`,
  "functions that double": `fn f0(x: int): int = x + x\n${lines(300, (i) => `fn f${i + 1}(x: int): int = f${i}(x) + f${i}(x)`)}`,
  "types that branch": `${lines(2000, (i) => `type T${i} { a: T${i + 1}, b: T${i + 1} }`)}\ntype T2000 { x: int }\nsource a: T0 { stdin {} }\nsource b: T1 { file { path: "x" } }\nstep c from a, b { filter has(data.a) }\nsink o from c { stdout {} }`,
  "params that double": lines(2000, (i) => `param p${i}: [any] = ${i ? `[p${i - 1}, p${i - 1}]` : "[1]"}`),
  "strings that double": lines(60, (i) => `param p${i}: string = ${i ? `p${i - 1} + p${i - 1}` : '"aaaaaaaaaa"'}`),
  "readers without end": `source s0 { stdin {} }\n${lines(3000, (i) => `sink t${i} from s0 otherwise { log {} }`)}`,
};

it.each(Object.entries(cases))("is bounded: %s", (_, text) => {
  expect(() => check("main.flow", memoryHost({ "main.flow": text }))).not.toThrow();
});

it("sees a recursive record as a map, and beside a map of itself", () => {
  expectMarked(`
type T { v: int, c?: T }
type R { r?: R, v: {string: R} }
source a: T { stdin {} }
source b: R { stdin {} }
step c from a { map {...data}.map(k, k) }
step d from b { map [data, data.v].size() }
sink out from c, d { stdout {} }
`);
});
