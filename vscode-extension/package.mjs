/**
 * `npm run package`: builds and writes `vscode-extension/flow-<version>.vsix`. The packager is large and needed for nothing
 * else, so it is installed here, on first use.
 */
import { spawnSync } from "node:child_process";
import { copyFileSync, existsSync, readFileSync, renameSync, rmSync, statSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const here = dirname(fileURLToPath(import.meta.url));
const { version } = JSON.parse(readFileSync(join(here, "package.json"), "utf8"));

function run(command, args) {
  const { status, error } = spawnSync(command, args, {
    cwd: here,
    stdio: "inherit",
    shell: process.platform === "win32",
  });
  if (error) throw error;
  if (status !== 0) process.exit(status ?? 1);
}

if (!existsSync(join(here, "node_modules/@vscode/vsce")))
  run("npm", ["ci", "--ignore-scripts", "--no-audit", "--no-fund"]);
// From nothing, so that no part of an older build comes along.
const fresh = join(here, "dist/fresh");
rmSync(fresh, { recursive: true, force: true });
run(process.execPath, ["build.mjs", fresh]);
renameSync(fresh, join(here, "dist.new"));
rmSync(join(here, "dist"), { recursive: true, force: true });
renameSync(join(here, "dist.new"), join(here, "dist"));
copyFileSync(join(here, "../LICENSE"), join(here, "LICENSE"));
const file = process.argv[2] ?? join(here, `flow-${version}.vsix`);
const packager = createRequire(import.meta.url).resolve("@vscode/vsce/vsce");
run(process.execPath, [packager, "package", "--no-dependencies", "-o", file]);
console.log(`${file}: ${Math.round(statSync(file).size / 1000)} kB`);
