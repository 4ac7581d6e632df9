/** `flow compile`, `graph` and `decompile`. */
import { existsSync, readdirSync, readFileSync, unlinkSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { brokenFlow, copyFlow, place } from "./flow.ts";

const read = (cwd: string, path: string) => readFileSync(join(cwd, path), "utf8");

describe("flow compile", () => {
  it("writes the resource and the runtime configs beside the file", () => {
    const here = place({ "sub/copy_orders.flow": copyFlow });
    const { out, err, code } = here.flow("compile", "sub/copy_orders.flow");
    expect([out, code]).toEqual(["", 0]);
    expect(err).toBe(
      "+ sub/copy-orders.pipeline.yaml\n+ sub/copy-orders.runtime/copy-orders.json\n".replace(
        "copy-orders.json",
        readdirSync(join(here.cwd, "sub/copy-orders.runtime"))[0]!,
      ),
    );
    expect(parse(read(here.cwd, "sub/copy-orders.pipeline.yaml"))).toMatchObject({
      kind: "Pipeline",
      metadata: { name: "copy-orders" },
      spec: { sources: [{ name: "orders" }], sinks: [{ name: "out" }] },
    });
  });

  it("prints the resource with '-o -', from a file or from standard input", () => {
    const here = place({ "a.flow": `pipeline a\n\n${copyFlow}` });
    const { out, err, code } = here.flow("compile", "a.flow", "-o", "-");
    expect([err, code]).toEqual(["", 0]);
    expect(parse(out)).toMatchObject({ apiVersion: "dataflow.argoproj.io/v1alpha1", kind: "Pipeline" });
    expect(here.flowWith({ input: `pipeline a\n\n${copyFlow}` }, "compile", "-", "-o", "-").out).toBe(out);
    expect(readdirSync(here.cwd)).toEqual(["a.flow"]);
  });

  it("says that a file of shared declarations is no pipeline, as 'run' does", () => {
    const here = place({ "common.flow": "type Order { id: string }\n" });
    for (const command of ["compile", "run"]) {
      const { out, err, code } = here.flow(command, "common.flow");
      expect([out, code]).toEqual(["", 1]);
      expect(err).toContain("error: 'common.flow' has no source, so no event can enter.");
    }
    expect(readdirSync(here.cwd)).toEqual(["common.flow"]);
  });

  it("writes one format to one file, or all into a folder", () => {
    const here = place({ "a.flow": copyFlow });
    here.flow("compile", "a.flow", "-o", "x/pipeline.yaml");
    here.flow("compile", "a.flow", "-o", "x/configs.json", "--format", "runtime");
    here.flow("compile", "a.flow", "-o", "deploy/");
    expect(parse(read(here.cwd, "x/pipeline.yaml"))).toMatchObject({ kind: "Pipeline" });
    expect(JSON.parse(read(here.cwd, "x/configs.json"))).toMatchObject([{ pipeline: "a" }]);
    expect(readdirSync(join(here.cwd, "deploy")).sort()).toEqual(["a.pipeline.yaml", "a.runtime"]);
  });

  it("writes the same wherever it is called from", () => {
    const here = place({ "a.flow": copyFlow, "sub/a.flow": copyFlow });
    expect(here.flow("compile", "sub/a.flow", "-o", "-", "--format", "runtime").out).toBe(
      here.flow("compile", "a.flow", "-o", "-", "--format", "runtime").out,
    );
  });

  it("writes nothing when there are errors, and shows them on standard error", () => {
    const here = place({ "broken.flow": brokenFlow });
    const { out, err, code } = here.flow("compile", "broken.flow");
    expect([out, code]).toEqual(["", 1]);
    expect(err).toContain("FLOW2001");
    expect(readdirSync(here.cwd)).toEqual(["broken.flow"]);
  });

  it("says what cannot be written, and leaves nothing half written", () => {
    const here = place({ "a.flow": copyFlow, file: "" });
    const { err, code } = here.flow("compile", "a.flow", "-o", "file/deploy/");
    expect(code).toBe(1);
    expect(err).toMatch(/^error: The output cannot be written: /);
  });
});

describe("--snapshot", () => {
  const compiled = () => {
    const here = place({ "a.flow": copyFlow });
    here.flow("compile", "a.flow");
    return here;
  };

  it("check is silent while the output is up to date", () => {
    expect(compiled().flow("compile", "a.flow", "--snapshot", "check")).toEqual({ out: "", err: "", code: 0 });
  });

  it("check prints the difference and exits 1, and write mends it", () => {
    const here = compiled();
    here.write("a.flow", copyFlow.replace("orders.ndjson", "more.ndjson"));
    const { out, err, code } = here.flow("compile", "a.flow", "--snapshot", "check");
    expect(code).toBe(1);
    expect(out).toMatch(/^--- a\.pipeline\.yaml\n\+\+\+ a\.pipeline\.yaml \(compiled\)\n@@ /);
    expect(out).toMatch(/^-.*orders\.ndjson$/m);
    expect(out).toMatch(/^\+.*more\.ndjson$/m);
    expect(err).toContain("--snapshot write");
    here.flow("compile", "a.flow", "--snapshot", "write");
    expect(here.flow("compile", "a.flow", "--snapshot", "check").code).toBe(0);
  });

  it("check tells a file that is missing, and one of a stage that is no more", () => {
    const here = compiled();
    unlinkSync(join(here.cwd, "a.pipeline.yaml"));
    here.write("a.runtime/gone.json", "{}\n");
    const { out, code } = here.flow("compile", "a.flow", "--snapshot", "check");
    expect(code).toBe(1);
    expect(out).toContain("--- /dev/null");
    expect(out).toContain("--- a.runtime/gone.json\n+++ /dev/null");
    here.flow("compile", "a.flow", "--snapshot", "write");
    expect(existsSync(join(here.cwd, "a.runtime/gone.json"))).toBe(false);
  });
});

describe("flow graph", () => {
  const here = place({ "a.flow": copyFlow });

  it.each([
    ["mermaid", /^flowchart|^graph/],
    ["dot", /^(strict )?digraph/],
    ["svg", /^(<\?xml[^>]*>\s*)?<svg[\s\S]*<\/svg>\s*$/],
  ])("draws %s", (format, shape) => {
    const { out, err, code } = here.flow("graph", "a.flow", "--format", format);
    expect([err, code]).toEqual(["", 0]);
    expect(out).toMatch(shape);
    for (const name of ["orders", "out"]) expect(out).toContain(name);
  });

  it("gives JSON, and writes to a file with -o", () => {
    here.flow("graph", "a.flow", "--format", "json", "-o", "g/a.json");
    expect(() => JSON.parse(read(here.cwd, "g/a.json")) as unknown).not.toThrow();
  });

  it("shows errors instead of a wrong picture", () => {
    const { out, err, code } = place({ "broken.flow": brokenFlow }).flow("graph", "broken.flow");
    expect([out, code]).toEqual(["", 1]);
    expect(err).toContain("FLOW2001");
  });
});

describe("flow decompile", () => {
  it("gives back what was compiled", () => {
    const here = place({ "a.flow": `pipeline a\n\n${copyFlow}` });
    const resource = here.flow("compile", "a.flow", "-o", "-").out;
    const { out, err, code } = here.flowWith({ input: resource }, "decompile", "-");
    expect([err, code]).toEqual(["", 0]);
    here.write("b.flow", out);
    expect(here.flow("compile", "b.flow", "-o", "-").out).toBe(resource);
  });

  it("says what is wrong with a resource, and exits 1", () => {
    const { out, err, code } = place().flowWith({ input: "kind: Pod\n" }, "decompile", "-");
    expect([out, code]).toEqual(["", 1]);
    expect(err).not.toContain("bug");
    expect(err).toMatch(/\S/);
  });

  it("names the nearest file when there is none", () => {
    expect(place({ "a.yaml": "" }).flow("decompile", "b.yaml")).toMatchObject({
      code: 2,
      err: expect.stringContaining("Did you mean 'a.yaml'?") as string,
    });
  });
});

describe("a Pipeline resource in place of a .flow file", () => {
  const here = place({ "a.flow": `pipeline a\n\n${copyFlow}`, "orders.ndjson": '{"id":1}\n' });
  here.flow("compile", "a.flow");

  it("is checked, compiled and run like one", () => {
    expect(here.flow("check", "a.pipeline.yaml", "--format", "json")).toEqual({ out: "[]\n", err: "", code: 0 });
    expect(here.flow("compile", "a.pipeline.yaml", "-o", "-").out).toBe(read(here.cwd, "a.pipeline.yaml"));
    expect(here.flow("run", "a.pipeline.yaml").out).toBe('{"id":1}\n');
  });

  it("has its mistakes shown where they are", () => {
    here.write("b.yaml", read(here.cwd, "a.pipeline.yaml").replace("file:", "fil:"));
    const { out, code } = here.flow("check", "b.yaml");
    expect(code).toBe(1);
    expect(out).toMatch(/b\.yaml:\d+:\d+ error FLOW/);
  });
});
