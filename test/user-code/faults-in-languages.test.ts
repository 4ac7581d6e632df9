/** Programs that misbehave, in other languages than Node: what they do wrong has the same name by every transport, and no event is lost. */
import { beforeAll, describe, expect, it } from "vitest";
import { marked } from "./processes.ts";
import { chunkUnit, eventUnit, runProgram, type StepOptions, shownResult } from "./run-program.ts";
import { awkCommand, goCommand, isThere, javaCommand, overPipes, pythonCommand, shellCommand } from "./toolchains.ts";

interface Program {
  readonly language: Parameters<typeof isThere>[0];
  readonly io: "http" | "stdio" | "fifo" | "socket" | "file";
  readonly command: (mode: string) => readonly string[];
  /** How it ends in the middle of a unit, and what it says then. */
  readonly crash: RegExp;
}

const withMode = (command: () => readonly string[]) => (mode: string) => [...command(), mode];
const python = withMode(() => pythonCommand("fault.py"));
const go = withMode(() => goCommand("fault.go"));
const java = withMode(() => javaCommand("Fault.java"));
const awk = withMode(() => awkCommand("fault.awk"));
const shell = withMode(() => shellCommand("fault.sh"));

const byItself = /ended with exit code 3: it is all too much/;
const byPanic = /ended with exit code 2: panic: it is all too much/;
const byException = /ended with exit code 1: .*IllegalStateException: it is all too much/;

const programs: readonly Program[] = [
  { language: "python3", io: "socket", command: python, crash: byItself },
  { language: "python3", io: "http", command: python, crash: byItself },
  { language: "go", io: "fifo", command: go, crash: byPanic },
  { language: "go", io: "socket", command: go, crash: byPanic },
  { language: "java", io: "stdio", command: java, crash: byException },
  { language: "java", io: "file", command: java, crash: byException },
  { language: "awk", io: "stdio", command: awk, crash: byItself },
  { language: "awk", io: "fifo", command: (mode) => overPipes(awk(mode)), crash: byItself },
  { language: "sh", io: "file", command: shell, crash: byItself },
];

interface Fault {
  readonly mode: string;
  readonly reason: (program: Program) => RegExp;
  /** It is found out by waiting so long. */
  readonly timeout?: number;
  /** By these the program is left to go on: where an answer begins and ends is plain. */
  readonly goesOn?: readonly Program["io"][];
}

const faults: readonly Fault[] = [
  { mode: "hangs", reason: () => /gave (no answer|3 results) within 1500ms/, timeout: 1_500 },
  { mode: "never-reads", reason: () => /gave no answer within 1500ms/, timeout: 1_500 },
  { mode: "crashes", reason: ({ crash }) => crash },
  {
    mode: "garbage",
    reason: () => /answered what is no event: .*Segmentation fault/,
    goesOn: ["stdio", "fifo", "socket", "http", "file"],
  },
  { mode: "floods", reason: () => /answered too much/ },
];

const long = "x".repeat(400_000);
const chunk = chunkUnit("e-fault", { "e:1": { n: 5 }, "e:2": { n: 6, long }, "e:3": { n: 7, long } });
const event = eventUnit("b-fault", { n: 2 });
const sound = [
  eventUnit("a", { n: 1 }),
  eventUnit("c", { n: 3 }),
  chunkUnit("d", { "d:1": { n: 4 } }),
  chunkUnit("f", { "f:1": { n: 8 }, "f:2": { n: 9 } }),
];

let marks = 0;
function optionsOf({ io, command }: Program, mode: string): { readonly options: StepOptions; readonly mark: string } {
  const mark = `flow-fault-in-${process.pid}-${++marks}.`;
  const options = { io, command: [...command(mode)], timeout: 60_000, grace: 500, env: { MARK: mark } };
  return { options, mark };
}

const startsAgain = (log: readonly string[]) => log.filter((line) => line.startsWith("program is gone: starts again"));
const dataOf = (results: Awaited<ReturnType<typeof runProgram>>["results"]) =>
  Object.fromEntries([...results].map(([id, each]) => [id, each.map((result) => shownResult(result).data)]));
const given = (units: typeof sound) =>
  Object.fromEntries(units.map(({ id, events }) => [id, events.map((each) => JSON.parse(String(each.data())))]));

/** What has to be compiled is, once; the first time Go compiles its own library too. */
beforeAll(() => {
  for (const { language, command } of programs) if (isThere(language)) command("");
}, 300_000);

it("are in four languages beside Node, over every transport", () => {
  const languages = new Set(programs.map(({ language }) => (language === "sh" ? "awk" : language)));
  expect([languages.size, new Set(programs.map(({ io }) => io)).size]).toEqual([4, 5]);
});

describe.concurrent.each(programs)("$language over $io", (program) => {
  const { language, io } = program;

  // A program that works on files takes them when it likes: not to read one is to hang.
  it.runIf(isThere(language)).each(faults.filter(({ mode }) => io !== "file" || mode !== "never-reads"))(
    "$mode: this is given up with the reason, all else is done",
    { timeout: 60_000 },
    async ({ mode, reason, timeout, goesOn }) => {
      const { options, mark } = optionsOf(program, mode);
      const isSlow = timeout !== undefined;
      // Each unit that is waited for in vain takes its time; where that is short, a slow start may cost a try.
      const faulty = isSlow ? [chunk] : [event, chunk];
      const units = [sound[0]!, ...(isSlow ? [] : [event]), sound[1]!, sound[2]!, chunk, sound[3]!];
      const { results, dead, log, error } = await runProgram(isSlow ? { ...options, timeout } : options, units, {
        tries: isSlow ? 2 : 1,
      });
      expect(error).toBeUndefined();
      expect([...dead.keys()].sort()).toEqual(faulty.map(({ id }) => id));
      for (const told of dead.values()) expect(told).toMatch(reason(program));
      expect(dataOf(results)).toEqual(given(sound));
      if (goesOn?.includes(io)) expect(startsAgain(log)).toEqual([]);
      // Units that are under way at once may go wrong at once.
      else expect(startsAgain(log).length).toBeGreaterThanOrEqual(io === "http" || io === "file" ? 1 : 2);
      expect(marked(mark)).toEqual([]);
    },
  );

  it.runIf(isThere(language))(
    "answers twice: it is found out, and every unit is done once",
    { timeout: 60_000 },
    async () => {
      const { options, mark } = optionsOf(program, "twice");
      const units = [sound[0]!, event, sound[1]!, sound[2]!, chunk, sound[3]!];
      const { results, dead, failures, log, error } = await runProgram(options, units, { tries: 1 });
      expect(error).toBeUndefined();
      expect([...dead]).toEqual([]);
      expect(dataOf(results)).toEqual(given(units));
      // No try is lost: the unit was done, and those behind it are sent again.
      expect(failures.filter((reason) => reason !== "interrupted")).toEqual([]);
      expect(log.join("\n")).toMatch(/answered .*twice/);
      if (io !== "file") expect(startsAgain(log).join("\n")).toMatch(/answered .*twice/);
      expect(marked(mark)).toEqual([]);
    },
  );
});
