/** The programs of test/user-code as commands: what has to be compiled is, once for each version of the sources. A toolchain may be missing, but never in CI. */
import { execFileSync, spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync } from "node:fs";
import { join, resolve } from "node:path";

export const programFolder = resolve("test/user-code");
const here = (name: string): string => join(programFolder, name);

type Toolchain = "node" | "python3" | "go" | "java" | "awk" | "sh";

const asks: Readonly<Record<Toolchain, readonly string[]>> = {
  node: [process.execPath, "--version"],
  python3: ["python3", "--version"],
  go: ["go", "version"],
  java: ["javac", "-version"],
  awk: ["awk", "BEGIN { exit }"],
  sh: ["sh", "-c", ":"],
};

const known = new Map<Toolchain, boolean>();

/** @throws in CI, where it must be */
export function isThere(toolchain: Toolchain): boolean {
  const [command, ...args] = asks[toolchain];
  const isInstalled = known.get(toolchain) ?? spawnSync(command!, args, { stdio: "ignore" }).status === 0;
  known.set(toolchain, isInstalled);
  if (!isInstalled && process.env.CI)
    throw new Error(`'${toolchain}' is missing. Install it: no test is skipped in CI.`);
  return isInstalled;
}

/** mawk reads ahead in blocks unless it is told not to; other awks do not know the option. */
export const awkCommand = (script: string): readonly string[] => {
  const isMawk = spawnSync("awk", ["-W", "version"], { encoding: "utf8" }).stdout.startsWith("mawk");
  return ["awk", ...(isMawk ? ["-W", "interactive"] : []), "-f", here(script)];
};

/** By way of the shell, what reads standard input and writes standard output serves pipes. */
export const overPipes = (command: readonly string[]): readonly string[] => [
  "sh",
  "-c",
  'exec "$@" <"$FLOW_INPUT" >"$FLOW_OUTPUT"',
  "sh",
  ...command,
];

export const nodeCommand = (script: string): readonly string[] => [process.execPath, here(script)];
export const pythonCommand = (script: string): readonly string[] => [pythonPath(), here(script)];
export const shellCommand = (script: string): readonly string[] => ["sh", here(script)];

/** What `python3` may be a script for, so that it is not looked for at each start. */
let python: string | undefined;
const pythonPath = (): string => {
  python ??= execFileSync("python3", ["-c", "import sys; print(sys.executable)"], { encoding: "utf8" }).trim();
  return python;
};

export const goCommand = (source: string): readonly string[] => {
  const program = source.replace(/\.go$/, "");
  return [
    join(
      built(source, (folder) => goBuild(source, join(folder, program))),
      program,
    ),
  ];
};

function goBuild(source: string, to: string): void {
  execFileSync("go", ["build", "-o", to, here(source)], { stdio: ["ignore", "ignore", "inherit"] });
}

/** Started fast: no second compiler, no time spent on sharing. */
export const javaCommand = (source: string): readonly string[] => {
  const folder = built(source, (to) => {
    copyFileSync(here(source), join(to, source));
    execFileSync("javac", ["-d", to, here(source)], { stdio: ["ignore", "ignore", "inherit"] });
  });
  return ["java", "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-cp", folder, source.replace(/\.java$/, "")];
};

/** A folder with what was made of the source; made once, also when several ask for it at the same time. */
function built(source: string, make: (folder: string) => void): string {
  const digest = createHash("sha256")
    .update(readFileSync(here(source)))
    .digest("hex")
    .slice(0, 16);
  const cache = resolve("node_modules/.cache/user-code-tests");
  const folder = join(cache, `${source}-${digest}`);
  if (existsSync(folder)) return folder;
  mkdirSync(cache, { recursive: true });
  const making = mkdtempSync(join(cache, "making-"));
  make(making);
  try {
    renameSync(making, folder);
  } catch {
    rmSync(making, { recursive: true, force: true });
  }
  return folder;
}
