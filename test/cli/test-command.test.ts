/** `flow test`, as a process. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { type Ended, type Place, place } from "./flow.ts";

const failing = readFileSync("test/cli/test-report/failing.flow", "utf8");
const words = (test: string) => `source lines {
  stdin {}
}

step words from lines {
  expand data.split(" ")
  filter data != ""
}

sink out from words {
  stdout {}
}

${test}`;
const passing = words('test "a line becomes its words" {\n  lines at 0s "to be"\n  expect words ["to", "be"]\n}\n');
const wrong = words('test "a line becomes its words" {\n  lines at 0s "to be"\n  expect words ["to"]\n}\n');

/** Without what differs from run to run. */
const timeless = ({ out }: Ended): string =>
  out
    .replace(/in \d+ ms\./g, "in … ms.")
    .replace(/"durationMs": [\d.]+/g, '"durationMs": 0')
    .replace(/ time="[\d.]+"/g, ' time="0"');

describe("flow test", () => {
  it("runs the tests of a file and exits 0 when all pass", () => {
    const { out, err, code } = place({ "a.flow": passing }).flow("test", "a.flow");
    expect(out).toMatch(/^a\.flow\n {2}✓ a line becomes its words\n\n1 test: 1 passed, in \d+ ms\.\n$/);
    expect(err).toBe("");
    expect(code).toBe(0);
  });

  it("finds the files below the folder, and takes globs; files without tests do not matter", () => {
    const here = place({ "a.flow": passing, "sub/b.flow": passing, "sub/c.flow": words("") });
    expect(here.flow("test").out).toContain("2 tests: 2 passed");
    expect(here.flow("test", "sub/*.flow").out).toContain("1 test: 1 passed");
  });

  it("exits 1 when a test fails, and shows what differs", () => {
    const { out, code } = place({ "a.flow": wrong }).flow("test");
    expect(out).toContain(`a.flow:16:3 ✗ a line becomes its words
  16 |   expect words ["to"]
     |   ^^^^^^^^^^^^^^^^^^^
  'words' gave 2 events, and should have given 1.
  + "be"  not expected, of 'lines at 0s' (line 15)
`);
    expect(code).toBe(1);
  });

  it.each(["text", "json", "junit"])("prints %s as it always did", async (format) => {
    const ended = place({ "failing.flow": failing }).flow("test", "failing.flow", "--format", format);
    expect(ended.err).toBe("");
    expect(ended.code).toBe(1);
    const ending = { text: "txt", json: "json.txt", junit: "xml" }[format];
    await expect(timeless(ended)).toMatchFileSnapshot(`test-report/failing.${ending}`);
  });

  it("runs only the tests that --filter names, as text or as a regular expression", () => {
    const here = place({ "failing.flow": failing });
    expect(here.flow("test", "--filter", "passes").out).toContain("1 test: 1 passed, 5 left out by --filter");
    expect(here.flow("test", "--filter", "/^PASS/i").code).toBe(0);
    const none = here.flow("test", "--filter", "no such");
    expect(none.out).toBe("No test has such a name; there are 6 in 1 file.\n");
    expect(none.code).toBe(1);
    const bad = here.flow("test", "--filter", "/(/");
    expect(bad.err).toContain("'--filter /(/' is no regular expression");
    expect(bad.code).toBe(2);
  });

  it("exits 1 where there is no test at all, so that a wrong path does not pass", () => {
    const { out, code } = place({ "a.flow": words("") }).flow("test");
    expect(out).toContain("There is no test in 1 file.");
    expect(code).toBe(1);
  });

  it("prints what is wrong with a file, and runs the others", () => {
    const here = place({ "a.flow": passing, "b.flow": words('test "x" { expect nowhere ["a"] }') });
    const { out, code } = here.flow("test");
    expect(out).toContain("b.flow\n  ✗ does not compile");
    expect(out).toContain("FLOW2001");
    expect(out).toContain("1 test: 1 passed, 1 file with errors");
    expect(code).toBe(1);
  });

  it("takes params", () => {
    const flow =
      'param least: int\nsource a { stdin {} }\nstep b from a { filter data >= least }\nsink out from b { stdout {} }\ntest "x" {\n  a at 0s 1\n  a at 0s 2\n  expect b [least]\n}\n';
    const here = place({ "a.flow": flow });
    expect(here.flow("test", "--param", "least=2").code).toBe(0);
    expect(here.flow("test", "--param", "least=9").code).toBe(1);
  });

  it("needs no broker: every connector is replaced, and nothing outside is written", () => {
    const flow = `pipeline p {
  kafka { brokers: ["nowhere:9092"] }
  errors dead_letter { kafka { topic: "dead" } }
}

source a { kafka { topic: "in" } }

step b from a { map 10 / data.n }

sink out from b { file { path: "out.ndjson" } }

test "x" {
  a at 0s { n: 0 }
  a at 0s { n: 5 }
  expect b [2]
  expect out [2]
  expect b.errors [{ node: "b" }]
}
`;
    const here = place({ "a.flow": flow });
    expect(here.flow("test").code).toBe(0);
    expect(() => readFileSync(join(here.cwd, "out.ndjson"))).toThrow();
  });

  it("says with --coverage what never ran", () => {
    const { out, code } = place({ "a.flow": passing }).flow("test", "--coverage");
    expect(out).toContain("a.flow: 4 of 5 branches ran.\n  a.flow:7:3 'filter' of 'words' never dropped an event\n");
    expect(code).toBe(0);
    const json = place({ "a.flow": passing }).flow("test", "--coverage", "--format", "json");
    expect(JSON.parse(json.out).files[0].coverage).toContainEqual({
      node: "words",
      at: "a.flow:7:3",
      what: "'filter' of 'words'",
      does: "let an event pass",
      count: 2,
    });
  });

  it("watches: tests again when the file changes, and ends well with Ctrl-C", async () => {
    const here = place({ "a.flow": wrong });
    const ended = await watched(here, () => here.write("a.flow", passing));
    expect(ended.out).toContain("1 failed");
    expect(ended.out).toContain("1 passed");
    expect(ended.code).toBe(0);
  });

  it("shows its help, with examples and exit codes", () => {
    const { out, code } = place().flow("test", "--help");
    expect(out).toContain("flow test word_count.flow --filter late --watch");
    expect(out).toContain("no test was found");
    expect(code).toBe(0);
  });
});

