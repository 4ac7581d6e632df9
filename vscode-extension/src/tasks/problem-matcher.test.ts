/** `$flow` reads what `flow check` really prints. */
import { describe, expect, it } from "vitest";
import { brokenFlow, place } from "../../../test/cli/flow.ts";
import manifest from "../../package.json" with { type: "json" };
import { argsOf } from "./task-list.ts";

const [pattern, failedTest] = manifest.contributes.problemPatterns;
const regexp = new RegExp(pattern!.regexp);

/** As the editor does: line by line, by the numbers of the groups. */
const problemsIn = (output: string) =>
  output.split("\n").flatMap((line) => {
    const match = regexp.exec(line);
    if (!match) return [];
    const { file, line: row, column, severity, code, message } = pattern!;
    return [[file, row, column, severity, code, message].map((group) => match[group ?? 0])];
  });

describe("the problem matcher", () => {
  it("finds each problem once, with its place, severity, code and message, and takes related places for none", () => {
    const { flow } = place({
      "broken.flow": brokenFlow,
      "sub/late.flow": `source orders { stdin {} }

window per_minute from orders {
  fixed 1m
  emit { n: count() }
}

sink out from per_minute { stdout {} }
`,
    });
    const { out } = flow("check");
    const json = JSON.parse(flow("check", "--format", "json").out) as {
      file: string;
      range: { start: { line: number; character: number } };
      severity: string;
      code: string;
      message: string;
    }[];
    expect(out).toContain("The source is here.");
    expect(problemsIn(out)).toEqual(
      json.map(({ file, range: { start }, severity, code, message }) => [
        file,
        String(start.line + 1),
        String(start.character + 1),
        severity,
        code,
        message,
      ]),
    );
    expect(json.length).toBeGreaterThan(1);
  });

  it("takes a note for information", () => {
    expect(problemsIn("a.flow:1:2 information FLOW9001: A note.")).toEqual([
      ["a.flow", "1", "2", "info", "FLOW9001", "A note."],
    ]);
  });

  it("finds the expectations that fail in what `flow test` prints, and the errors of a file that does not compile", () => {
    const { flow } = place({
      "broken.flow": `${brokenFlow}\ntest "never run" {\n  orders at 0s {}\n  expect out []\n}\n`,
      "tested.flow": `source lines { memory {} }

step words from lines { expand data.split(" ") }

sink out from words { stdout {} }

test "a word is upper case" {
  lines at 0s "to"
  expect words ["TO"]
}

test "a word is a word" {
  lines at 0s "to"
  expect words ["to"]
}
`,
    });
    const { out } = flow("test");
    const found = out.split("\n").map((line) => new RegExp(failedTest!.regexp).exec(line)?.slice(1));
    expect(found.filter((one) => one !== undefined)).toEqual([["tested.flow", "9", "3", "a word is upper case"]]);
    expect(problemsIn(out).map(([file, line, , , code]) => [file, line, code])).toEqual([
      ["broken.flow", "5", "FLOW2001"],
    ]);
  });

  it("knows the lines by which a watching check begins anew and rests", () => {
    const watching = manifest.contributes.problemMatchers.find(({ name }) => name === "flow-watch");
    const { beginsPattern, endsPattern } = watching!.background!;
    expect("A file changed.").toMatch(new RegExp(beginsPattern));
    expect("Watching for changes; Ctrl-C ends.").toMatch(new RegExp(endsPattern));
  });
});

describe("a task's command line", () => {
  it("is that of its name and what the definition adds; other names are commands of flow", () => {
    expect(argsOf({ type: "flow", task: "check", args: ["--max-warnings", "0"] })).toEqual([
      "check",
      "--max-warnings",
      "0",
    ]);
    expect(argsOf({ type: "flow", task: "fmt", args: ["--check"] })).toEqual(["fmt", "--check"]);
  });
});
