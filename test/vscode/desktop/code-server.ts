/**
 * The desktop's half of VS Code: extension host, language server and files in Node, the workbench served to a browser. It comes from npm
 * as `code-server`; `install.ts` puts it into a cache.
 */
import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { codeServerPath } from "./install.ts";

const startMs = 120_000;

export interface CodeServer {
  readonly url: string;
  /** The opened folder. */
  readonly folder: string;
  close(): Promise<void>;
}

/** Installs the packaged extension as a user does, and opens a fresh folder with these files, and with what `prepare` adds. */
export async function startCodeServer(
  packagedExtension: string,
  files: Readonly<Record<string, string>>,
  settings: Readonly<Record<string, unknown>>,
  prepare: (folder: string) => void = () => {},
): Promise<CodeServer> {
  const home = mkdtempSync(join(tmpdir(), "flow-desktop-"));
  const folder = join(home, "pipelines");
  const profile = ["--user-data-dir", join(home, "user"), "--extensions-dir", join(home, "extensions")];
  for (const [name, text] of Object.entries(files)) writeIn(folder, name, text);
  prepare(folder);
  writeIn(home, "user/User/settings.json", JSON.stringify(settings));
  const env = environment(home);
  const installed = spawnSync(codeServerPath(), [...profile, "--install-extension", packagedExtension], { env });
  if (installed.status !== 0)
    throw new Error(`The extension was not installed:\n${installed.stdout}${installed.stderr}`);

  const port = await freePort();
  const options = [
    "--auth",
    "none",
    "--bind-addr",
    `127.0.0.1:${port}`,
    "--disable-telemetry",
    "--disable-update-check",
  ];
  const calm = ["--disable-workspace-trust", "--disable-getting-started-override"];
  const child = spawn(codeServerPath(), [...options, ...calm, ...profile, folder], { env, stdio: "pipe" });
  await isListening(child);
  return {
    url: `http://localhost:${port}/?folder=${encodeURIComponent(folder)}`,
    folder,
    async close() {
      await stopped(child);
      rmSync(home, { recursive: true, force: true, maxRetries: 10 });
    },
  };
}

function writeIn(folder: string, name: string, text: string): void {
  const path = join(folder, name);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
}

/** A home of its own, as code-server keeps its address and password there; nothing of a terminal inside an editor; no gallery of extensions. */
function environment(home: string): NodeJS.ProcessEnv {
  const kept = Object.entries(process.env).filter(
    ([name]) => !/^(VSCODE|ELECTRON|VITEST)|^(PORT|PASSWORD|NODE_OPTIONS|NODE_ENV|TEST)$/.test(name),
  );
  return { ...Object.fromEntries(kept), HOME: home, EXTENSIONS_GALLERY: '{"serviceUrl":""}' };
}

const freePort = (): Promise<number> =>
  new Promise((found) => {
    const server = createServer().listen(0, "127.0.0.1", () => {
      const address = server.address();
      server.close(() => found(typeof address === "object" && address !== null ? address.port : 0));
    });
  });

function isListening(child: ChildProcess): Promise<void> {
  return new Promise((listening, failed) => {
    let said = "";
    const giveUp = (why: string) => failed(new Error(`code-server ${why}:\n${said.slice(-4_000)}`));
    const timer = setTimeout(() => giveUp("did not start in time"), startMs);
    const hear = (bytes: Buffer) => {
      said += bytes;
      if (!said.includes("HTTP server listening")) return;
      clearTimeout(timer);
      listening();
    };
    child.stdout?.on("data", hear);
    child.stderr?.on("data", hear);
    child.once("exit", (code) => {
      clearTimeout(timer);
      giveUp(`ended with ${code}`);
    });
  });
}

function stopped(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null) return Promise.resolve();
  return new Promise((ended) => {
    child.once("exit", () => ended());
    child.kill();
  });
}
