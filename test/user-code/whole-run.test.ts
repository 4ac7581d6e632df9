/** Whole runs of the built `flow` with programs as steps: what comes out, what goes to the dead letter, and what is left of the programs afterwards. */
import { type ChildProcess, spawn } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { binary, place } from "../cli/flow.ts";
import { marked, until, zombiesOf } from "./processes.ts";
import { awkCommand, goCommand, isThere, javaCommand, nodeCommand, pythonCommand, shellCommand } from "./toolchains.ts";

const transports = ["stdio", "fifo", "socket", "http", "file"] as const;
type Transport = (typeof transports)[number];

interface Run {
  readonly child: ChildProcess;
  readonly ended: Promise<{ readonly out: readonly string[]; readonly err: string; readonly code: number | null }>;
}

/** Beside other runs, which `spawnSync` would hold up. `TMPDIR` is a folder of its own, so that what is left there is seen. */
function start(cwd: string, more: Readonly<Record<string, string>> = {}): Run {
  mkdirSync(join(cwd, "tmp"), { recursive: true });
  const env = { ...process.env, TMPDIR: join(cwd, "tmp"), NO_COLOR: "1", ...more };
  const child = spawn(process.execPath, [binary, "run", "p.flow"], { cwd, env, stdio: ["ignore", "pipe", "pipe"] });
  let out = "";
  let err = "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    out += text;
  });
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    err += text;
  });
  const ended = new Promise<Awaited<Run["ended"]>>((resolve) => {
    child.once("close", (code) => resolve({ out: out.split("\n").filter(Boolean), err, code }));
  });
  return { child, ended };
}

const deadLetter = (cwd: string): readonly { readonly reason: string; readonly text: string }[] =>
  existsSync(join(cwd, "p.dead-letter.ndjson"))
    ? readFileSync(join(cwd, "p.dead-letter.ndjson"), "utf8")
        .trim()
        .split("\n")
        .map((line) => JSON.parse(line))
    : [];

interface Step {
  readonly name: string;
  readonly language: Parameters<typeof isThere>[0];
  readonly command: () => readonly string[];
  readonly io: Transport;
  readonly reason: RegExp | undefined;
}

const steps: readonly Step[] = [
  { name: "Node", language: "node", command: () => nodeCommand("step.mjs"), io: "http", reason: /^no celsius$/ },
  {
    name: "Python",
    language: "python3",
    command: () => pythonCommand("step.py"),
    io: "socket",
    reason: /^no celsius$/,
  },
  { name: "Go", language: "go", command: () => goCommand("step.go"), io: "fifo", reason: /exit code 2/ },
  { name: "Java", language: "java", command: () => javaCommand("Step.java"), io: "stdio", reason: /^no celsius$/ },
  { name: "awk", language: "awk", command: () => awkCommand("step.awk"), io: "stdio", reason: /^no celsius$/ },
  { name: "a shell", language: "sh", command: () => shellCommand("step.sh"), io: "file", reason: /^no celsius$/ },
];

/** What has to be compiled is, once. */
beforeAll(() => {
  for (const step of steps) if (isThere(step.language)) step.command();
}, 300_000);

const readings = Array.from({ length: 30 }, (_, index) =>
  index === 17 ? { city: "Oslo" } : { city: `Zürich ${index}`, celsius: index * 5 },
);
const converted = readings.map((reading) =>
  reading.celsius === undefined ? reading : { ...reading, fahrenheit: (reading.celsius * 9) / 5 + 32 },
);

const pipeline = (command: readonly string[], io: Transport, chunk = "", more = ""): string => `
source readings {
  file { path: "in.ndjson" }
}
${chunk && `\nchunk chunks from readings {\n  ${chunk}\n}\n`}
step converted from ${chunk ? "chunks" : "readings"} {
  process {
    command: ${JSON.stringify(command)}
    io: ${io}
    ${more}
  }
  retry 1 backoff 1ms..1ms else dead_letter
}

sink out from converted { stdout {} }
`;

const lines = (items: readonly unknown[]): string => items.map((item) => `${JSON.stringify(item)}\n`).join("");
const parsed = (out: readonly string[]): readonly unknown[] => out.map((line) => JSON.parse(line) as unknown);

