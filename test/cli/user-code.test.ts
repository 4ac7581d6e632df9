/** Steps that are programs, from the command line: `code`, `--exec`, stopping, and what TypeScript finds in code. */
import { once } from "node:events";
import { existsSync, mkdirSync, readdirSync, readFileSync, symlinkSync } from "node:fs";
import { join, resolve } from "node:path";
import { describe, expect, it } from "vitest";
import { type Place, place } from "./flow.ts";

const codeFlow = `type Order { id: int, total: double, note?: string }

source orders: Order {
  stdin {}
}

step score from orders {
  code javascript """
export default ({ data }) => {
  if (data.id === 3) throw new Error("three");
  console.log("saw", data.id);
  return { ...data, score: data.total * 2 };
}
"""
}

sink out from score {
  stdout {}
}

test "scores" {
  orders at 0s { id: 1, total: 2.5 }
  expect score [{ id: 1, score: 5.0 }]
}

test "an order of three" {
  orders at 0s { id: 3, total: 1 }
  expect nothing from score
  expect score.errors [{ reason: "Error: three (a.flow:10)" }]
}
`;

const containerFlow = `source orders {
  stdin {}
}

step score from orders {
  container "registry.example.org/score:1" { io: stdio, grace: 5s }
}

sink out from score {
  stdout {}
}

test "passes on" {
  orders at 0s { id: 1 }
  expect out [{ id: 1 }]
}
`;

const passFlow = containerFlow.replace("score from", "pass from").replace("from score", "from pass");

/** Answers each event with itself, and says on standard error when it comes and goes. */
const echo = `
import { createInterface } from "node:readline";
console.error("here");
process.on("SIGTERM", () => {
  console.error("told to end");
  process.exit(0);
});
createInterface({ input: process.stdin })
  .on("line", (line) => process.stdout.write(line + '\\n{"type":"Ack"}\\n'))
  .on("close", () => console.error("input closed"));
`;
const exec = `score='${process.execPath}' echo.mjs`;
const input = '{"id":1,"total":1.5}\n{"id":2,"total":2}\n{"id":3,"total":1}\n';

describe("code in a file", () => {
  it("runs, logs on standard error, and what it refuses goes to the dead letter with the line of the file", () => {
    const here = place({ "a.flow": codeFlow });
    const { out, err, code } = here.flowWith({ input }, "run", "a.flow");
    expect([out, code]).toEqual(['{"id":1,"total":1.5,"score":3}\n{"id":2,"total":2,"score":4}\n', 0]);
    expect(err).toMatch(
      /^score: saw 1\nscore: saw 2\nDone: 3 events in, 2 out, in .*\n1 bad record in a\.dead-letter\.ndjson:\n {2}1 × score \(code\): Error: three \(a\.flow:10\)\n$/,
    );
    expect(readFileSync(join(here.cwd, "a.dead-letter.ndjson"), "utf8")).toContain(
      '"text":"{\\"id\\":3,\\"total\\":1}"',
    );
  });

  it("is tested as it is", () => {
    const { out, err, code } = place({ "a.flow": codeFlow }).flow("test", "a.flow");
    expect(out).toContain("2 tests: 2 passed");
    expect([err, code]).toEqual(["score: saw 1\n", 0]);
  });

  it("is followed by --trace to where it goes on and where it ends", () => {
    const { err } = place({ "a.flow": codeFlow }).flowWith({ input }, "run", "a.flow", "--trace", "3");
    const steps = err.split("\n").filter((line) => /code/.test(line) && !line.includes("×"));
    expect(steps).toEqual([
      '   ├─ code {"id":1,"total":1.5,"score":3}',
      '   ├─ code {"id":2,"total":2,"score":4}',
      "   └─ error in code: Error: three (a.flow:10) (a.flow:8:19)",
    ]);
  });

  it("ends the run before anything is read when it cannot be loaded", () => {
    const broken = codeFlow.replace("const", "").replace("data.total * 2 };", "data.total * };");
    const { out, err, code } = place({ "a.flow": broken }).flowWith({ input }, "run", "a.flow");
    expect([out, code]).toEqual(["", 1]);
    expect(err).toBe("error: The code of 'score' cannot be loaded: SyntaxError: Unexpected token '}' (a.flow:12).\n");
  });
});

