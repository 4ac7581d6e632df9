/** The house stands: layers import one way, the core does no IO, the runtime knows only the contract. */

import { readFileSync } from "node:fs";
import { createContext, runInContext } from "node:vm";
import { build } from "esbuild";
import { describe, expect, it } from "vitest";
import { importCycle, importsOf, sourceFiles } from "./imports.ts";

/** What each layer may import besides itself. The order is that of ARCHITECTURE.md. */
const mayImport: Readonly<Record<string, readonly string[]>> = {
  "compiler/contract": [],
  "compiler/source": [],
  "compiler/catalog": ["compiler/contract"],
  "compiler/syntax": ["compiler/source", "compiler/catalog"],
  "compiler/config": ["compiler/source"],
  "compiler/semantics": [
    "compiler/syntax",
    "compiler/source",
    "compiler/catalog",
    "compiler/contract",
    "compiler/config",
  ],
  "compiler/ir": ["compiler/semantics", "compiler/source", "compiler/catalog", "compiler/contract"],
  "compiler/emit": [
    "compiler/ir",
    "compiler/semantics",
    "compiler/syntax",
    "compiler/source",
    "compiler/catalog",
    "compiler/contract",
  ],
  "compiler/service": [
    "compiler/emit",
    "compiler/ir",
    "compiler/semantics",
    "compiler/syntax",
    "compiler/source",
    "compiler/catalog",
    "compiler/contract",
  ],
  runtime: ["compiler/contract"],
  lsp: [
    "compiler/service",
    "compiler/source",
    "compiler/config",
    "compiler/emit/docs",
    "compiler/cli/version.ts",
    "compiler/cli/report",
    // Of a runner's messages only types: the engine is in a worker of its own.
    "compiler/contract/test-plan.ts",
    "runtime/editor/messages.ts",
    "runtime/testing/test-result.ts",
  ],
  // All that the extension knows it asks the server for; the graph's icons and colours are those of `flow graph`.
  "vscode-extension": ["compiler/emit/graph/look.ts"],
};

const core = ["contract", "source", "catalog", "syntax", "config", "semantics", "ir", "emit", "service"].map(
  (name) => `compiler/${name}`,
);
const everything = sourceFiles(["compiler", "runtime", "lsp", "vscode-extension"]);
const all = everything.flatMap(importsOf);

const layerOf = (path: string): string | undefined =>
  Object.keys(mayImport).find((layer) => path.startsWith(`${layer}/`));

describe("imports", () => {
  it("go one way between the layers", () => {
    const wrong = all.filter(({ from, to }) => {
      const layer = layerOf(from);
      if (
        layer === undefined ||
        to.startsWith(`${layer}/`) ||
        !/^(compiler|runtime|lsp|vscode-extension|test|bench|examples)\//.test(to)
      )
        return false;
      return !mayImport[layer]!.some((allowed) => to === allowed || to.startsWith(`${allowed}/`));
    });
    expect(wrong.map(({ from, to, line }) => `${from}:${line} → ${to}`)).toEqual([]);
  });

  it("form no cycle", () => {
    expect(importCycle(all)).toEqual([]);
  });

  it("name files that exist", () => {
    const files = new Set(sourceFiles(["compiler", "runtime", "lsp", "vscode-extension", "test"], true));
    expect(
      all.filter(({ to }) => to.endsWith(".ts") && !files.has(to)).map(({ from, to }) => `${from} → ${to}`),
    ).toEqual([]);
  });
});

