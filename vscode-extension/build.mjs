/**
 * Builds `vscode-extension/dist/` (or the folder named): the extension for the desktop and for the web, and in `server/` the
 * `flow` binary with its parts and the server as a web worker, as `node build.mjs` at the root makes them.
 */
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const here = dirname(fileURLToPath(import.meta.url));
const folder = resolve(process.argv[2] ?? join(here, "dist"));

const readJson = (path) => JSON.parse(readFileSync(path, "utf8"));
const dependencies = Object.keys(readJson(join(here, "../package.json")).dependencies);

/** The extension host loads both by `require`, the web's too. */
const common = {
  outdir: folder,
  bundle: true,
  format: "cjs",
  external: ["vscode"],
  target: "es2022",
  minify: true,
  legalComments: "none",
  logLevel: "warning",
};
await Promise.all([
  build({ ...common, platform: "node", entryPoints: { desktop: join(here, "src/desktop.ts") } }),
  build({ ...common, platform: "browser", entryPoints: { web: join(here, "src/web.ts") } }),
  buildPages(),
]);

const server = join(folder, "server");
mkdirSync(server, { recursive: true });
const { status } = spawnSync(process.execPath, ["build.mjs", server], { cwd: join(here, ".."), stdio: "inherit" });
if (status !== 0) process.exit(status ?? 1);
writeFileSync(join(server, "package.json"), `${JSON.stringify({ private: true, type: "module" })}\n`);

writeFileSync(join(folder, "third-party-licences.txt"), licencesOf(["vscode-languageclient", ...dependencies]));

/** The bundles hold these packages without their comments; here are the licences that go with them. */
function licencesOf(names) {
  const seen = new Map();
  const add = (name) => {
    const place = join(here, "../node_modules", name);
    if (seen.has(name) || !existsSync(place)) return;
    const { version, license, dependencies: more = {} } = readJson(join(place, "package.json"));
    const file = readdirSync(place).find((one) => /^licen[cs]e/i.test(one));
    const text = file === undefined ? `https://www.npmjs.com/package/${name}` : readFileSync(join(place, file), "utf8");
    seen.set(name, `${name} ${version} (${license})\n\n${text.trim()}\n`);
    for (const one of Object.keys(more)) add(one);
  };
  for (const name of names) add(name);
  return [...seen.values()].join(`\n${"-".repeat(80)}\n\n`);
}

/** The page of the graph, its style, and the worker that lays it out. */
function buildPages() {
  const page = { ...common, format: "iife", platform: "browser", external: [] };
  const graph = join(here, "src/graph/webview");
  return Promise.all([
    build({
      ...page,
      entryPoints: { graph: join(graph, "main.ts"), "graph-layout": "elkjs/lib/elk-worker.min.js" },
    }),
    build({ ...page, entryPoints: { graph: join(graph, "graph.css") } }),
  ]);
}
