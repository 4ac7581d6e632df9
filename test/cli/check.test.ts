/** `flow check`: what it reads, what it prints, how it ends. */
import { once } from "node:events";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { brokenFlow, copyFlow, place } from "./flow.ts";

const broken = {
  code: "FLOW2001",
  severity: "error",
  message: expect.stringContaining("'ordrs'") as string,
  file: "broken.flow",
  range: { start: { line: 4, character: 14 }, end: { line: 4, character: 19 } },
};

describe("--format json", () => {
  it("is an empty array when all is well, with exit 0", () => {
    expect(place({ "a.flow": copyFlow }).flow("check", "a.flow", "--format", "json")).toEqual({
      out: "[]\n",
      err: "",
      code: 0,
    });
  });

  it("is one array of exactly code, severity, message, file and 0-based range, with exit 1", () => {
    const { out, err, code } = place({ "broken.flow": brokenFlow }).flow("check", "broken.flow", "--format", "json");
    expect([err, code]).toEqual(["", 1]);
    const [first, ...rest] = JSON.parse(out) as Record<string, unknown>[];
    expect(first).toEqual(broken);
    expect(Object.keys(first!)).toEqual(["code", "severity", "message", "file", "range"]);
    expect(rest.filter(({ severity }) => severity === "error")).toEqual([]);
  });

  it("is one array for many files", () => {
    const { out } = place({ "a.flow": copyFlow, "broken.flow": brokenFlow, "sub/broken.flow": brokenFlow }).flow(
      "check",
      "--format",
      "json",
    );
    const errors = (JSON.parse(out) as { severity: string; file: string }[]).filter(
      ({ severity }) => severity === "error",
    );
    expect(errors.map(({ file }) => file)).toEqual(["broken.flow", "sub/broken.flow"]);
  });

  it("counts characters as UTF-16, as editors do", () => {
    const { out } = place({ "a.flow": brokenFlow.replace("sink out", "/* 😀 */ sink out") }).flow(
      "check",
      "a.flow",
      "--format",
      "json",
    );
    expect((JSON.parse(out) as (typeof broken)[])[0]!.range.start).toEqual({ line: 4, character: 23 });
  });
});

describe("--format text", () => {
  const { out, code } = place({ "a.flow": copyFlow, "broken.flow": brokenFlow }).flow("check", "a.flow", "broken.flow");

  it("shows the place, the line and the marked word, then a summary", () => {
    expect(code).toBe(1);
    expect(out).toContain("broken.flow:5:15");
    expect(out).toContain("sink out from ordrs {");
    expect(out).toMatch(/\^{5}/);
    expect(out.trimEnd().split("\n").at(-1)).toMatch(/^1 error(, \d+ warnings?)? in 2 files\.$/);
  });

  it("says so when all is well", () => {
    expect(place({ "a.flow": copyFlow }).flow("check")).toEqual({ out: "No problems in 1 file.\n", err: "", code: 0 });
  });
});

describe("--format github", () => {
  it("gives a workflow command for each finding, with 1-based places", () => {
    const { out } = place({ "broken.flow": brokenFlow }).flow("check", "--format", "github");
    expect(out.split("\n")[0]).toMatch(
      /^::error file=broken\.flow,line=5,col=15,endLine=5,endColumn=20,title=FLOW2001::.*'ordrs'/,
    );
  });

  it("escapes what would end a property", () => {
    const { out } = place({ "a,b:c%.flow": brokenFlow }).flow("check", "--format", "github");
    expect(out).toContain("file=a%2Cb%3Ac%25.flow,line=5");
  });
});

