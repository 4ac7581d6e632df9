/** Programs that misbehave, by every transport: each fault has a name, and every event is afterwards among the results or among the dead, in exactly one of them. */
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { marked, until, zombiesOf } from "./processes.ts";
import { chunkUnit, eventUnit, openProgram, runProgram, type StepOptions, shownResult } from "./run-program.ts";
import { nodeCommand } from "./toolchains.ts";

const transports = ["stdio", "fifo", "socket", "http", "file"] as const;
type Transport = (typeof transports)[number];

const folder = mkdtempSync(join(tmpdir(), "flow-faults-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

let programs = 0;
/** A step whose processes can be told from all others. */
function step(io: Transport, ...args: readonly string[]): { readonly options: StepOptions; readonly mark: string } {
  const mark = `flow-fault-${process.pid}-${++programs}.`;
  const command = [...nodeCommand("fault.mjs"), ...args];
  return { options: { io, command, timeout: 60_000, grace: 500, env: { MARK: mark } }, mark };
}

/** More than pipes and sockets hold by themselves. */
const long = "x".repeat(400_000);

const units = [
  eventUnit("a", { n: 1 }),
  eventUnit("b-fault", { n: 2 }),
  eventUnit("c", { n: 3 }),
  chunkUnit("d", { "d:1": { n: 4 }, "d:2": { n: 5 } }),
  chunkUnit("e-fault", { "e:1": { n: 6 }, "e:2-fault": { n: 7 }, "e:3": { n: 8, long }, "e:4": { n: 9, long } }),
  chunkUnit("f", { "f:1": { n: 10 } }),
];
const all = units.map(({ id }) => id);
const faulty = ["b-fault", "e-fault"];
const sound = all.filter((id) => !faulty.includes(id));

interface Fault {
  readonly mode: string;
  readonly reason: RegExp;
  readonly timeout?: number;
}

const faults: readonly Fault[] = [
  { mode: "hangs", reason: /no answer within 1500ms/, timeout: 1_500 },
  { mode: "never-reads", reason: /no answer within 1500ms/, timeout: 1_500 },
  { mode: "crashes", reason: /ended with exit code 3: it is all too much/ },
  { mode: "garbage", reason: /answered what is no event: .*Segmentation fault/ },
  { mode: "floods", reason: /answered too much/ },
];

const rows = transports.flatMap((io) => faults.map((fault) => ({ io, ...fault })));

describe.concurrent("a program that misbehaves at one event and at one chunk", () => {
  it.each(rows)(
    "over $io, and $mode: these are given up with the reason, all else is done",
    { timeout: 120_000 },
    async ({ io, mode, reason, timeout }) => {
      const { options, mark } = step(io, mode);
      const { results, dead, error } = await runProgram(
        timeout === undefined ? options : { ...options, timeout },
        units,
        { tries: timeout === undefined ? 1 : 2 },
      );
      expect(error).toBeUndefined();
      // What only happened to be under way has lost no try; where the time is short, a slow start may cost one.
      expect([...dead.keys()].sort()).toEqual(faulty);
      for (const told of dead.values()) expect(told).toMatch(reason);
      expect([...results.keys()].sort()).toEqual(sound);
      for (const unit of units.filter(({ id }) => sound.includes(id)))
        expect(results.get(unit.id)!.map((result) => shownResult(result).data)).toEqual(
          unit.events.map((event) => ({ ...(JSON.parse(String(event.data())) as object), seen: true })),
        );
      expect(marked(mark)).toEqual([]);
    },
  );

  it.each(transports)(
    "over %s, and answers twice: it is found out, and every unit is done once",
    { timeout: 120_000 },
    async (io) => {
      const { options } = step(io, "twice");
      const { results, dead, failures, log, error } = await runProgram(options, units, { tries: 5 });
      expect(error).toBeUndefined();
      expect([...dead]).toEqual([]);
      expect([...results.keys()].sort()).toEqual(all);
      for (const unit of units) expect(results.get(unit.id)).toHaveLength(unit.events.length);
      expect([...failures, ...log].join("\n")).toMatch(/answered (.* )?twice|is to be answered/);
    },
  );

  it.each(transports)(
    "over %s, and ends in the middle of a unit, once: the next try has it",
    { timeout: 120_000 },
    async (io) => {
      const once = join(folder, io);
      const { results, dead, failures } = await runProgram(step(io, "crashes", once).options, units, { tries: 2 });
      expect([...dead]).toEqual([]);
      expect([...results.keys()].sort()).toEqual(all);
      expect(failures.some((reason) => /exit code 3|interrupted/.test(reason))).toBe(true);
    },
  );

  it.each(transports)(
    "over %s, and ends at once: the run says so, with what it said last",
    { timeout: 120_000 },
    async (io) => {
      const { options } = step(io, "ends");
      const { error, results, dead } = await runProgram(options, units, { tries: 4 });
      expect(error).toMatchObject({ code: "user-code-unavailable", message: expect.stringMatching(/exit code 4/) });
      // The first one, sent alone, may be what makes it end.
      expect([[...results.keys()], [...dead.keys()].filter((id) => id !== "a")]).toEqual([[], []]);
    },
  );
});

describe.concurrent("a program that is not there", () => {
  it.each(transports)("over %s ends the run at once", async (io) => {
    const { error } = await runProgram({ io, command: ["no-such-program-here"] }, units);
    expect(error).toMatchObject({
      code: "user-code-unavailable",
      message: expect.stringContaining("no-such-program-here"),
    });
  });
});

const hasProcesses = existsSync("/proc/self/environ");

describe.runIf(hasProcesses).concurrent("when a run ends", () => {
  it.each(transports)(
    "nothing is left of a program over %s that ignores SIGTERM and has started another",
    { timeout: 30_000 },
    async (io) => {
      for (const mode of ["deaf", "forks"]) {
        const { options, mark } = step(io, mode);
        const { results } = await runProgram(options, [eventUnit("a", { n: 1 })], {
          onOutcome: () => expect(marked(mark)).not.toEqual([]),
        });
        expect([...results.keys()]).toEqual(["a"]);
        expect(marked(mark)).toEqual([]);
      }
      expect(await until(() => zombiesOf(process.pid).length === 0)).toBe(true);
    },
  );

  it.each(transports)("nothing is left of a program over %s that is ended at once", { timeout: 30_000 }, async (io) => {
    const { options, mark } = step(io, "forks");
    const { code } = await openProgram(options);
    expect(await until(() => marked(mark).length >= 2)).toBe(true);
    await code.abort();
    expect(marked(mark)).toEqual([]);
  });
});
