/** Runs the TypeScript that a project has, over files that are given as text. What it finds is kept, so that the same files are not checked again. */
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { homedir, tmpdir } from "node:os";
import { dirname, join } from "node:path";

export interface TypeScript {
  readonly version: string;
  /** The program `tsc`, to be run by Node. */
  readonly program: string;
}

export interface Finding {
  /** As it was given. */
  readonly path: string;
  /** From 0. */
  readonly line: number;
  readonly column: number;
  /** `TS2339` */
  readonly code: string;
  readonly message: string;
  /** Why, from the whole to its parts. */
  readonly details: readonly string[];
}

/** The one that is installed for files in this folder, else the one beside us; undefined where there is none. */
export function typescriptFor(folder: string): TypeScript | undefined {
  for (const from of [join(folder, "anything.js"), import.meta.url]) {
    const found = installedFrom(from);
    if (found !== undefined) return found;
  }
  return undefined;
}

function installedFrom(from: string): TypeScript | undefined {
  try {
    const file = createRequire(from).resolve("typescript/package.json");
    const { version, bin } = JSON.parse(readFileSync(file, "utf8")) as { version: string; bin?: { tsc?: string } };
    return bin?.tsc === undefined ? undefined : { version, program: join(dirname(file), bin.tsc) };
  } catch {
    return undefined;
  }
}

/** @param files by path, `tsconfig.json` among them. Undefined when it could not be run. */
export function typescriptFindings(
  typescript: TypeScript,
  files: ReadonlyMap<string, string>,
  env: NodeJS.ProcessEnv,
): readonly Finding[] | undefined {
  const key = createHash("sha256")
    .update(JSON.stringify([cacheVersion, typescript, [...files]]))
    .digest("hex");
  const cache = cacheFolder(env);
  const kept = readKept(cache, key);
  if (kept !== undefined) return kept;
  const found = run(typescript, files);
  if (found !== undefined) keep(cache, key, found);
  return found;
}

const limitMs = 60_000;

function run({ program }: TypeScript, files: ReadonlyMap<string, string>): readonly Finding[] | undefined {
  const folder = mkdtempSync(join(tmpdir(), "flow-typescript-"));
  try {
    for (const [path, text] of files) writeFileSync(join(folder, path), text);
    const { status, stdout } = spawnSync(process.execPath, [program, "-p", ".", "--pretty", "false"], {
      cwd: folder,
      encoding: "utf8",
      timeout: limitMs,
      maxBuffer: 16 << 20,
    });
    // 1 and 2: it has found something.
    return status === 0 || status === 1 || status === 2 ? findingsIn(stdout) : undefined;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

const findingLine = /^([^\s(][^(]*)\((\d+),(\d+)\): error (TS\d+): (.*)$/;

/** `step.js(3,14): error TS2339: …`; more about it is indented below. */
function findingsIn(output: string): readonly Finding[] {
  const found: (Finding & { readonly details: string[] })[] = [];
  for (const line of output.split(/\r?\n/)) {
    const [, path, row, column, code, message] = findingLine.exec(line) ?? [];
    if (path === undefined) {
      if (/^\s+\S/.test(line)) found.at(-1)?.details.push(line.trim());
      continue;
    }
    found.push({
      path,
      line: Number(row) - 1,
      column: Number(column) - 1,
      code: code ?? "",
      message: (message ?? "").trim(),
      details: [],
    });
  }
  return found;
}

/** To be changed with the shape of findings. */
const cacheVersion = 1;

const cacheFolder = (env: NodeJS.ProcessEnv): string =>
  join(env.XDG_CACHE_HOME || join(homedir(), ".cache"), "argo-dataflow", "typescript");

function readKept(cache: string, key: string): readonly Finding[] | undefined {
  try {
    return JSON.parse(readFileSync(join(cache, `${key}.json`), "utf8")) as readonly Finding[];
  } catch {
    return undefined;
  }
}

const mostKept = 500;

/** Where nothing can be kept nothing is; it is then only slower. */
function keep(cache: string, key: string, found: readonly Finding[]): void {
  try {
    mkdirSync(cache, { recursive: true });
    if (readdirSync(cache).length >= mostKept) rmSync(cache, { recursive: true, force: true });
    mkdirSync(cache, { recursive: true });
    writeFileSync(join(cache, `${key}.json`), JSON.stringify(found));
  } catch {
    // A home that cannot be written.
  }
}