describe("the compiler core", () => {
  it("imports no Node module and touches no global of a process", () => {
    const files = [...sourceFiles(core), "compiler/compile.ts"];
    const nodeImports = files.flatMap(importsOf).filter(({ to }) => to.startsWith("node:"));
    const globals = files.filter((file) =>
      /\b(process\.|console\.|require\(|__dirname|Buffer\.|fetch\()/.test(withoutComments(readFileSync(file, "utf8"))),
    );
    expect([...nodeImports.map(({ from, to }) => `${from} → ${to}`), ...globals]).toEqual([]);
  });

  it("compiles a pipeline where there is no Node: bundled for a browser, with nothing but what browsers have", async () => {
    const bundle = await build({
      stdin: {
        contents: `
          import { compile } from "./compiler/compile.ts";
          import { memoryHost } from "./compiler/source/host.ts";
          globalThis.result = compile("a.flow", memoryHost({ "a.flow": "source a { stdin {} }\\nstep b from a { filter data.x > 1 }\\nsink c from b { stdout {} }\\n" }), {});
        `,
        resolveDir: ".",
        loader: "ts",
      },
      bundle: true,
      write: false,
      platform: "browser",
      format: "iife",
      logLevel: "silent",
    });
    const context = createContext({ TextEncoder, TextDecoder, btoa, atob });
    runInContext(bundle.outputFiles[0]!.text, context);
    const { result } = context as { result: { diagnostics: { code: string }[]; ir?: { nodes: { name: string }[] } } };
    expect(result.diagnostics.map(({ code }) => code)).toEqual([]);
    expect(result.ir?.nodes.map(({ name }) => name)).toEqual(["a", "b", "c"]);
  });
});

describe("the runtime", () => {
  const imports = (from: string, to: string) =>
    all
      .filter((one) => one.from.startsWith(from) && one.to.startsWith(to) && !one.from.endsWith(".test.ts"))
      .map((one) => `${one.from} → ${one.to}`);

  it("has an engine that does not know Kafka: records of a log come in and go out by its own contract", () => {
    expect([...imports("runtime/engine/", "runtime/kafka/"), ...imports("runtime/engine/", "runtime/worker/")]).toEqual(
      [],
    );
  });

  it("has clients of Kafka that know no pipeline: of the engine the contract of connectors, views of its records, errors and the clock", () => {
    const allowed = ["connector.ts", "record-headers.ts", "record-view.ts", "runtime-error.ts", "clock.ts"].map(
      (name) => `runtime/engine/${name}`,
    );
    const others = imports("runtime/kafka/", "runtime/engine/").filter(
      (one) => !allowed.some((name) => one.endsWith(name)),
    );
    expect([
      ...others,
      ...imports("runtime/kafka/", "runtime/worker/"),
      ...imports("runtime/kafka/", "runtime/connectors/"),
    ]).toEqual([]);
  });
});

describe("the language server", () => {
  it("is the only one that knows the protocol, and is imported by its command and its page alone", () => {
    const others = all.filter(({ from }) => !from.startsWith("lsp/") && !from.startsWith("vscode-extension/"));
    expect(others.filter(({ to }) => to.startsWith("vscode-")).map(({ from, to }) => `${from} → ${to}`)).toEqual([]);
    expect([...new Set(others.filter(({ to }) => to.startsWith("lsp/")).map(({ from }) => from))]).toEqual([
      "compiler/cli/generated-pages.ts",
      "compiler/cli/lsp.ts",
    ]);
  });

  it("loads no engine: of the runtime it knows types, and a worker that it starts by its name has the rest", () => {
    const runtime = all.filter(({ from, to }) => from.startsWith("lsp/") && to.startsWith("runtime/"));
    const withValues = runtime.filter(
      ({ from, line }) => !/^import type /.test(readFileSync(from, "utf8").split("\n")[line - 1] ?? ""),
    );
    expect(withValues.map(({ from, to }) => `${from} → ${to}`)).toEqual([]);
  });

  it("knows Node in three files: the process, the disk and the thread that tests run in", () => {
    const node = all.filter(({ from, to }) => from.startsWith("lsp/") && /^node:|\/node$/.test(to));
    expect([...new Set(node.map(({ from }) => from))]).toEqual([
      "lsp/disk.ts",
      "lsp/node.ts",
      "lsp/running/node-runner.ts",
    ]);
  });
});

describe("the extension", () => {
  const extension = all.filter(({ from }) => from.startsWith("vscode-extension/src/"));

  it("knows Node where a process is started, which only its desktop entry imports", () => {
    const node = extension.filter(({ to }) => /^node:|\/node$/.test(to)).map(({ from }) => from);
    const src = "vscode-extension/src";
    expect([...new Set(node)]).toEqual([
      `${src}/desktop.ts`,
      `${src}/server/choose-server.ts`,
      `${src}/server/find-flow.ts`,
      `${src}/server/process.ts`,
    ]);
    const importers = extension.filter(({ to }) => /\/server\/(choose-server|process)\.ts$/.test(to));
    expect([...new Set(importers.map(({ from }) => from))]).toEqual([`${src}/desktop.ts`]);
  });

  it("opens no connection: the one thing that is fetched is the extension's own file, by its page", () => {
    const files = sourceFiles(["vscode-extension/src"]);
    const calls = files.filter((file) =>
      /\b(fetch\(|XMLHttpRequest|WebSocket|sendBeacon|node:https?|createTelemetryLogger)/.test(
        withoutComments(readFileSync(file, "utf8")),
      ),
    );
    expect(calls).toEqual(["vscode-extension/src/graph/webview/layout.ts"]);
  });
});

/** Comments and strings say `process.` and `console.` without using them. */
function withoutComments(text: string): string {
  return text.replace(/\/\*[\s\S]*?\*\/|\/\/[^\n]*|"(?:[^"\\\n]|\\.)*"|`(?:[^`\\]|\\.)*`/g, "");
}
