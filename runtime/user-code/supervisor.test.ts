/** A program is started, kept, started again, and given up. */
import { writeFileSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, describe, expect, it } from "vitest";
import { type Driven, drive, single } from "./drive.fixture.ts";

const open: Driven[] = [];
afterEach(async () => {
  for (const run of open.splice(0)) await run.code.abort();
});

async function shell(script: string, options: Parameters<typeof drive>[0] = {}): Promise<Driven> {
  const driven = await drive({ io: "stdio", command: ["sh", "-c", script], ...options });
  open.push(driven);
  return driven;
}

const waits = (run: Driven) =>
  run.log.filter((line) => line.includes("waitMs")).map((line) => Number(/"waitMs":(\d+)/.exec(line)?.[1]));

describe("a program", () => {
  it("is started again with longer and longer waits, and given up after five starts that came to nothing", async () => {
    const run = await shell("echo Traceback >&2; echo 'no module' >&2; exit 1");
    expect(await run.failed).toMatchObject({
      code: "user-code-unavailable",
      message:
        "'score' cannot keep 'sh -c echo Traceback >&2; echo 'no module' >&2; exit 1' running: 5 starts in a row came to nothing, at last it ended with exit code 1: no module. Before that it said:\n  Traceback",
    });
    // The shortest wait is 100 ms; each is three quarters here, where chance is not.
    expect(waits(run)).toEqual([75, 150, 300, 600]);
  });

  it("that its first units make end goes on with the next ones: it is given nothing for a second, and lives", async () => {
    const run = await shell("read -r line; exit 7");
    for (const id of ["1", "1", "2"])
      expect(await run.settle(single(id))).toEqual(["failed: the program ended with exit code 7"]);
  });

  it("that does not come up fails no unit, and is given up after five starts", async () => {
    const run = await shell("sleep 0.05; exit 1");
    run.code.send(single("1"));
    expect(await run.failed).toMatchObject({ code: "user-code-unavailable" });
    expect(run.order.filter((line) => !line.includes("interrupted"))).toEqual([]);
  });

  it("that one bad unit ends each time is started again for the others", async () => {
    const run = await drive({ io: "stdio" });
    open.push(run);
    await run.settle(single("0"));
    const bad = single("1", "crash");
    for (let i = 0; i < 5; i++) {
      expect(await run.settle(bad)).toEqual(["failed: the program ended with exit code 3: out of luck"]);
    }
    expect(await run.settle(single("2"))).toEqual(['done {"n":"2"}']);
  });

  it("that answers one unit for each start begins with the shortest wait each time", async () => {
    const run = await shell(`read -r line; echo '{"type":"Ack"}'`);
    for (const id of ["1", "2", "3"]) {
      let outcomes: readonly string[] = [];
      // What was sent while it ended is tried again.
      while (outcomes[0] !== "done") outcomes = await run.settle(single(id));
    }
    expect(waits(run).every((waitMs) => waitMs <= 300)).toBe(true);
  });

  it("that waits to be started again is not, once it is to stop", async () => {
    const run = await shell("exit 1");
    await run.logged("waitMs");
    await run.code.close();
    expect(run.log.filter((line) => line.startsWith("program started"))).toHaveLength(1);
  });

  it.each([
    ["no-such-program-here", "no program of this name is in PATH"],
    ["./no-such-file", "there is no such file in"],
    ["/etc/passwd", "may not be run. Make it executable"],
    ["", "the command is empty"],
  ])("'%s' that cannot be started is refused at once with what to do", async (name, part) => {
    await expect(drive({ io: "stdio", command: [name] })).rejects.toMatchObject({
      code: "user-code-unavailable",
      message: expect.stringContaining(part),
    });
  });

  it("to which there can be no way is refused with the reason", async () => {
    const { TMPDIR } = process.env;
    process.env.TMPDIR = "/no/such/place";
    await expect(drive({ io: "socket" })).rejects.toMatchObject({
      code: "user-code-unavailable",
      message: expect.stringContaining("The way to the program of 'score' could not be made: ENOENT"),
    });
    if (TMPDIR === undefined) delete process.env.TMPDIR;
    else process.env.TMPDIR = TMPDIR;
  });

  it("whose working directory is not there is refused", async () => {
    await expect(drive({ io: "stdio" }, { baseDirectory: "/no/such/folder" })).rejects.toThrow(
      "its working directory /no/such/folder is not there",
    );
  });

  it("runs in the base directory, with its own arguments", async () => {
    const folder = await mkdtemp(join(tmpdir(), "flow-test-"));
    writeFileSync(join(folder, "hello.sh"), 'echo "$1 from $PWD" >&2; exec cat\n');
    const run = await drive({ io: "stdio", command: ["sh"], args: ["hello.sh", "hi"] }, { baseDirectory: folder });
    open.push(run);
    await run.logged(`hi from ${folder}`);
    await rm(folder, { recursive: true });
  });

  it("sees nothing of our environment but what it needs, and what the step gives it", async () => {
    process.env.FLOW_SECRET_TEST = "hush";
    process.env.API_TOKEN = "hush";
    const run = await shell("env >&2; echo the end >&2; exec cat", { env: { COLOR: "blue", COUNT: 3 } });
    await run.logged("the end");
    const said = run.log.join("\n");
    expect(said).not.toContain("hush");
    for (const part of ["PATH=/", "COLOR=blue", "COUNT=3", "FLOW_PIPELINE=shop", "FLOW_STEP=score", "FLOW_IO=stdio"]) {
      expect(said).toContain(`"line":"${part}`);
    }
    delete process.env.FLOW_SECRET_TEST;
    delete process.env.API_TOKEN;
  });

  it("that never connects is not waited for any longer once it has ended", async () => {
    await expect(shell("echo broken >&2; exit 2", { io: "socket" })).rejects.toMatchObject({
      code: "user-code-unavailable",
      message: expect.stringContaining("ended with exit code 2: broken"),
    });
  });

  it("that says very much, or very long lines, does not fill our log", async () => {
    const run = await drive({ io: "stdio" });
    open.push(run);
    await run.settle(single("1", "stderr 20000", `complain ${"x".repeat(50_000)}`));
    await run.code.close();
    expect(run.log.length).toBeLessThan(2_000);
    expect(Math.max(...run.log.map((line) => line.length))).toBeLessThan(4_100);
    expect(run.log.join("\n")).toContain("lines left out");
  });
});
