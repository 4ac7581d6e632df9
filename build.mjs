/** Builds `dist/` (or the folder named): the `flow` binary with the parts it loads on demand, and the language server for browsers. Runs in `npm ci`. */
import { chmodSync, readdirSync, rmSync } from "node:fs";
import { basename, join } from "node:path";
import { build } from "esbuild";

const folder = process.argv[2] ?? "dist";
const { metafile } = await build({
  entryPoints: { flow: "compiler/cli/main.ts", "flow-runner": "runtime/editor/node-worker.ts" },
  outdir: folder,
  bundle: true,
  platform: "node",
  target: "node20",
  format: "esm",
  splitting: true,
  chunkNames: "parts/[name]-[hash]",
  // They load files of their own from where they are installed.
  external: ["@platformatic/kafka", "kafkajs", "@node-rs/crc32"],
  // Packages written as CommonJS ask for Node's modules by `require`.
  banner: {
    js: "import { createRequire as __createRequire } from 'node:module'; const require = __createRequire(import.meta.url);",
  },
  minifySyntax: true,
  minifyWhitespace: true,
  legalComments: "none",
  logLevel: "warning",
  metafile: true,
});
// What runs the code of `code javascript`: one file, since that is all that its process may read.
await build({
  entryPoints: { "flow-code": "runtime/user-code/javascript-runner/main.ts" },
  outdir: folder,
  outExtension: { ".js": ".mjs" },
  bundle: true,
  platform: "node",
  target: "node22",
  format: "esm",
  minifySyntax: true,
  minifyWhitespace: true,
  legalComments: "none",
  logLevel: "warning",
});
/** One file each, with nothing of Node. */
const webWorker = {
  outdir: folder,
  bundle: true,
  platform: "browser",
  target: "es2022",
  format: "iife",
  minify: true,
  legalComments: "none",
  logLevel: "warning",
};
// The server as a web worker.
await build({
  entryPoints: { "lsp-worker": "lsp/browser.ts" },
  ...webWorker,
});
// What the server runs tests and pipelines in: another worker, loaded when something is to run, with the engine and without the compiler.
const browser = "./runtime/editor/browser";
const absent = Object.fromEntries(["events", "http", "https", "util"].map((name) => [name, `${browser}/absent.ts`]));
await build({
  entryPoints: { "flow-runner-worker": "runtime/editor/browser-worker.ts" },
  ...webWorker,
  alias: { "node:buffer": `${browser}/buffer.ts`, "node:crypto": `${browser}/digests.ts`, ...absent },
  inject: [`${browser}/globals.ts`],
  define: { "process.getBuiltinModule": "builtinModule" },
});
chmodSync(join(folder, "flow.js"), 0o755);

// Old parts go last, so that a `flow` that is just starting finds what it began with.
const parts = join(folder, "parts");
const written = new Set(Object.keys(metafile.outputs).map((path) => basename(path)));
for (const name of readdirSync(parts)) if (!written.has(name)) rmSync(join(parts, name));