describe("--format sarif", () => {
  const { out, code } = place({ "my file.flow": brokenFlow }).flow("check", "--format", "sarif");
  const log = JSON.parse(out) as {
    version: string;
    $schema: string;
    runs: {
      tool: { driver: { name: string; rules: { id: string; helpUri: string; name: string }[] } };
      results: Record<string, unknown>[];
    }[];
  };

  it("is SARIF 2.1.0 with one run, whose results name their rules", () => {
    expect(code).toBe(1);
    expect([log.version, log.runs.length]).toEqual(["2.1.0", 1]);
    const { driver } = log.runs[0]!.tool;
    expect(driver.name).toBe("flow");
    const result = log.runs[0]!.results.find(({ ruleId }) => ruleId === "FLOW2001")!;
    expect(driver.rules[result.ruleIndex as number]).toMatchObject({
      id: "FLOW2001",
      helpUri: expect.stringMatching(/^https:.*FLOW2001\.md$/) as string,
    });
    expect(result).toMatchObject({
      level: "error",
      locations: [
        {
          physicalLocation: {
            artifactLocation: { uri: "my%20file.flow" },
            region: { startLine: 5, startColumn: 15, endLine: 5, endColumn: 20 },
          },
        },
      ],
    });
  });

  it("has a run without results when all is well", () => {
    const clean = JSON.parse(place({ "a.flow": copyFlow }).flow("check", "--format", "sarif").out) as typeof log;
    expect(clean.runs[0]!.results).toEqual([]);
  });
});

describe("which files", () => {
  it("reads standard input for '-', and reports it under the name given", () => {
    const { out } = place().flowWith(
      { input: brokenFlow },
      "check",
      "-",
      "--stdin-path",
      "src/x.flow",
      "--format",
      "json",
    );
    expect(JSON.parse(out)).toContainEqual({ ...broken, file: "src/x.flow" });
  });

  it("takes folders and patterns, each file once, and passes over node_modules and hidden folders", () => {
    const { flow } = place({
      "a/x.flow": brokenFlow,
      "a/b/y.flow": brokenFlow,
      "node_modules/z.flow": brokenFlow,
      ".git/z.flow": brokenFlow,
      "w.flow": copyFlow,
    });
    const files = (...words: string[]) => [
      ...new Set(
        (JSON.parse(flow("check", "--format", "json", ...words).out) as { file: string }[]).map(({ file }) => file),
      ),
    ];
    expect(files()).toEqual(["a/b/y.flow", "a/x.flow"]);
    expect(files("a/*.flow", "a/x.flow")).toEqual(["a/x.flow"]);
    expect(files("**/{x,y}.flow")).toEqual(["a/b/y.flow", "a/x.flow"]);
    expect(files("a")).toEqual(["a/b/y.flow", "a/x.flow"]);
  });

  it("says what to do when there is no .flow file", () => {
    const { err, code } = place().flow("check");
    expect([err, code]).toEqual([
      "error: There is no .flow file below this folder.\n'flow init' starts a project.\n",
      2,
    ]);
  });
});

describe("levels and limits", () => {
  const unused = `${copyFlow}\ntype Unused { id: string }\n`;

  it("lets warnings pass, unless there are more than --max-warnings", () => {
    const { flow } = place({ "a.flow": unused });
    expect(flow("check").code).toBe(0);
    expect(flow("check", "--max-warnings", "1").code).toBe(0);
    expect(flow("check", "--max-warnings", "0").code).toBe(1);
  });

  it("follows flow.config.json, the nearest or the one named", () => {
    const { flow } = place({
      "a/b/a.flow": unused,
      "a/flow.config.json": '{ "levels": { "FLOW9001": "error" } }',
      "off.json": '{ "levels": { "FLOW9001": "off" } }',
    });
    expect(flow("check").code).toBe(1);
    expect(flow("check", "--config", "off.json")).toEqual({ out: "No problems in 1 file.\n", err: "", code: 0 });
  });
});

describe("params", () => {
  const file =
    "param input: string\n\nsource orders {\n  file { path: input }\n}\n\nsink out from orders {\n  stdout {}\n}\n";
  const { flow } = place({ "a.flow": file, "p.yaml": "input: x.ndjson\n" });

  it("come from --param and --params, and may come later than the check", () => {
    expect(flow("check").code).toBe(0);
    expect(flow("check", "--param", "input=x.ndjson").code).toBe(0);
    expect(flow("check", "--params", "p.yaml").code).toBe(0);
  });

  it("with an unknown name are a mistake of the command line that names the nearest", () => {
    const { out, err, code } = flow("check", "--param", "input=x", "--param", "inptu=x");
    expect([out, err, code]).toEqual([
      "",
      "error: A value is given for 'inptu', but no param is called so. Did you mean 'input'?\nThe file has: input.\n",
      2,
    ]);
  });
});

