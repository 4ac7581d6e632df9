/** Beam's cases, and more of the same shape, against the engine's windows; and files that cannot be run say so. */
import { execFile } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, describe, expect, it } from "vitest";
import { runFile } from "./conformance.ts";

const folder = "test/conformance";

describe.each(["beam-windowing.json", "more-cases.json", "own-cases.json"])("%s", async (file) => {
  const results = await runFile(`${folder}/${file}`);

  it.each(results.map(({ id, name, failure }) => [id, name, failure] as const))("%s: %s", (_id, _name, failure) => {
    expect(failure).toBeUndefined();
  });
});

const work = mkdtempSync(join(tmpdir(), "flow-conformance-"));
afterAll(() => rmSync(work, { recursive: true, force: true }));

const fileOf = (content: unknown): string => {
  const path = join(work, "cases.json");
  writeFileSync(path, typeof content === "string" ? content : JSON.stringify(content));
  return path;
};

describe("a case that says something that is not known", () => {
  const panes = { id: "X1", name: "x", type: "panes", window: { fn: "fixed", size: 10 }, steps: [], expect: {} };
  const failure = async (one: object) => (await runFile(fileOf({ cases: [{ ...panes, ...one }] })))[0]?.failure;

  it.each([
    [{ watermark: 5 }, "the field 'watermark' of a case of type 'panes' is not known"],
    [{ expect: { lines: [] } }, "the field 'lines' of what a case of type 'panes' expects is not known"],
    [{ type: "joins" }, "the type 'joins' is not known"],
    [{ steps: [{ op: "jump" }] }, "the step 'jump' is not known"],
    [{ steps: [{ op: "el", ts: 1, retry: true }] }, "the field 'retry' of the step 'el' is not known"],
    [{ steps: [{ op: "ready", w: [0, 10] }] }, "the step 'ready' is not known"],
    [{ window: { fn: "fixed", size: 10, zone: "UTC" } }, "the field 'zone' of a window is not known"],
    [{ window: { fn: "calendar" } }, "the window 'calendar' is not known"],
    [{ trigger: { t: "sometimes" } }, "the trigger 'sometimes' is not known here"],
    [{ mode: "forgetting" }, "the mode 'forgetting' is not known"],
    [{ expect: { panes: [{ w: [0, 10], colour: 1 }] } }, "the field 'colour' of one of 'panes' is not known"],
    [{ expect: { assert: [{ kind: "somePanes" }] } }, "the assertion 'somePanes' is not known"],
    [{ expect: { dropped: { boredom: 1 } } }, "the field 'boredom' of what is dropped is not known"],
    [{ expect: undefined }, "'expect' is missing"],
  ])("is failed, not passed over: %j", async (one, words) => {
    expect(await failure(one)).toBe(`cannot be run: ${words}`);
  });
});

describe("npm run conformance", () => {
  const run = promisify(execFile);
  const outcome = (...files: readonly string[]) =>
    run(process.execPath, [`${folder}/conformance.ts`, ...files]).then(
      ({ stdout }) => ({ code: 0, stdout, stderr: "" }),
      ({ code, stdout, stderr }: { code: number; stdout: string; stderr: string }) => ({ code, stdout, stderr }),
    );

  it.each([
    ["{", "JSON"],
    ["[]", "there is no list 'cases'"],
    ["null", "there is no list 'cases'"],
    [{ cases: [] }, "'cases' is empty"],
    [{ cases: [{ id: 1 }] }, "case number 1 has no 'id' and 'type'"],
  ])("ends with 2 and says why %j is no file of cases", async (content, words) => {
    const { code, stderr } = await outcome(fileOf(content));
    expect([code, stderr]).toEqual([2, expect.stringContaining(words)]);
  });
  it("ends with 2 where a file is missing, and still runs the others", async () => {
    const { code, stdout, stderr } = await outcome("nowhere.json", `${folder}/beam-windowing.json`);
    expect([code, stderr, stdout.trim().split("\n").at(-1)]).toEqual([
      2,
      expect.stringContaining("nowhere.json"),
      "58 of 58 cases pass",
    ]);
  });
  it("ends with 1 where a case differs", async () => {
    const wrong = { id: "X", name: "x", type: "assign", window: { fn: "fixed", size: 10 }, timestamps: [1] };
    const { code, stdout } = await outcome(fileOf({ cases: [{ ...wrong, expect: { windows: [] } }] }));
    expect([code, stdout]).toEqual([1, expect.stringContaining("FAIL X x")]);
  });
});
