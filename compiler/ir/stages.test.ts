import { expect, it } from "vitest";
import { compile } from "../compile.ts";
import { memoryHost } from "../source/host.ts";
import { stages } from "./stages.ts";

/** Each stage as `name: nodes`. */
function stagesOf(text: string, options: { readonly local?: boolean } = {}): readonly string[] {
  const { ir, diagnostics } = compile("/p.flow", memoryHost({ "/p.flow": text }));
  if (ir === undefined) throw new Error(diagnostics.map((one) => one.message).join("\n"));
  return stages(ir, options).map((stage) => `${stage.name}: ${stage.nodes.map((node) => node.name).join(" ")}`);
}

const window = `{ key data.k global emit { k: key, n: count() } }`;

it("keeps nodes that need no repartitioning in one stage", () => {
  expect(stagesOf(`source a { stdin {} } step b from a { filter data.x == 1 } sink c from b { stdout {} }`)).toEqual([
    "a-b-c: a b c",
  ]);
});

it("cuts before a window, because equal keys must meet", () => {
  expect(
    stagesOf(
      `source lines { stdin {} } step words from lines { filter data.x == 1 } window per_word from words ${window} sink out from per_word { stdout {} }`,
    ),
  ).toEqual(["lines-words: lines words", "per-word-out: per_word out"]);
});

it("cuts before a container and before other replicas, and not after", () => {
  expect(
    stagesOf(
      `source a { stdin {} } step b from a { container "x:1" } step c from b { filter data.x == 1 } step d from c { filter data.y == 1 replicas 3 } step e from d { filter data.z == 1 replicas 3 } sink f from e { stdout {} }`,
    ),
  ).toEqual(["a: a", "b-c: b c", "d-e-f: d e f"]);
});

it("puts sources that are merged into one stage", () => {
  expect(stagesOf(`source a { stdin {} } source b { file { path: "x" } } sink c from a, b { stdout {} }`)).toEqual([
    "a-b-c: a b c",
  ]);
});

it("never makes stages that read each other in a circle", () => {
  expect(stagesOf(`source a { stdin {} } window w from a ${window} sink s from a, w { stdout {} }`)).toEqual([
    "a: a",
    "w-s: w s",
  ]);
});

it("makes one stage of everything when it runs in one process", () => {
  expect(
    stagesOf(`pipeline my_own source a { stdin {} } window w from a ${window} sink s from w { stdout {} }`, {
      local: true,
    }),
  ).toEqual(["my-own: a w s"]);
});

it("gives stages names that differ and are not long", () => {
  const long = "a_name_of_some_length_for_a_node";
  expect(
    stagesOf(
      `source a { stdin {} } step ${long} from a { filter data.x == 1 } step ${long}_b from ${long} { filter data.x == 1 } sink z from ${long}_b { stdout {} }`,
    ),
  ).toEqual([`a-to-z: a ${long} ${long}_b z`]);
});
