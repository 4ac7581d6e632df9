/** `npm run test:web` and `npm run test:desktop`: installs on first use, builds what is tested, walks. Arguments after the name go to the test runner. */
import { spawnSync } from "node:child_process";
import { existsSync, statSync } from "node:fs";
import { join } from "node:path";
import { chromiumPath } from "./chromium.ts";
import { installCodeServer } from "./desktop/install.ts";

const here = import.meta.dirname;
const root = join(here, "../..");
const [name, ...more] = process.argv.slice(2);

function run(what: string, command: string, args: readonly string[], cwd = root): void {
  console.log(`── ${what}`);
  const { status, error } = spawnSync(command, args, { cwd, stdio: "inherit" });
  if (error !== undefined) throw error;
  if (status !== 0) {
    console.error(`✗ ${what} failed`);
    process.exit(status ?? 1);
  }
}

const isNewer = (a: string, b: string): boolean => !existsSync(b) || statSync(a).mtimeMs > statSync(b).mtimeMs;

if (name !== "web" && name !== "desktop") {
  console.error("Say which editor: web or desktop.");
  process.exit(2);
}
try {
  chromiumPath();
  if (name === "desktop") installCodeServer();
} catch (error) {
  console.error(String(error instanceof Error ? error.message : error));
  process.exit(1);
}
if (isNewer(join(here, "package-lock.json"), join(here, "node_modules/.package-lock.json"))) {
  run(
    "installing VS Code Web and a driver for Chromium into test/vscode (once)",
    "npm",
    ["ci", "--no-audit", "--no-fund"],
    here,
  );
}
run("types of the editor tests", "npx", ["tsc", "--noEmit", "-p", "test/vscode"]);
if (name === "web") run("building the extension", "node", ["vscode-extension/build.mjs"]);
else run("packaging the extension", "npm", ["run", "--silent", "package"]);
run(`walking through the ${name} editor`, "npx", [
  "vitest",
  "run",
  "--config",
  "test/vscode/vitest.config.ts",
  `${name}.walk.ts`,
  ...more,
]);