describe("--fix", () => {
  it("applies what is mechanical and reports what is left", () => {
    const here = place({ "broken.flow": brokenFlow });
    const { err, code } = here.flow("check", "--fix");
    expect(readFileSync(join(here.cwd, "broken.flow"), "utf8")).toBe(copyFlow);
    expect([err, code]).toEqual(["1 fix applied in 1 file.\n", 0]);
  });
});

describe("--watch", () => {
  it("checks again when a file changes, and ends with Ctrl-C", async () => {
    const here = place({ "a.flow": brokenFlow });
    const child = here.start("check", "--watch");
    let out = "";
    const seen = (text: string) =>
      new Promise<void>((done) => {
        const look = () => out.includes(text) && done();
        child.stdout!.on("data", look);
        look();
      });
    child.stdout!.on("data", (part: Buffer) => {
      out += part.toString();
    });
    const ready = once(child.stderr!, "data");
    await seen("1 error");
    await ready;
    writeFileSync(join(here.cwd, "a.flow"), copyFlow);
    await seen("No problems in 1 file.");
    child.kill("SIGINT");
    const [code] = (await once(child, "exit")) as [number];
    expect(code).toBe(0);
  });
});

describe("what only a cluster minds", () => {
  const twoKafkas = `source orders { kafka { brokers: ["a:1"], topic: "orders" } }
window counts from orders { global early after 10 emit { n: count() } }
sink out from counts { kafka { brokers: ["b:1"], topic: "counts" } }
`;

  it("is found as well: topics between stages that could be in two Kafkas, or more nodes than a resource holds", () => {
    const many = Array.from({ length: 65 }, (_, i) => `sink z${i} from a { file { path: "z${i}" } }\n`).join("");
    const here = place({ "two.flow": twoKafkas, "many.flow": `source a { stdin {} }\n${many}` });
    const found = (file: string) => {
      const { out, code } = here.flow("check", file, "--format", "json");
      return [code, ...(JSON.parse(out) as { code: string }[]).map((one) => one.code)];
    };
    expect(found("two.flow")).toEqual([1, "FLOW5011"]);
    expect(found("many.flow")).toEqual([1, "FLOW5805"]);
  });

  it("waits where a param has no value yet", () => {
    const { code } = place({ "a.flow": `param topic: string\n${twoKafkas.replace('"orders" }', "topic }")}` }).flow(
      "check",
      "a.flow",
    );
    expect(code).toBe(0);
  });

  it("is a warning of compile when no Kafka is named at all, and the pipeline runs without one", () => {
    const text = `source words { file { path: "words" } format lines }
window counts from words { global emit { n: count() } }
sink out from counts { stdout {} }
`;
    const here = place({ "a.flow": text, words: "a\nb\n" });
    expect(here.flow("check", "a.flow")).toMatchObject({ code: 0, err: "" });
    const { out, err, code } = here.flow("compile", "a.flow", "-o", "-");
    expect([code, out]).toEqual([0, expect.stringContaining("kind: Pipeline")]);
    expect(err).toMatch(/FLOW5012.*2 stages.*'pipeline a \{ kafka \{ brokers/s);
    expect(here.flow("run", "a.flow", "--quiet")).toMatchObject({ out: '{"n":2}\n', code: 0 });

    const ignoring = `// flow-ignore FLOW5012: the operator knows its Kafka\npipeline a\n\n${text}`;
    const quiet = place({ "a.flow": ignoring });
    expect(quiet.flow("compile", "a.flow", "-o", "-")).toMatchObject({ err: "", code: 0 });
    expect(quiet.flow("check", "a.flow").out).toContain("No problems");
  });
});
