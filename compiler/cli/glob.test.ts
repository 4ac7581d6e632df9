/** File patterns. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { cpuMsOf } from "../../test/support/cpu-time.ts";
import { glob } from "./glob.ts";

const cwd = mkdtempSync(join(tmpdir(), "flow-glob-"));
for (const path of [
  "a.flow",
  "b.flow",
  "c.txt",
  "x/a.flow",
  "x/y/b1.flow",
  "x/y/b2.flow",
  "node_modules/n.flow",
  ".hidden/h.flow",
  "x/.h.flow",
  "p[1].flow",
]) {
  mkdirSync(dirname(join(cwd, path)), { recursive: true });
  writeFileSync(join(cwd, path), "");
}
afterAll(() => rmSync(cwd, { recursive: true }));

describe("glob", () => {
  it.each([
    ["*.flow", ["a.flow", "b.flow", "p[1].flow"]],
    ["**/*.flow", ["a.flow", "b.flow", "p[1].flow", "x/a.flow", "x/y/b1.flow", "x/y/b2.flow"]],
    ["**/a.flow", ["a.flow", "x/a.flow"]],
    ["x/**", ["x/a.flow", "x/y/b1.flow", "x/y/b2.flow"]],
    ["x/*/b?.flow", ["x/y/b1.flow", "x/y/b2.flow"]],
    ["x/y/b[2-9].flow", ["x/y/b2.flow"]],
    ["x/y/b[!2].flow", ["x/y/b1.flow"]],
    ["{a,x/a,nothing}.flow", ["a.flow", "x/a.flow"]],
    ["{a,{b,c}}.{flow,txt}", ["a.flow", "b.flow", "c.txt"]],
    ["x/../a.flow", ["a.flow"]],
    [".hidden/*", [".hidden/h.flow"]],
    ["node_modules/*.flow", ["node_modules/n.flow"]],
    ["a+b(.flow", []],
  ])("%s", (pattern, files) => expect(glob(pattern, cwd)).toEqual(files));

  it("takes absolute patterns", () => {
    expect(glob(`${cwd}/x/*.flow`, "/")).toEqual([`${cwd}/x/a.flow`]);
  });

  it("is not slowed down by a pattern made to", () => {
    const tookMs = cpuMsOf(() => {
      glob(`${"*a".repeat(30)}{${"a,".repeat(50)}b}`, cwd);
      glob("{a,b}".repeat(40), cwd);
      glob(`${"**/".repeat(20)}*.flow`, cwd);
    });
    expect(tookMs).toBeLessThan(2_000);
  });
});