describe.concurrent("flow run", () => {
  for (const step of steps) {
    const test = it.runIf(isThere(step.language));

    test(`gives what ${step.name} answers over ${step.io}, in order, and dead-letters what it refuses`, async () => {
      const { cwd } = place({ "p.flow": pipeline(step.command(), step.io), "in.ndjson": lines(readings) });
      const { out, err, code } = await start(cwd).ended;
      expect({ code, err }).toMatchObject({ code: 0 });
      const isRefused = (index: number) => step.reason !== undefined && index === 17;
      expect(parsed(out)).toEqual(converted.filter((_, index) => !isRefused(index)));
      const dead = deadLetter(cwd);
      expect(dead.map(({ text }) => JSON.parse(text))).toEqual(readings.filter((_, index) => isRefused(index)));
      for (const { reason } of dead) expect(reason).toMatch(step.reason!);
    }, 60_000);

    if (step.name === "Go") continue;
    test(`gives what ${step.name} answers over ${step.io} by chunks, and dead-letters a chunk whole`, async () => {
      const { cwd } = place({ "p.flow": pipeline(step.command(), step.io, "size 4"), "in.ndjson": lines(readings) });
      const { out, err, code } = await start(cwd).ended;
      expect({ code, err }).toMatchObject({ code: 0 });
      const isRefused = (index: number) => step.reason !== undefined && index >= 16 && index < 20;
      expect(parsed(out)).toEqual(converted.filter((_, index) => !isRefused(index)));
      const dead = deadLetter(cwd).map(({ text }) => JSON.parse(text));
      expect(dead).toEqual(readings.filter((_, index) => isRefused(index)));
    }, 60_000);
  }
});

describe.concurrent("a program in flow run", () => {
  /** Answers each event with what the expression makes of it. */
  const answering = (expression: string): readonly string[] => [
    process.execPath,
    "-e",
    `require("node:readline").createInterface({ input: process.stdin }).on("line", (line) => {
      const event = JSON.parse(line);
      for (const result of [${expression}].flat()) console.log(JSON.stringify(result));
      console.log(JSON.stringify({ type: "Ack", id: event.id }));
    });`,
  ];

  it("speaks to the steps behind it by attributes, and may answer with none or many results", async () => {
    const command = answering("Array.from({ length: event.data.n }, (_, i) => ({ data: i, parity: i % 2 }))");
    const flow = pipeline(command, "stdio").replace(
      "sink out from converted",
      'step odd from converted {\n  filter event.parity == "1"\n  map { id: event.id, value: data }\n}\n\nsink out from odd',
    );
    const { cwd } = place({ "p.flow": flow, "in.ndjson": lines([{ n: 0 }, { n: 4 }, { n: 1 }]) });
    const { out, err } = await start(cwd).ended;
    expect({ out: parsed(out), err }).toMatchObject({
      out: [
        { id: "in.ndjson:8/1", value: 1 },
        { id: "in.ndjson:8/3", value: 3 },
      ],
    });
  });

  it("is given the variables that the page names, those of its step, and nothing else of ours", async () => {
    const command = answering("({ data: Object.keys(process.env).sort() })");
    const { cwd } = place({
      "p.flow": pipeline(command, "stdio", "", 'env: { GREETING: "hello" }'),
      "in.ndjson": lines([{}]),
    });
    const { out } = await start(cwd, { FLOW_SECRET_A_B: "x", DATABASE_PASSWORD: "x" }).ended;
    const known = /^(PATH|HOME|USER|SHELL|LANG|LC_\w+|TZ|TMPDIR)$/;
    const names = (JSON.parse(out[0]!) as string[]).filter((name) => !known.test(name));
    expect(names).toEqual(["FLOW_IO", "FLOW_PIPELINE", "FLOW_STEP", "GREETING"]);
  });
});

/** Each id says what goes wrong at it, and the dead letter why. */
const faults: Readonly<Record<string, RegExp>> = {
  "d-fault-crashes": /exit code 3: it is all too much/,
  "g-fault-garbage": /answered what is no event: .*Segmentation fault/,
  "p-fault-floods-a-line": /answered too much/,
};
const slowFaults: Readonly<Record<string, RegExp>> = {
  "b-fault-hangs": /no answer within 2s/,
  "g-fault-garbage": /answered what is no event: .*Segmentation fault/,
  "l-fault-never-reads": /no answer within 2s/,
};

const faultPipeline = (io: Transport, chunk: string, timeout: string): string =>
  pipeline(
    [...nodeCommand("fault.mjs"), "by-id"],
    io,
    chunk,
    `timeout: ${timeout}\n    grace: 500ms${io === "http" || io === "file" ? "\n    concurrency: 2" : ""}`,
  )
    .replace('"in.ndjson" }', '"in.ndjson" }\n  format cloudevents')
    .replace("stdout {}", "stdout {}\n  format cloudevents { mode: structured }\n");

