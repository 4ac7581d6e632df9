import { readdirSync } from "node:fs";
import { expect, it } from "vitest";
import { hostOf } from "../../test/support/golden-phases.ts";
import { compile } from "../compile.ts";
import { memoryHost } from "../source/host.ts";
import { placeOf } from "../source/source-text.ts";
import { refusals } from "./refusals.ts";

function refused(text: string): readonly string[] {
  const { pipeline, sources, diagnostics } = compile("p.flow", memoryHost({ "p.flow": text }));
  if (pipeline === undefined) throw new Error(diagnostics.map((one) => one.message).join("\n"));
  return refusals(pipeline).map(({ at, message }) => `${placeOf(sources.get(at.file)!, at.start)} ${message}`);
}

it.each(readdirSync("test/goldens"))("finds nothing to refuse in the golden pipeline %s", (folder) => {
  const { pipeline } = compile("pipeline.flow", hostOf(`test/goldens/${folder}`));
  expect(pipeline ? refusals(pipeline) : []).toEqual([]);
});

it("says where an expression is longer than the resource may hold", () => {
  expect(
    refused(
      `source a { stdin {} }\nstep b from a {\n  filter data.x == "${"y".repeat(10_000)}"\n}\nsink c from b { stdout {} }\n`,
    ),
  ).toEqual([
    expect.stringMatching(
      /^p\.flow:3:10 spec\.processors\[0\]\.operators\[0\]\.filter must be at most 10000 characters, but this is \d+ of them\.$/,
    ),
  ]);
});

it("says when there are more nodes than a resource may have", () => {
  const steps = Array.from(
    { length: 129 },
    (_, i) => `step s${i} from a { filter data.x == ${i} }\nsink z${i} from s${i} { file { path: "z${i}" } }\n`,
  );
  expect(refused(`pipeline big\nsource a { stdin {} }\n${steps.slice(0, 3).join("")}`)).toEqual([]);
  expect(refused(`pipeline big\nsource a { stdin {} }\n${steps.join("")}`)).toEqual([
    "p.flow:1:10 spec.processors must be at most 128 items, but this is 129 of them.",
    "p.flow:1:10 spec.sinks must be at most 64 items, but this is 129 of them.",
  ]);
});