/** Starts `flow test --watch`, changes something after the first summary and ends it after the second. */
function watched(here: Place, change: () => void): Promise<{ readonly out: string; readonly code: number | null }> {
  const flow = here.start("test", "--watch");
  let out = "";
  let rounds = 0;
  flow.stdout?.on("data", (text) => {
    out += text;
  });
  flow.stderr?.on("data", (text) => {
    if (!String(text).includes("Watching")) return;
    rounds++;
    if (rounds === 1) change();
    else flow.kill("SIGINT");
  });
  return new Promise((resolve) => flow.on("close", (code) => resolve({ out, code })));
}

describe("flow run --trace", () => {
  it("shows the way of the first events through the nodes, with each value", () => {
    const here = place({ "a.flow": passing });
    here.write("in.txt", '"to  be"\n"or not"\n"x"\n');
    const { out, err, code } = here.flow("run", "a.flow", "--from", "lines=file:in.txt", "--trace", "1", "-q");
    expect(out).toBe('"to"\n"be"\n"or"\n"not"\n"x"\n');
    expect(err.replace(/at \d{4}-\S+/, "at …")).toBe(`lines in.txt:0 "to  be"
├─ at …
└─ words
   ├─ expand "to"
   │  ├─ filter passed
   │  └─ out
   │     └─ written
   ├─ expand ""
   │  └─ filter dropped it a.flow:7:3
   └─ expand "be"
      ├─ filter passed
      └─ out
         └─ written

`);
    expect(code).toBe(0);
  });
});