const cloudEvent = (id: string) => ({ specversion: "1.0", id, source: "/test", type: "t", data: { id } });
const idsOf = (out: readonly string[]): readonly string[] => out.map((line) => (JSON.parse(line) as { id: string }).id);

describe.concurrent("flow run with a program that misbehaves", () => {
  it.each(transports)(
    "over %s loses no event: each is in the output or, with its reason, in the dead letter",
    { timeout: 90_000 },
    async (io) => {
      const reasons = slowFaults;
      const ids = [...Object.keys(reasons), "a", "c", "e", "f", "h", "k-fault-twice", "m", "q"].sort();
      const { cwd } = place({ "p.flow": faultPipeline(io, "", "2s"), "in.ndjson": lines(ids.map(cloudEvent)) });
      const { out, err, code } = await start(cwd).ended;
      expect({ code, err }).toMatchObject({ code: 0 });
      expect(idsOf(out)).toEqual(ids.filter((id) => !(id in reasons)));
      const dead = deadLetter(cwd);
      expect(dead.map(({ text }) => idsOf([text])[0])).toEqual(ids.filter((id) => id in reasons));
      for (const { reason, text } of dead) expect(reason).toMatch(reasons[idsOf([text])[0]!]!);
    },
  );

  it.each(transports)("over %s loses no chunk", { timeout: 90_000 }, async (io) => {
    const firsts = ["a", "b", ...Object.keys(faults), "e", "i", "k-fault-twice", "o"].sort();
    const ids = firsts.flatMap((first) => [first, `${first[0]}2`, `${first[0]}3`]);
    const { cwd } = place({ "p.flow": faultPipeline(io, "size 3", "30s"), "in.ndjson": lines(ids.map(cloudEvent)) });
    const { out, err, code } = await start(cwd).ended;
    expect({ code, err }).toMatchObject({ code: 0 });
    const reasonOf = (id: string) => Object.entries(faults).find(([first]) => first[0] === id[0])?.[1];
    const isFaulty = (id: string) => reasonOf(id) !== undefined;
    expect(idsOf(out)).toEqual(ids.filter((id) => !isFaulty(id)));
    const dead = deadLetter(cwd);
    expect(dead.map(({ text }) => idsOf([text])[0])).toEqual(ids.filter(isFaulty));
    for (const { reason, text } of dead) expect(reason).toMatch(reasonOf(idsOf([text])[0]!)!);
  });
});

const endless = (io: Transport, mark: string): string => `
source ticks {
  generate { rate: 50/s, data: { n: i } }
}

step seen from ticks {
  process {
    command: ${JSON.stringify([...nodeCommand("fault.mjs"), "forks"])}
    io: ${io}
    env: { MARK: ${JSON.stringify(mark)} }
    grace: 500ms
  }
}

sink out from seen { stdout {} }
`;

/** Of programs; Node keeps compiled code there too. */
const foldersIn = (temporary: string): readonly string[] =>
  readdirSync(temporary).filter((name) => name.startsWith("flow-"));

describe.runIf(existsSync("/proc/self/environ")).concurrent("when flow", () => {
  const started = async (io: Transport) => {
    const mark = `flow-whole-${process.pid}-${io}-${Math.random()}.`;
    const { cwd } = place({ "p.flow": endless(io, mark) });
    const run = start(cwd);
    let isAnswered = false;
    run.child.stdout!.once("data", () => {
      isAnswered = true;
    });
    expect(await until(() => isAnswered && marked(mark).length >= 2, 20_000)).toBe(true);
    return { ...run, mark, temporary: join(cwd, "tmp") };
  };

  it.each(transports)(
    "is killed with -9, nothing is left of a program over %s, of what it has started, and of its folder",
    { timeout: 60_000 },
    async (io) => {
      const { child, ended, mark, temporary } = await started(io);
      child.kill("SIGKILL");
      await ended;
      expect(await until(() => marked(mark).length === 0)).toBe(true);
      expect(await until(() => foldersIn(temporary).length === 0)).toBe(true);
    },
  );

  it.each(transports)(
    "is asked to end, it ends a program over %s, and leaves no zombie before that",
    { timeout: 60_000 },
    async (io) => {
      const { child, ended, mark, temporary } = await started(io);
      expect(zombiesOf(child.pid!)).toEqual([]);
      child.kill("SIGTERM");
      const { code } = await ended;
      expect(code).toBe(0);
      expect(marked(mark)).toEqual([]);
      expect(foldersIn(temporary)).toEqual([]);
    },
  );
});
