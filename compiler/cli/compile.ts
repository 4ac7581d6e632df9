/** `flow compile`: writes what a file compiles to, or compares it with what is there. */
import { existsSync, readdirSync, readFileSync, rmSync, statSync } from "node:fs";
import { basename, dirname, extname, isAbsolute, join, relative } from "node:path";
import type { Ir } from "../ir/ir.ts";
import { writeAll } from "./atomic-write.ts";
import type { CommandRun } from "./command-row.ts";
import { unifiedDiff } from "./diff.ts";
import { exitCodes, UsageError } from "./exit.ts";
import { mustBeFile } from "./input-files.ts";
import { hasSource, loadIr } from "./load-ir.ts";
import { type Output, type OutputFormat, oneText, outputsOf, runtimeFolder } from "./outputs.ts";
import { projectOf } from "./project.ts";
import type { Terminal } from "./terminal.ts";
import { repeatOnChange } from "./watch.ts";

type Options = Readonly<Record<string, unknown>>;

export const compileCommand: CommandRun = async ([file = ""], options, terminal) => {
  if (file !== "-") mustBeFile(file, terminal.cwd);
  const toStdout = options.output === "-" || (file === "-" && options.output === undefined);
  if (options.snapshot !== undefined && (toStdout || options.watch === true))
    throw new UsageError("--snapshot compares files: it goes neither with standard output nor with --watch.");
  if (options.watch !== true) return (await compileOnce(file, options, terminal)).exitCode;
  if (file === "-") throw new UsageError("Standard input cannot be watched: name a file, or leave out --watch.");
  return repeatOnChange(terminal, async () => (await compileOnce(file, options, terminal)).watched);
};

async function compileOnce(file: string, options: Options, terminal: Terminal) {
  const { compileDiagnostics } = await import("../emit/deployment.ts");
  const depth = { later: compileDiagnostics };
  const { ir, sources, watched } = await loadIr(file, await projectOf(options, terminal), terminal, { depth });
  if (ir === undefined || !hasSource(ir, file, terminal)) return { exitCode: exitCodes.diagnostics, watched };
  const format = String(options.format ?? "all") as OutputFormat;
  const output = typeof options.output === "string" ? options.output : undefined;
  if (output === "-" || (file === "-" && output === undefined)) {
    terminal.out(await oneText(ir, sources, file, format));
    return { exitCode: exitCodes.fine, watched };
  }
  const target = await targetOf(
    output,
    file,
    async () => oneText(ir, sources, file, format),
    async () => outputsOf(ir, sources, file, format),
  );
  const files = target.files.map(({ path, text }) => ({ path: absolute(join(target.folder, path), terminal), text }));
  const stale = format === "all" || format === "runtime" ? staleConfigs(ir, target, files, terminal) : [];
  if (options.snapshot === "check") return { exitCode: compare(files, stale, terminal), watched };

  writeAll(files);
  for (const path of stale) rmSync(path);
  for (const { path } of files) terminal.err(`${terminal.errColors.green("+")} ${relative(terminal.cwd, path)}\n`);
  return { exitCode: exitCodes.fine, watched };
}

interface Target {
  readonly folder: string;
  readonly files: readonly Output[];
}

/** `-o` names a folder when it ends in `/`, is one, or has no extension; else one file. Without it, beside the .flow file. */
async function targetOf(
  output: string | undefined,
  file: string,
  text: () => Promise<string>,
  all: () => Promise<readonly Output[]>,
): Promise<Target> {
  if (output === undefined) return { folder: dirname(file), files: await all() };
  const isFolder =
    /[\\/]$/.test(output) || (existsSync(output) ? statSync(output).isDirectory() : extname(output) === "");
  if (isFolder) return { folder: output, files: await all() };
  return { folder: dirname(output), files: [{ path: basename(output), text: await text() }] };
}

const absolute = (path: string, { cwd }: Terminal): string => (isAbsolute(path) ? path : join(cwd, path));

/** Configs of stages that are no more. */
function staleConfigs(ir: Ir, target: Target, files: readonly Output[], terminal: Terminal): string[] {
  const folder = absolute(join(target.folder, runtimeFolder(ir)), terminal);
  if (!files.some(({ path }) => dirname(path) === folder) || !existsSync(folder)) return [];
  const written = new Set(files.map(({ path }) => path));
  return readdirSync(folder)
    .filter((name) => name.endsWith(".json") && !name.startsWith("."))
    .map((name) => join(folder, name))
    .filter((path) => !written.has(path));
}

/** Prints the difference between what is there and what should be. */
function compare(files: readonly Output[], stale: readonly string[], terminal: Terminal): number {
  const pairs = [
    ...files.map(({ path, text }) => ({ path, old: textOf(path), text })),
    ...stale.map((path) => ({ path, old: textOf(path), text: "" })),
  ];
  let different = 0;
  for (const { path, old, text } of pairs) {
    if (old === text) continue;
    different++;
    const name = relative(terminal.cwd, path);
    terminal.out(
      unifiedDiff(
        old === undefined ? "/dev/null" : name,
        stale.includes(path) ? "/dev/null" : `${name} (compiled)`,
        old ?? "",
        text,
        terminal.outColors,
      ),
    );
  }
  if (different > 0)
    terminal.err(
      `${different} ${different === 1 ? "file differs" : "files differ"} from a fresh compile; '--snapshot write' brings them up to date.\n`,
    );
  return different > 0 ? exitCodes.diagnostics : exitCodes.fine;
}

function textOf(path: string): string | undefined {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return undefined;
  }
}
