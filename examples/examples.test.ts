/** Every example compiles to its committed custom resource, has no diagnostics, and gives its committed output when run as a user runs it. */
import { execFileSync, spawn } from "node:child_process";
import { cpSync, globSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { isThere } from "../test/user-code/toolchains.ts";

const flow = resolve("dist/flow.js");
const work = mkdtempSync(join(tmpdir(), "flow-examples-"));
cpSync("examples", join(work, "examples"), { recursive: true });
cpSync("LICENSE", join(work, "LICENSE"));
afterAll(() => rmSync(work, { recursive: true, force: true }));

/** Runs `flow` in the copy of the repository. */
function run(...args: string[]): string {
  return execFileSync(process.execPath, [flow, ...args], {
    cwd: work,
    encoding: "utf8",
    stdio: ["ignore", "pipe", "pipe"],
  });
}

const folders = globSync("examples/*/")
  .map((path) => path.replace(/\/$/, ""))
  .filter((path) => /\/\d\d-/.test(path))
  .sort();
const flowOf = (folder: string): string => globSync(`${folder}/*.flow`)[0]!;
const expected = (path: string): string => readFileSync(join(resolve("examples"), path), "utf8");
const written = (path: string): string => readFileSync(join(work, "examples", path), "utf8");

describe.each(folders)("%s", (folder) => {
  it("has no diagnostics and is formatted", () => {
    expect(run("check", flowOf(folder), "--format", "json")).toBe("[]\n");
    run("fmt", "--check", flowOf(folder));
  });

  it("compiles to the custom resource beside it", () => {
    run("compile", flowOf(folder), "--format", "cr", "--snapshot", "check");
  });

  it.skipIf(folder.includes("python") && !isThere("python3"))("passes its own tests", () => {
    run("test", flowOf(folder));
  });

  it("has a README of about ten lines that names its file", () => {
    const text = readFileSync(join(folder, "README.md"), "utf8");
    expect(text).toContain(flowOf(folder));
    expect(text.split("\n").length).toBeLessThanOrEqual(14);
  });
});

describe("what the examples give", () => {
  it("01-word-count: every word of the licence with its count", () => {
    expect(run("run", "examples/01-word-count/word_count.flow")).toBe(expected("01-word-count/expected/counts.ndjson"));
  });

  it("02-release-velocity: clean releases, and the broken ones with their reasons", () => {
    run("run", "examples/02-release-velocity/release_velocity.flow");
    expect(written("02-release-velocity/out/releases.ndjson")).toBe(
      expected("02-release-velocity/expected/releases.ndjson"),
    );
    expect(written("02-release-velocity/out/broken.ndjson")).toBe(
      expected("02-release-velocity/expected/broken.ndjson"),
    );
  });

  it("03-git-events: a flat row per commit", () => {
    expect(run("run", "examples/03-git-events/git_events.flow")).toBe(expected("03-git-events/expected/rows.ndjson"));
  });

  it("04-routing: each order where it belongs, untouched ones byte for byte", () => {
    run("run", "examples/04-routing/routing.flow");
    for (const name of ["express", "domestic", "by_hand", "audit"]) {
      expect(written(`04-routing/out/${name}.ndjson`), name).toBe(expected(`04-routing/expected/${name}.ndjson`));
    }
  });

  it.each([
    ["06-clicks", "every page that people click, minute by minute", ["trend"]],
    ["07-sessions", "visits that bought something, and the others", ["buyers", "others"]],
    ["08-fraud", "orders that are not paid as they should be, and cards used too often", ["alerts"]],
    ["09-iot-anomaly", "the two readings that are far off, and what is usual", ["alerts", "profile"]],
    ["10-late-data", "early, on-time and late figures, and the sale that came too late", ["sales", "too_late"]],
  ])("%s: %s", (folder, _, names) => {
    run("run", flowOf(`examples/${folder}`));
    for (const name of names) {
      expect(written(`${folder}/out/${name}.ndjson`), name).toBe(expected(`${folder}/expected/${name}.ndjson`));
    }
  });

  it("05-http-to-file: readings that came by HTTP, acknowledged once the file has them", async () => {
    const child = spawn(
      process.execPath,
      [flow, "run", "examples/05-http-to-file/http_to_file.flow", "--param", "port=0"],
      { cwd: work, stdio: ["ignore", "ignore", "pipe"] },
    );
    const url = await new Promise<string>((found, failed) => {
      let text = "";
      child.stderr.on("data", (part: Buffer) => {
        text += part.toString();
        const match = /http:\/\/127\.0\.0\.1:\d+\/readings/.exec(text);
        if (match) found(match[0]);
      });
      child.on("exit", () => failed(new Error(text)));
    });
    for (const body of readFileSync("examples/05-http-to-file/input/readings.ndjson", "utf8").trim().split("\n")) {
      const answer = await fetch(url, { method: "POST", body, headers: { "content-type": "application/json" } });
      expect(answer.status).toBe(202);
    }
    const ended = new Promise<number | null>((done) => child.on("exit", done));
    child.kill("SIGINT");
    expect(await ended).toBe(0);
    expect(written("05-http-to-file/out/readings.ndjson")).toBe(expected("05-http-to-file/expected/readings.ndjson"));
  });
});
