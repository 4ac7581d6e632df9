import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, expect, it } from "vitest";
import { flowIn, projectFlow } from "./find-flow.ts";

const folder = mkdtempSync(join(tmpdir(), "flow-"));
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function place(files: Readonly<Record<string, string>>): void {
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), text);
  }
}

const ours = (bin: string): string => JSON.stringify({ name: "argo-dataflow", bin: { flow: bin } });
const installed = "node_modules/argo-dataflow";

it("finds the package nearest to the file's folder", () => {
  place({
    [`${installed}/package.json`]: ours("dist/flow.js"),
    [`${installed}/dist/flow.js`]: "",
    [`packages/a/${installed}/package.json`]: ours("bin.js"),
    [`packages/a/${installed}/bin.js`]: "",
  });
  expect(projectFlow(join(folder, "packages/a/src"))).toBe(join(folder, "packages/a", installed, "bin.js"));
  expect(projectFlow(join(folder, "packages/b"))).toBe(join(folder, installed, "dist/flow.js"));
});

it("passes over a package that is another one, has no binary, or is half there", () => {
  place({
    [`a/${installed}/package.json`]: JSON.stringify({ name: "other", bin: { flow: "flow.js" } }),
    [`a/${installed}/flow.js`]: "",
    [`b/${installed}/package.json`]: ours("dist/flow.js"),
    [`c/${installed}/package.json`]: "{",
    [`${installed}/package.json`]: ours("dist/flow.js"),
    [`${installed}/dist/flow.js`]: "",
  });
  for (const each of ["a", "b", "c"])
    expect(projectFlow(join(folder, each))).toBe(join(folder, installed, "dist/flow.js"));
});

it("takes a file, a folder of the package, or a project for the server that a setting names", () => {
  place({ [`${installed}/package.json`]: ours("dist/flow.js"), [`${installed}/dist/flow.js`]: "" });
  const flow = join(folder, installed, "dist/flow.js");
  expect([flow, join(folder, installed), folder].map(flowIn)).toEqual([flow, flow, flow]);
  expect(flowIn(join(folder, "missing.js"))).toBeUndefined();
});
