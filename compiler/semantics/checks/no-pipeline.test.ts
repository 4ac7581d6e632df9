/** FLOW4015: a file with no pipeline in it. */
import { expect, it } from "vitest";
import { memoryHost } from "../../source/host.ts";
import { check } from "../check.ts";

const found = (text: string) =>
  check("a.flow", memoryHost({ "a.flow": text, "types.flow": "type A { id: string }\n" }), {}).diagnostics.map(
    ({ severity, code }) => `${severity} ${code}`,
  );

it.each(["", "\n\n", "// to do\n", "pipeline a\n", 'pipeline a { labels { team: "b" } }\n'])(
  "warns that there is no pipeline in %j",
  (text) => {
    expect(found(text)).toEqual(["warning FLOW4015"]);
  },
);

it.each([
  "type A { id: string }\n",
  "fn double(x: int): int = x * 2\n",
  'param topic: string = "orders"\n',
  'import "./types.flow"\n',
  'pipeline shared { kafka { brokers: ["kafka:9092"] } }\n',
])("takes a file that others import, %j", (text) => {
  expect(found(text)).toEqual([]);
});

it("says nothing more of a file that cannot be read", () => {
  expect(found("}\n")).toEqual([expect.stringMatching(/^error FLOW1/)]);
});
