/** The programs of docs/user-code.md, each over its transports: single events and whole chunks, results right and in order, bad events refused. */
import { beforeAll, describe, expect, it } from "vitest";
import type { Unit } from "../../runtime/user-code/user-code.ts";
import { chunkUnit, eventUnit, runProgram, type StepOptions, shownResult } from "./run-program.ts";
import { answerProblems, inputProblems } from "./schemas.ts";
import {
  awkCommand,
  goCommand,
  isThere,
  javaCommand,
  nodeCommand,
  overPipes,
  pythonCommand,
  shellCommand,
} from "./toolchains.ts";

type Language = Parameters<typeof isThere>[0];

interface Row {
  readonly name: string;
  readonly language: Language;
  readonly command: () => readonly string[];
  readonly io: "http" | "stdio" | "fifo" | "socket" | "file";
  readonly more?: StepOptions;
  /** What it makes of events. All do, but those that are made for chunks. */
  readonly takes: readonly ("event" | "chunk")[];
  /** How it refuses an event without `celsius`, alone. */
  readonly refuses?: RegExp;
}

const both = ["event", "chunk"] as const;
const rejects = /^no celsius$/;

const rows: readonly Row[] = [
  { name: "Node", language: "node", command: () => nodeCommand("step.mjs"), io: "http", takes: both, refuses: rejects },
  {
    name: "Node, a Unix socket",
    language: "node",
    command: () => nodeCommand("step.mjs"),
    io: "http",
    more: { url: "unix:" },
    takes: both,
    refuses: rejects,
  },
  {
    name: "Node",
    language: "node",
    command: () => nodeCommand("step-lines.mjs"),
    io: "stdio",
    takes: both,
    refuses: rejects,
  },
  {
    name: "Node",
    language: "node",
    command: () => nodeCommand("step-lines.mjs"),
    io: "socket",
    takes: both,
    refuses: rejects,
  },
  {
    name: "Node",
    language: "node",
    command: () => nodeCommand("step-file.mjs"),
    io: "file",
    takes: both,
    refuses: rejects,
  },
  {
    name: "Python",
    language: "python3",
    command: () => pythonCommand("step.py"),
    io: "socket",
    takes: both,
    refuses: rejects,
  },
  {
    name: "Python",
    language: "python3",
    command: () => pythonCommand("step-http.py"),
    io: "http",
    takes: both,
    refuses: /./,
  },
  {
    name: "Python",
    language: "python3",
    command: () => pythonCommand("step-file.py"),
    io: "file",
    takes: both,
    refuses: /KeyError: 'celsius'/,
  },
  {
    name: "Go",
    language: "go",
    command: () => goCommand("step.go"),
    io: "fifo",
    takes: ["event"],
    refuses: /exit code 2: panic: interface conversion/,
  },
  {
    name: "Go",
    language: "go",
    command: () => goCommand("step-socket.go"),
    io: "socket",
    takes: ["event"],
    refuses: /exit code 2: panic: interface conversion/,
  },
  {
    name: "Java",
    language: "java",
    command: () => javaCommand("Step.java"),
    io: "stdio",
    takes: both,
    refuses: rejects,
  },
  {
    name: "Java",
    language: "java",
    command: () => overPipes(javaCommand("Step.java")),
    io: "fifo",
    takes: both,
    refuses: rejects,
  },
  { name: "Java", language: "java", command: () => javaCommand("StepHttp.java"), io: "http", takes: both },
  {
    name: "Java, structured",
    language: "java",
    command: () => javaCommand("StepHttp.java"),
    io: "http",
    more: { mode: "structured" },
    takes: both,
  },
  { name: "awk", language: "awk", command: () => awkCommand("step.awk"), io: "stdio", takes: both, refuses: rejects },
  {
    name: "awk",
    language: "awk",
    command: () => overPipes(awkCommand("step.awk")),
    io: "fifo",
    takes: both,
    refuses: rejects,
  },
  {
    name: "a shell",
    language: "sh",
    command: () => shellCommand("step.sh"),
    io: "file",
    takes: both,
    refuses: rejects,
  },
];

const optionsOf = ({ command, io, more }: Row): StepOptions => ({
  io,
  command: [...command()],
  timeout: 10_000,
  grace: 2_000,
  ...more,
});

const celsius = (index: number) => index * 5 - 20;
const fahrenheit = (index: number) => index * 9 - 4;
const reading = (index: number) => ({ city: `Zürich "${index}"\n`, celsius: celsius(index) });

/** What has to be compiled is, once; the first time Go compiles its own library too. */
beforeAll(() => {
  for (const row of rows) if (isThere(row.language)) row.command();
  if (isThere("go")) goCommand("mean.go");
}, 300_000);

