/** Where code-server lies, and how it gets there: once for all checkouts, outside them, as it takes two minutes and 600 MB. */
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";

const version = "4.139.1";

const cache = (): string =>
  join(process.env.XDG_CACHE_HOME ?? join(homedir(), ".cache"), "argo-dataflow", `code-server-${version}`);

export const codeServerPath = (): string => process.env.CODE_SERVER ?? join(cache(), "node_modules/.bin/code-server");

/** Parts of it are compiled while it installs, for the Node that runs npm. */
export function installCodeServer(): void {
  const done = join(cache(), "installed");
  if (process.env.CODE_SERVER !== undefined || existsSync(done)) return;
  console.log(`── installing code-server ${version} into ${cache()} (once; takes some minutes)`);
  rmSync(cache(), { recursive: true, force: true });
  mkdirSync(cache(), { recursive: true });
  writeFileSync(join(cache(), "package.json"), '{ "private": true }\n');
  const install = ["install", "--no-audit", "--no-fund", `code-server@${version}`];
  // Its installation reads there which Node it is for; under 'npm run' it would be npm's own, not that of the project.
  const { npm_config_user_agent: _, npm_config_loglevel: __, ...env } = process.env;
  const { status } = spawnSync("npm", install, { cwd: cache(), stdio: "inherit", env: { ...headers(), ...env } });
  const works =
    status === 0 && spawnSync(codeServerPath(), ["--version"], { env: { ...process.env, HOME: cache() } }).status === 0;
  if (!works) {
    throw new Error(
      "code-server could not be installed. It compiles native parts: on Debian and Ubuntu " +
        "apt-get install build-essential pkg-config python3 libkrb5-dev libsecret-1-dev. " +
        "Node's headers come from nodejs.org, or from the folder that npm_config_nodedir names.",
    );
  }
  writeFileSync(done, "");
}

/** Native parts use Node-API, which is the same in every version: headers that lie on this machine need not be fetched. */
function headers(): NodeJS.ProcessEnv {
  const nodedir = ["/usr", "/usr/local"].find((folder) => existsSync(join(folder, "include/node/node_api.h")));
  return nodedir === undefined ? {} : { npm_config_nodedir: nodedir };
}
