/** Completion scripts, in real shells where they are installed. */
import { spawnSync } from "node:child_process";
import { mkdirSync, symlinkSync } from "node:fs";
import { dirname, join } from "node:path";
import { describe, expect, it } from "vitest";
import { binary, place } from "./flow.ts";

const here = place({ "a.flow": "", "b.txt": "", "sub/c.flow": "" });
mkdirSync(join(here.cwd, "bin"));
symlinkSync(binary, join(here.cwd, "bin", "flow"));
/** `LC_ALL`: bash warns of a locale that the machine lacks. */
const env = {
  ...process.env,
  LC_ALL: "C",
  PATH: `${join(here.cwd, "bin")}:${dirname(process.execPath)}:${process.env.PATH}`,
};

/** What bash offers at the end of the line. */
function complete(line: string): string[] {
  const words = line.split(" ");
  const script = `
source <(flow completion bash)
COMP_WORDS=(${words.map((word) => `'${word}'`).join(" ")})
COMP_CWORD=${words.length - 1}
$(complete -p flow | sed 's/.*-F \\([^ ]*\\).*/\\1/')
printf '%s\\n' "\${COMPREPLY[@]}"`;
  const { stdout, stderr, status } = spawnSync("bash", ["--norc", "-c", script], {
    cwd: here.cwd,
    env,
    encoding: "utf8",
  });
  expect([stderr, status]).toEqual(["", 0]);
  return stdout
    .split("\n")
    .filter((word) => word !== "")
    .sort();
}

describe("in bash", () => {
  it("completes commands", () => {
    expect(complete("flow c")).toEqual(["check", "compile", "completion"]);
  });

  it("completes the options of a command", () => {
    expect(complete("flow check --f")).toEqual(["--fix", "--format"]);
  });

  it("completes the values of an option", () => {
    expect(complete("flow check --format s")).toEqual(["sarif"]);
    expect(complete("flow graph --format ")).toEqual(["dot", "json", "mermaid", "svg"]);
    expect(complete("flow check --color a")).toEqual(["always", "auto"]);
  });

  it("completes .flow files and folders, and no other files", () => {
    expect(complete("flow check ")).toEqual(["a.flow", "bin", "sub"]);
    expect(complete("flow check sub/")).toEqual(["sub/c.flow"]);
  });

  it("completes codes and shells", () => {
    expect(complete("flow explain FLOW900").length).toBeGreaterThan(3);
    expect(complete("flow completion z")).toEqual(["zsh"]);
  });
});

describe.each(["zsh", "fish"])("for %s", (shell) => {
  const { out, code } = here.flow("completion", shell);

  it("names every command and its options", () => {
    expect(code).toBe(0);
    for (const word of ["check", "compile", "run", "format", "snapshot", "dead-letter"]) expect(out).toContain(word);
  });

  it("is a script that the shell can read, where it is installed", () => {
    const { error, status, stderr } = spawnSync(shell, ["-n"], { input: out, encoding: "utf8" });
    if (error === undefined) expect([stderr, status]).toEqual(["", 0]);
  });
});
