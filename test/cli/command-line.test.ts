/** The command line itself: help, errors, exit codes, colour. */
import { spawnSync } from "node:child_process";
import { closeSync, existsSync, openSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { commands } from "../../compiler/cli/commands.ts";
import { binary, copyFlow, place } from "./flow.ts";

const { flow, flowWith } = place({ "a.flow": copyFlow });

describe("help", () => {
  it.each(commands.map(({ name }) => name))(
    "of %s has examples and exit codes, on standard output, with exit 0",
    (name) => {
      const { out, err, code } = flow(name, "--help");
      expect([code, err]).toEqual([0, ""]);
      expect(out).toMatch(new RegExp(`Examples:[\\s\\S]*flow ${name}`));
      expect(out).toContain("Exit codes:");
    },
  );

  it("lists every command", () => {
    const { out, code } = flow("--help");
    expect(code).toBe(0);
    for (const { name, summary } of commands)
      expect(out.replace(/\s+/g, " ")).toMatch(new RegExp(`${name}( \\[options\\])?( \\S+){0,2} ${summary}`));
    expect(out).toContain("flow init");
  });

  it("is what 'flow' alone prints, as an error of usage", () => {
    const { out, err, code } = flow();
    expect([out, code]).toEqual(["", 2]);
    expect(err).toContain("Usage: flow");
  });

  it("prints the version", () => {
    expect(flow("--version").out).toMatch(/^\d+\.\d+\.\d+\n$/);
  });
});

describe("a wrong command line names the nearest right word and exits 2", () => {
  it.each([
    [["chek"], "unknown command 'chek'", "Did you mean 'check'?"],
    [["check", "--fromat", "json"], "unknown option '--fromat'", "Did you mean '--format'?"],
    [["check", "--fromat=json"], "unknown option '--fromat=json'", "Did you mean '--format'?"],
    [["check", "--format", "jsn"], "It is one of text, json, sarif, github.", "Did you mean 'json'?"],
    [["check", "b.flow"], "There is no file 'b.flow'.", "Did you mean 'a.flow'?"],
    [["check", "--max-warnings", "many"], "whole number", "flow check --help"],
    [["run"], "missing required argument 'file'", "flow run --help"],
    [["run", "a.flow", "b.flow"], "too many arguments", "flow run --help"],
    [["a.flow"], "unknown command 'a.flow'", "flow check a.flow"],
    [["explain", "FLOW2O01"], "There is no diagnostic 'FLOW2O01'.", "Did you mean 'FLOW2001'?"],
    [["completion", "bsh"], "There is no completion for 'bsh'.", "Did you mean 'bash'?"],
    [["run", "a.flow", "--from", "orders:file"], "not of the form NODE=CONNECTOR:ARG", "lines=file:book.txt"],
    [["check", "--param", "x"], "'--param x' has no value.", "--param name=value"],
    [["check", "nothing-*.flow"], "No file matches 'nothing-*.flow'.", ""],
  ])("flow %j", (words, message, hint) => {
    const { out, err, code } = flow(...words);
    expect([out, code]).toEqual(["", 2]);
    expect(err).toContain(message);
    expect(err).toContain(hint);
  });
});

describe("colour", () => {
  const mark = "\x1b[";
  it("is not used when output is no terminal", () => expect(flow("explain", "FLOW2001").out).not.toContain(mark));
  it("is used with --color always", () => expect(flow("explain", "FLOW2001", "--color", "always").out).toContain(mark));
  it("is used with FORCE_COLOR", () =>
    expect(flowWith({ env: { FORCE_COLOR: "1" } }, "explain", "FLOW2001").out).toContain(mark));
  it("is not used with NO_COLOR, nor with --color never whatever the environment says", () => {
    expect(flowWith({ env: { NO_COLOR: "1" } }, "explain", "FLOW2001").out).not.toContain(mark);
    expect(flowWith({ env: { FORCE_COLOR: "1" } }, "explain", "FLOW2001", "--color", "never").out).not.toContain(
      escape,
    );
  });
});

describe("explain", () => {
  it("prints what, why, what to do, an example and the example mended", () => {
    const { out, code } = flow("explain", "FLOW2001");
    expect(code).toBe(0);
    for (const part of ["FLOW2001: ", "What to do", "Example", "Mended", "docs/diagnostics/FLOW2001.md"])
      expect(out).toContain(part);
  });

  it("takes a code in lower case, and its number alone", () => {
    const page = flow("explain", "FLOW2001").out;
    expect(flow("explain", "flow2001").out).toBe(page);
    expect(flow("explain", "2001").out).toBe(page);
  });

  it("lists all of them without a code", () => {
    const { out } = flow("explain");
    expect(out).toMatch(/^FLOW1\d{3} {2}error/);
    expect(out).toContain("FLOW9001");
  });
});

describe("a crash of ours", () => {
  // A module that is loaded first and breaks what every command needs.
  const breakIt = `data:text/javascript,${encodeURIComponent("JSON.stringify = () => { throw new TypeError('broken on purpose'); };")}`;
  const crash = (env: Record<string, string>) =>
    flowWith({ env: { ...env, NODE_OPTIONS: `--import=${breakIt}` } }, "check", "a.flow", "--format", "json");

  it("says that it is a bug, where to report it, and exits 1 without a stack", () => {
    const { out, err, code } = crash({});
    expect([out, code]).toEqual(["", 1]);
    expect(err).toContain("error: broken on purpose\nThis is a bug in flow, not in your file.");
    expect(err).toContain("/issues\n");
    expect(err).not.toContain("    at ");
  });

  it("shows the stack under FLOW_DEBUG", () => {
    expect(crash({ FLOW_DEBUG: "1" }).err).toContain("    at ");
  });
});

it.skipIf(!existsSync("/dev/full"))("a full disk behind standard output is no crash of ours", () => {
  const { cwd } = place({ "a.flow": copyFlow });
  const full = openSync("/dev/full", "w");
  for (const words of [["check", "a.flow", "--format", "json"], ["compile", "a.flow", "-o", "-"], ["--help"]]) {
    const { stderr, status } = spawnSync(process.execPath, [binary, ...words], {
      cwd,
      stdio: ["ignore", full, "pipe"],
    });
    expect([stderr.toString(), status]).toEqual([
      "error: Standard output cannot be written: no space left on device\n",
      1,
    ]);
  }
  closeSync(full);
});