describe("the programs", () => {
  it("are in five languages, each over two transports at least, and three languages over each transport", () => {
    const languages = Map.groupBy(rows, ({ language }) => (language === "sh" ? "awk" : language));
    const transports = Map.groupBy(rows, ({ io }) => io);
    const fewest = (groups: ReadonlyMap<string, readonly Row[]>, by: "io" | "language") =>
      Math.min(...[...groups.values()].map((group) => new Set(group.map((row) => row[by])).size));
    expect([languages.size, fewest(languages, "io"), transports.size, fewest(transports, "language")]).toEqual([
      5, 2, 5, 3,
    ]);
  });
});

describe.each(rows.filter(({ takes }) => takes.includes("event")))("$name over $io", (row) => {
  it.runIf(isThere(row.language))("answers single events, in order", { timeout: 60_000 }, async () => {
    const units = Array.from({ length: 50 }, (_, index) => eventUnit(`e:${index}`, reading(index)));
    const { results, dead, failures, error } = await runProgram(optionsOf(row), units);
    expect({ dead: [...dead], failures, error }).toEqual({ dead: [], failures: [], error: undefined });
    expect(
      units.map(({ id }) =>
        results
          .get(id)!
          .map(shownResult)
          .map(({ data }) => data),
      ),
    ).toEqual(units.map((_, index) => [{ ...reading(index), fahrenheit: fahrenheit(index) }]));
    const lines = [...results.values()].flat().filter((result) => typeof result === "string");
    expect(lines.flatMap(answerProblems)).toEqual([]);
  });
});

describe.each(rows.filter(({ takes }) => takes.includes("chunk")))("$name over $io", (row) => {
  it.runIf(isThere(row.language))("answers chunks, in order", { timeout: 60_000 }, async () => {
    const ids = (chunk: number) => Array.from({ length: 7 }, (_, index) => `c${chunk}:${index}`);
    const units = [0, 1, 2, 3].map((chunk) =>
      chunkUnit(`chunk/${chunk}`, Object.fromEntries(ids(chunk).map((id, index) => [id, reading(index + chunk)]))),
    );
    const { results, dead, failures, error } = await runProgram(optionsOf(row), units);
    expect({ dead: [...dead], failures, error }).toEqual({ dead: [], failures: [], error: undefined });
    expect(units.map(({ id }) => results.get(id)!.map(shownResult))).toEqual(
      units.map((_, chunk) =>
        ids(chunk).map((id, index) => ({
          id,
          data: { ...reading(index + chunk), fahrenheit: fahrenheit(index + chunk) },
        })),
      ),
    );
  });
});

describe.each(rows.filter(({ language }) => ["awk", "sh", "java"].includes(language)))("$name over $io", (row) => {
  it.runIf(isThere(row.language))("reads numbers with exponents, by its pattern", { timeout: 60_000 }, async () => {
    const texts = ["1e2", "-1.5E+3", "2.5e-1", "-40"];
    const units = texts.map((text): Unit => {
      const id = `e:${text}`;
      const { events, ...unit } = eventUnit(id, { celsius: 0 });
      const [event] = events;
      const json = event!.json.replace('"celsius":0', `"celsius":${text}`);
      return { ...unit, events: [{ ...event!, json, data: () => `{"celsius":${text}}` }] };
    });
    const { results, dead, failures } = await runProgram(optionsOf(row), units);
    expect({ dead: [...dead], failures }).toEqual({ dead: [], failures: [] });
    expect(units.map(({ id }) => results.get(id)!.map((result) => shownResult(result).data))).toEqual([
      [{ celsius: 100, fahrenheit: 212 }],
      [{ celsius: -1500, fahrenheit: -2668 }],
      [{ celsius: 0.25, fahrenheit: 32.45 }],
      [{ celsius: -40, fahrenheit: -40 }],
    ]);
  });
});

describe.each(rows.filter(({ refuses }) => refuses))("$name over $io", (row) => {
  it.runIf(isThere(row.language))(
    "refuses a bad event, and goes on with those behind it",
    { timeout: 60_000 },
    async () => {
      const units = [eventUnit("a", reading(1)), eventUnit("b", { city: "Rome" }), eventUnit("c", reading(2))];
      const { results, dead, error } = await runProgram(optionsOf(row), units, { tries: 2 });
      expect(error).toBeUndefined();
      expect([...dead.keys()]).toEqual(["b"]);
      expect(dead.get("b")).toMatch(row.refuses!);
      expect([...results.keys()].sort()).toEqual(["a", "c"]);
    },
  );
});

