/** Standard input, output and error, in processes of their own, as a shell would join them. */
import { spawn, spawnSync } from "node:child_process";
import { readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { temporaryDirectory } from "../../runtime/connectors/open-context.fixture.ts";

const directory = temporaryDirectory();
afterAll(() => directory.remove());

const root = join(import.meta.dirname, "../..");
const node = join(root, "node_modules/.bin/node");
const copy = `'${node}' '${join(root, "test/connectors/open-standard.fixture.ts")}'`;

interface Seen {
  readonly bytes: number;
  readonly peakMiB: number;
  readonly code: string;
}

/** The shell's standard output, and what the copying process saw. */
function shell(script: string): { readonly stdout: string; readonly stderr: string; readonly seen: Seen } {
  const { stdout, stderr, status } = spawnSync("bash", ["-c", `set -o pipefail; ${script}`], {
    cwd: directory.path,
    // Bash warns of a locale that the machine lacks.
    env: { ...process.env, LC_ALL: "C" },
    encoding: "utf8",
    maxBuffer: 1 << 20,
  });
  const line = stderr.trim().split("\n").at(-1) ?? "";
  if (!line.startsWith("{")) throw new Error(`exit ${status}: ${stderr}`);
  const seen: Seen = JSON.parse(line);
  return { stdout, stderr, seen };
}

describe("standard input and output", () => {
  it("carry everything from a pipe to a pipe, unchanged", () => {
    expect(shell(`printf 'a\\nb' | ${copy} stdout 3 | cat`)).toMatchObject({
      stdout: "a\nb",
      seen: { bytes: 3, code: "ended" },
    });
  });

  it("carry everything from a file to a file, and leave a byte order mark out", () => {
    writeFileSync(join(directory.path, "in"), "\uFEFF1\n2\n");
    expect(shell(`${copy} stdout 2 < in > out`).seen).toMatchObject({ bytes: 4, code: "ended" });
    expect(readFileSync(join(directory.path, "out"), "utf8")).toBe("1\n2\n");
  });

  it("begin where an open file stands", () => {
    writeFileSync(join(directory.path, "in"), "first\nrest\n");
    expect(shell(`(read line; ${copy} stdout) < in`).stdout).toBe("rest\n");
  });

  it("end at once when there is nothing", () => {
    expect(shell(`${copy} stdout < /dev/null`)).toMatchObject({ stdout: "", seen: { bytes: 0, code: "ended" } });
  });

  it("carry 64 MiB through pipes in little memory, the reader being slow", () => {
    const { seen, stdout } = shell(`head -c 67108864 /dev/zero | ${copy} stdout | (sleep 0.3; wc -c)`);
    expect([Number(stdout), seen.bytes, seen.code]).toEqual([67108864, 67108864, "ended"]);
    expect(seen.peakMiB).toBeLessThan(150);
  });

  it("carry 64 MiB to a file that is put in its place at the end", () => {
    const { seen } = shell(`head -c 67108864 /dev/zero | ${copy} big.out`);
    expect([seen.bytes, statSync(join(directory.path, "big.out")).size]).toEqual([67108864, 67108864]);
    expect(seen.peakMiB).toBeLessThan(150);
  });

  it("end quietly when the reader has gone", () => {
    const { seen, stdout, stderr } = shell(`yes | ${copy} stdout | head -n 2; true`);
    expect([stdout, seen.code, stderr.trim().split("\n").length]).toEqual(["y\ny\n", "output-closed", 1]);
  });

  it("end quietly when the reader of a named pipe has gone", () => {
    const { seen, stdout } = shell(`mkfifo pipe; head -n 1 pipe & yes | ${copy} pipe; wait`);
    expect([stdout, seen.code]).toEqual(["y\n", "output-closed"]);
  });

  it("stop in the middle of waiting for input", async () => {
    const child = spawn(node, [join(root, "test/connectors/open-standard.fixture.ts"), "stdout"], {
      stdio: ["pipe", "pipe", "pipe"],
    });
    const ended = new Promise<number | null>((resolve) => child.on("exit", resolve));
    let stderr = "";
    child.stderr.on("data", (chunk: Buffer) => {
      stderr += chunk.toString();
    });
    child.stdin.write("some\n");
    await new Promise((resolve) => child.stdout.once("data", resolve));
    child.kill("SIGTERM");
    expect(await ended).toBe(0);
    expect(JSON.parse(stderr)).toMatchObject({ bytes: 5, code: "ended" });
  });
});

describe("the log", () => {
  it("puts a label before each event and lets no control character reach the terminal", () => {
    const { stderr } = shell(`printf 'a\\033[31m\\nb' | ${copy} log`);
    expect(stderr.split("\n")[0]).toBe("orders: a\\u001b[31m\\u000ab");
  });
});
