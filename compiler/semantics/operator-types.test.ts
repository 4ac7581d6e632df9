/** The type that a step with user code declares, and what follows from it. */
import { expect, it } from "vitest";
import { expectMarked } from "./marked-text.ts";
import { printValueType } from "./print-value-type.ts";

const head = `
type Score { id: string, score: double, at: timestamp, note?: string }
source readings { stdin {} }
`;

/** What each node gives. */
const given = (text: string): Readonly<Record<string, string>> =>
  Object.fromEntries(expectMarked(text).model.nodes.map(({ name, outputType }) => [name, printValueType(outputType)]));

it.each([
  'process { command: ["./score"] }',
  'container "score:1"',
  'code javascript "export default (event) => event.data"',
])("is that of what leaves a step with %s, and of all behind it", (userCode) => {
  expect(
    given(`${head}
step scored: Score from readings { ${userCode} filter data.score > 0.5 }
step named from scored { map { id: data.id, year: data.at.getFullYear() } }
sink out from named { stdout {} }
`),
  ).toMatchObject({ scored: "Score", named: "{ id: string, year: int }" });
});

it("is that of the last user code; before it nothing is known, behind it operators go on from there", () => {
  expect(
    given(`${head}
step scored: Score from readings {
  process { command: ["./first"] }
  filter data.any.thing > 1
  process { command: ["./second"] }
  set data.level = data.score > 0.5 ? "high" : "low"
  remove data.note
}
sink out from scored { stdout {} }
`).scored,
  ).toBe("{ id: string, score: double, at: timestamp, level: string }");
});

it("checks what stands behind", () => {
  expectMarked(`${head}
step scored: Score from readings {
  process { command: ["./score"] }
  filter data.scor > 0.5
  //          ^^^^ error FLOW3002: 'data' (Score) has no field 'scor'. Did you mean 'score'?
}
sink high from scored where data.score == "high" { log {} }
//                          ^^^^^^^^^^^^^^^^^^^^ error FLOW3001: This compares double with string, which never match. Convert one of them: 'double(…)' or 'string(…)'.
window w from scored {
  key data.id
  count 5
  emit { id: key, first: min(data.id) + 1 }
  //                     ^^^^^^^^^^^^^^^^ error FLOW3003: '+' does not work on string and int. Convert the other one: 'string(…)'.
}
sink out from w { stdout {} }
`);
});

it("may be any type", () => {
  expect(
    given(`
source readings { stdin {} }
step all: [{ n: int }] from readings { process { command: ["./all"] } }
step one from all { expand data filter data.n > 1 }
sink out from one { stdout {} }
`),
  ).toMatchObject({ all: "[{ n: int }]", one: "{ n: int }" });
});

it("is a mistake where it is unknown, and one only", () => {
  expectMarked(`
source readings { stdin {} }
step scored: Scor from readings { process { command: ["./score"] } filter data.x > 1 }
//           ^^^^ error FLOW2002: There is no type 'Scor'.
sink out from scored { stdout {} }
`);
});