describe("flow run --exec", () => {
  it("runs a program in place of a container, in the folder of the file", () => {
    const here = place({ "sub/b.flow": containerFlow, "sub/echo.mjs": echo });
    const { out, err, code } = here.flowWith({ input }, "run", "sub/b.flow", "--exec", exec);
    expect([out, code]).toEqual([input, 0]);
    expect(err).toMatch(/^score: here\n(score: .*\n)*Done: 3 events in, 3 out/);
  });

  it("runs it in tests, of those files that have the step", () => {
    const here = place({ "b.flow": containerFlow, "a.flow": codeFlow, "echo.mjs": echo });
    const { out, code } = here.flow("test", "b.flow", "a.flow", "--exec", exec);
    expect(out).toContain("3 tests: 3 passed");
    expect(code).toBe(0);
    expect(here.flow("test", "b.flow", "a.flow", "--exec", "scor=x")).toEqual({
      out: "",
      err: "error: There is no step 'scor'. Did you mean 'score'?\nSteps with a container: score.\n",
      code: 2,
    });
  });

  it("says how to run a container when it is left out", () => {
    const { err, code } = place({ "b.flow": containerFlow }).flow("run", "b.flow");
    expect(err).toContain("--exec score='python3 score.py'");
    expect(code).toBe(1);
  });

  it.each([
    ["scor=x", "There is no step 'scor'. Did you mean 'score'?\nSteps with a container: score."],
    ["out=x", "'out' is a sink; --exec is for steps with a container.\nSteps with a container: score."],
    ["score", "'--exec score' is not of the form STEP=COMMAND.\nFor example: --exec score='python3 score.py'"],
    ["score= ", "The command for 'score' is empty: '--exec score= '.\nFor example: --exec score='python3 score.py'"],
    [
      "score='x",
      "The command for 'score' cannot be read: a quote ' is not closed.\nFor example: --exec score='python3 score.py'",
    ],
  ])("refuses %s", (word, message) => {
    const { err, code } = place({ "b.flow": containerFlow }).flow("run", "b.flow", "--exec", word);
    expect([err, code]).toEqual([`error: ${message}\n`, 2]);
  });

  it("refuses a second command for a step, and a step that is no container", () => {
    const here = place({ "b.flow": containerFlow, "a.flow": codeFlow });
    expect(here.flow("run", "b.flow", "--exec", "score=x", "--exec", "score=y").err).toBe(
      "error: 'score' is given two commands by --exec.\n",
    );
    expect(here.flow("run", "a.flow", "--exec", "score=x").err).toBe(
      "error: The step 'score' has no container.\nNo step of the pipeline has a container.\n",
    );
  });

  it("fails when there is no such program", () => {
    const { err, code } = place({ "b.flow": containerFlow }).flow(
      "run",
      "b.flow",
      "--exec",
      "score=no-such-program-here",
    );
    expect(err).toBe(
      "error: 'score' could not start 'no-such-program-here': no program of this name is in PATH. Install it, or give its path in 'command'.\n",
    );
    expect(code).toBe(1);
  });
});

/** Starts a run that waits for more input; `until` a text is on its standard error. */
function started(here: Place, ...words: string[]) {
  const child = here.start("run", ...words);
  let [err, out] = ["", ""];
  child.stderr!.on("data", (text) => {
    err += text;
  });
  child.stdout!.on("data", (text) => {
    out += text;
  });
  const until = async (text: string) => {
    while (!`${err}${out}`.includes(text))
      await Promise.race([once(child.stderr!, "data"), once(child.stdout!, "data")]);
  };
  return { child, until, ended: once(child, "close"), err: () => err, out: () => out };
}

describe("stopping a run with programs", () => {
  it("finishes what is with them on the first Ctrl-C, then asks them to end", async () => {
    const here = place({ "b.flow": containerFlow, "echo.mjs": echo });
    const run = started(here, "b.flow", "--exec", exec);
    run.child.stdin!.write('{"id":1}\n');
    await run.until('{"id":1}');
    run.child.kill("SIGINT");
    expect(await run.ended).toEqual([0, null]);
    expect(run.out()).toBe('{"id":1}\n');
    expect(run.err()).toContain("score: input closed\n");
    expect(run.err()).toContain("Stopped: 1 event");
  });

  it("ends them at once on the second, though they do not answer", async () => {
    const mute =
      'console.error("pid " + process.pid); process.on("SIGTERM", () => {}); process.stdin.resume(); setInterval(() => {}, 1000);';
    const here = place({ "b.flow": containerFlow, "mute.mjs": mute });
    const run = started(here, "b.flow", "--exec", `score='${process.execPath}' mute.mjs`);
    run.child.stdin!.write('{"id":1}\n');
    await run.until("pid ");
    run.child.kill("SIGINT");
    await run.until("Ctrl-C again");
    run.child.kill("SIGINT");
    expect(await run.ended).toEqual([130, null]);
    expect(run.err()).toContain("Ended at once");
    const pid = Number(/pid (\d+)/.exec(run.err())?.[1]);
    expect(() => process.kill(pid, 0)).toThrow("ESRCH");
  });
});

