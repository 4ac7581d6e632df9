/** What each command loads before it does anything: the start time, told by what decides it. The figure is in bench/start.ts. */
import { build } from "esbuild";
import { describe, expect, it } from "vitest";
import { loaders } from "../../compiler/cli/loaders.ts";

const { metafile } = await build({
  entryPoints: ["compiler/cli/main.ts"],
  outdir: "never-written",
  bundle: true,
  write: false,
  platform: "node",
  target: "node20",
  format: "esm",
  splitting: true,
  metafile: true,
  logLevel: "silent",
});

/** Packages and folders in the parts that are loaded with a command's module. */
function loadedWith(entryPoint: string): readonly string[] {
  const start = Object.entries(metafile.outputs).find(([, output]) => output.entryPoint === entryPoint)?.[0];
  const parts = new Set<string>();
  const visit = (part: string) => {
    if (parts.has(part)) return;
    parts.add(part);
    for (const { kind, path } of metafile.outputs[part]?.imports ?? []) if (kind === "import-statement") visit(path);
  };
  visit(start ?? expect.fail(`${entryPoint} is no part of its own`));
  const files = [...parts].flatMap((part) => Object.keys(metafile.outputs[part]?.inputs ?? {}));
  return [
    ...new Set(
      files.map(
        (file) => /node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(file)?.[1] ?? file.split("/").slice(0, 2).join("/"),
      ),
    ),
  ];
}

const heavy = ["ajv", "cloudevents", "elkjs", "vscode-jsonrpc", "vscode-languageserver", "yaml"];

describe("a command loads only what it needs", () => {
  it("the command line itself: commander and the rows of the commands", () => {
    expect([...loadedWith("compiler/cli/program.ts")].sort()).toEqual([
      "commander",
      "compiler/cli",
      "compiler/source",
      "package.json",
      "picocolors",
    ]);
  });

  it.each(Object.keys(loaders))("%s: no library that only others need", (name) => {
    const allowed = name === "decompile" ? ["yaml"] : [];
    expect(
      loadedWith(`compiler/cli/${name}.ts`).filter((part) => heavy.includes(part) && !allowed.includes(part)),
    ).toEqual([]);
  });

  it("check: neither what is emitted nor the runtime", () => {
    expect(loadedWith("compiler/cli/check.ts").filter((part) => /^runtime|^compiler\/(emit|ir)/.test(part))).toEqual(
      [],
    );
  });

  it("explain and completion: no parser", () => {
    for (const name of ["explain", "completion", "init"])
      expect(loadedWith(`compiler/cli/${name}.ts`)).not.toContain("chevrotain");
  });
});