describe("a chunk", () => {
  it.runIf(isThere("go"))("becomes one event: its mean, by Go over http", { timeout: 60_000 }, async () => {
    const options: StepOptions = { io: "http", command: [...goCommand("mean.go")] };
    const units = [chunkUnit("c", { a: { celsius: 10 }, b: { celsius: 20 } }), chunkUnit("d", { e: { celsius: 5 } })];
    const { results, dead } = await runProgram(options, units);
    expect([...dead]).toEqual([]);
    expect(["c", "d"].map((id) => results.get(id)!.map(shownResult))).toEqual([
      [{ data: { mean: 15 } }],
      [{ data: { mean: 5 } }],
    ]);
  });

  it.each(rows.filter(({ language, io }) => ["awk", "java"].includes(language) && io !== "http" && isThere(language)))(
    "is refused whole by $name over $io when one event is bad",
    { timeout: 60_000 },
    async (row) => {
      const units = [chunkUnit("c", { a: reading(1), b: {}, d: reading(2) }), chunkUnit("e", { f: reading(3) })];
      const { results, dead } = await runProgram(optionsOf(row), units);
      expect([...dead]).toEqual([["c", "no celsius"]]);
      expect([...results.keys()]).toEqual(["e"]);
    },
  );
});

describe("bytes", () => {
  it.runIf(isThere("python3"))("go as they are in length frames, and come back with an attribute", async () => {
    const options: StepOptions = { io: "socket", frames: "length", command: [...pythonCommand("step-frames.py")] };
    const bytes = Uint8Array.from({ length: 100_000 }, (_, index) => index % 256);
    const units = [eventUnit("a", bytes), chunkUnit("c", { b: bytes, d: Uint8Array.of(0), e: new Uint8Array() })];
    const { results, dead, failures } = await runProgram(options, units);
    expect({ dead: [...dead], failures }).toEqual({ dead: [], failures: [] });
    const told = [...results.values()].flat().map((result) => {
      if (typeof result === "string") throw new Error(result);
      return {
        id: result.attributes.id,
        sha256: result.attributes.sha256,
        data: Buffer.from(result.data as Uint8Array),
      };
    });
    expect(told.map(({ id, data }) => [id, data.length])).toEqual([
      ["a", 100_000],
      ["b", 100_000],
      ["d", 1],
      ["e", 0],
    ]);
    expect(told[0]!.data.equals(Buffer.from(bytes))).toBe(true);
    expect(told[0]!.sha256).toBe(told[1]!.sha256);
    expect(told[2]!.sha256).toBe("6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d");
  });
});

describe("programs of the system", () => {
  it.each([
    ["cat", ["cat"], 3],
    ["grep, which leaves out events", ["grep", "--line-buffered", "-E", '"type":"Chunk|"n":[13]'], 2],
  ] as const)("answer chunks over stdio: %s", async (_, command, count) => {
    const units = ["c", "d"].map((id) =>
      chunkUnit(id, { [`${id}1`]: { n: 1 }, [`${id}2`]: { n: 2 }, [`${id}3`]: { n: 3 } }),
    );
    const { results, dead } = await runProgram({ io: "stdio", command: [...command] }, units);
    expect([...dead]).toEqual([]);
    expect([...results.values()].map((each) => each.length)).toEqual([count, count]);
  });

  it("may end by a signal: the reason names it", async () => {
    const { dead } = await runProgram({ io: "stdio", command: ["sh", "-c", "read line; kill -9 $$"] }, [
      eventUnit("a", 1),
    ]);
    expect(dead.get("a")).toContain("was ended by SIGKILL");
  });

  it("may end by an error: the reason has the line that names it, whatever is said behind it", async () => {
    const command = [
      process.execPath,
      "-e",
      'process.stdin.once("data", () => { throw new RangeError("no such city") })',
    ];
    const { dead } = await runProgram({ io: "stdio", command }, [eventUnit("a", 1)]);
    expect(dead.get("a")).toBe("the program ended with exit code 1: RangeError: no such city");
  });
});

describe("what programs are given", () => {
  it.each(["event", "chunk"])("is what the schema says: %s, by a program that answers what it read", async (kind) => {
    const unit = kind === "event" ? eventUnit("a", reading(1)) : chunkUnit("c", { a: reading(1), b: reading(2) });
    const script =
      'let unit = []; require("node:readline").createInterface({ input: process.stdin }).on("line", (line) => { unit.push(line); const { type } = JSON.parse(line); ' +
      'if (type === "ChunkStart" || type === "Data") return; console.log(JSON.stringify({ data: unit })); console.log(JSON.stringify({ type: "Ack" })); unit = []; })';
    const { results } = await runProgram({ io: "stdio", command: [process.execPath, "-e", script] }, [unit]);
    const [result] = [...results.values()].flat();
    const { data } = shownResult(result!) as { data: string[] };
    expect(data.length).toBe(kind === "event" ? 1 : 4);
    expect(data.flatMap(inputProblems)).toEqual([]);
  });
});
