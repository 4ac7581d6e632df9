/** `flow fmt`. */
import { chmodSync, lstatSync, readdirSync, readFileSync, statSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { copyFlow, place } from "./flow.ts";

const ugly = copyFlow.replace("  file {", "     file   {");

describe("flow fmt", () => {
  it("formats files in place, keeps their mode, and leaves nothing else behind", () => {
    const here = place({ "a.flow": ugly, "b.flow": copyFlow });
    chmodSync(join(here.cwd, "a.flow"), 0o640);
    const { out, err, code } = here.flow("fmt");
    expect([out, err, code]).toEqual(["", "1 file formatted, 1 unchanged.\n", 0]);
    expect(readFileSync(join(here.cwd, "a.flow"), "utf8")).toBe(copyFlow);
    expect(statSync(join(here.cwd, "a.flow")).mode & 0o777).toBe(0o640);
    expect(readdirSync(here.cwd).sort()).toEqual(["a.flow", "b.flow"]);
  });

  it("formats the file behind a symbolic link, and leaves the link one", () => {
    const here = place({ "real/a.flow": ugly });
    symlinkSync(join(here.cwd, "real/a.flow"), join(here.cwd, "link.flow"));
    expect(here.flow("fmt", "link.flow").code).toBe(0);
    expect(lstatSync(join(here.cwd, "link.flow")).isSymbolicLink()).toBe(true);
    expect(readFileSync(join(here.cwd, "real/a.flow"), "utf8")).toBe(copyFlow);
  });

  it("--check changes nothing and exits 1 when something is not formatted", () => {
    const here = place({ "a.flow": ugly });
    const { err, code } = here.flow("fmt", "--check");
    expect([err, code]).toEqual(["not formatted: a.flow\n", 1]);
    expect(readFileSync(join(here.cwd, "a.flow"), "utf8")).toBe(ugly);
    expect(place({ "a.flow": copyFlow }).flow("fmt", "--check")).toEqual({ out: "", err: "", code: 0 });
  });

  it("--diff prints a unified diff and changes nothing", () => {
    const here = place({ "a.flow": ugly });
    const { out, code } = here.flow("fmt", "--diff");
    expect(code).toBe(1);
    expect(out).toBe(
      [
        "--- a.flow",
        "+++ a.flow (formatted)",
        "@@ -1,5 +1,5 @@",
        " source orders {",
        '-     file   { path: "orders.ndjson" }',
        '+  file { path: "orders.ndjson" }',
        " }",
        " ",
        " sink out from orders {",
        "",
      ].join("\n"),
    );
    expect(readFileSync(join(here.cwd, "a.flow"), "utf8")).toBe(ugly);
  });

  it("'-' is a filter", () => {
    expect(place().flowWith({ input: ugly }, "fmt", "-")).toEqual({ out: copyFlow, err: "", code: 0 });
    expect(place().flowWith({ input: ugly }, "fmt", "-", "--check").code).toBe(1);
  });

  it("leaves a file that does not parse, formats the others, and exits 1", () => {
    const here = place({ "a.flow": ugly, "bad.flow": "source orders {{{\n" });
    const { err, code } = here.flow("fmt");
    expect(code).toBe(1);
    expect(err).toContain("bad.flow:1:");
    expect(readFileSync(join(here.cwd, "bad.flow"), "utf8")).toBe("source orders {{{\n");
    expect(readFileSync(join(here.cwd, "a.flow"), "utf8")).toBe(copyFlow);
  });

  it("keeps the line ends of a file, and the comment in its first line after a byte order mark", () => {
    const lines = ["/// Copies.", "source   orders { stdin {} }", "// Out.", "sink out from orders { stdout {} }", ""];
    const neat = lines.map((line) => line.replace("source   ", "source "));
    for (const end of ["\n", "\r\n"]) {
      const here = place({ "a.flow": `\ufeff${lines.join(end)}` });
      expect(here.flow("fmt", "a.flow").code).toBe(0);
      expect(readFileSync(join(here.cwd, "a.flow"), "utf8")).toBe(neat.join(end));
      expect(here.flow("fmt", "a.flow", "--check").code).toBe(0);
    }
  });
});