describe.runIf(existsSync("/proc/self/stat"))("code that never ends", () => {
  /** Of the group of processes that a runner is. */
  const runnersOf = (parent: number): number[] =>
    readdirSync("/proc").flatMap((pid) => {
      if (!/^\d+$/.test(pid)) return [];
      try {
        const [, ppid] = readFileSync(`/proc/${pid}/stat`, "utf8")
          .replace(/^.*\) /, "")
          .split(" ");
        const isRunner = readFileSync(`/proc/${pid}/cmdline`, "utf8").includes("flow-code.mjs");
        return isRunner && Number(ppid) === parent ? [Number(pid)] : [];
      } catch {
        return [];
      }
    });
  const isThere = (pid: number): boolean => existsSync(`/proc/${pid}`);

  it("ends with us, though we are killed", async () => {
    const endless = codeFlow.replace('console.log("saw", data.id);', 'console.log("saw"); for (;;);');
    const here = place({ "a.flow": endless.replace('"""\n}', '""" { timeout: 60s }\n}') });
    const run = started(here, "a.flow");
    run.child.stdin!.write('{"id":1,"total":1}\n');
    await run.until("saw");
    const runners = runnersOf(run.child.pid!);
    expect(runners).toHaveLength(1);
    run.child.kill("SIGKILL");
    await run.ended;
    for (let tries = 0; tries < 100 && runners.some(isThere); tries++)
      await new Promise((done) => setTimeout(done, 20));
    expect(runners.filter(isThere)).toEqual([]);
  });
});

describe("flow check of code", () => {
  const typo = codeFlow.replace("data.total * 2", "data.totl * 2").replace("data.id === 3", "data.note.length > 3");
  const withTypeScript = (files: Record<string, string>): Place => {
    const here = place(files);
    mkdirSync(join(here.cwd, "node_modules"));
    symlinkSync(resolve("node_modules/typescript"), join(here.cwd, "node_modules/typescript"));
    return here;
  };
  const check = (here: Place) => here.flowWith({ env: { XDG_CACHE_HOME: join(here.cwd, "cache") } }, "check", "a.flow");
  const found = (out: string): string[] => out.split("\n").filter((line) => line.includes("FLOW"));

  it("tells what TypeScript finds, at its place in the file, and keeps it", () => {
    const here = withTypeScript({ "a.flow": typo });
    const first = check(here);
    expect(found(first.out)).toEqual([
      "a.flow:10:7 warning FLOW3035: In the code of 'score' TypeScript says: 'data.note' is possibly 'null' or 'undefined'. (TS18049)",
      "a.flow:12:33 warning FLOW3035: In the code of 'score' TypeScript says: Property 'totl' does not exist on type 'Order'. Did you mean 'total'? (TS2551)",
    ]);
    expect(first.code).toBe(0);
    expect(readdirSync(join(here.cwd, "cache/argo-dataflow/typescript"))).toHaveLength(1);
    expect(check(here)).toEqual(first);
  });

  it("tells where code gives something else than its step declares", () => {
    const typed = `type Score { id: int, score: double, at: timestamp }\n${codeFlow}`.replace(
      "step score",
      "step score: Score",
    );
    const [line = "", ...more] = found(check(withTypeScript({ "a.flow": typed })).out);
    expect(line).toMatch(
      /^a\.flow:10:16 warning FLOW3035: In the code of 'score' TypeScript says: Property 'at' is missing in type .* but required in type 'Score'\. \(TS2322\)$/,
    );
    expect(more).toEqual([]);
    const right = typed.replace("score: data", "at: new Date(0), score: data");
    expect(found(check(withTypeScript({ "a.flow": right })).out)).toEqual([]);
  });

  it("says nothing where there is no TypeScript, and runs none where there is no code", () => {
    expect(found(check(place({ "a.flow": typo })).out)).toEqual([]);
    const here = withTypeScript({ "a.flow": passFlow });
    expect(found(check(here).out)).toEqual([]);
    expect(existsSync(join(here.cwd, "cache"))).toBe(false);
  });
});
