/** From what was written on the command line to .flow files: files, folders, patterns, `-`. */
import { readdirSync, statSync } from "node:fs";
import { basename, dirname, isAbsolute, join } from "node:path";
import { didYouMean, nearest } from "../source/nearest.ts";
import { UsageError } from "./exit.ts";
import { filesBelow, glob, isPattern } from "./glob.ts";

/** The path under which standard input is known. */
export const stdinPath = "<stdin>";

/** The files named, each once, in the order given; without any, all `*.flow` below the current folder. */
export function inputFiles(words: readonly string[], cwd: string): string[] {
  if (words.length === 0) {
    const files = filesBelow(".", ".flow", cwd);
    if (files.length === 0)
      throw new UsageError("There is no .flow file below this folder.", "'flow init' starts a project.");
    return files;
  }
  return [...new Set(words.flatMap((word) => filesOf(word, cwd)))];
}

function filesOf(word: string, cwd: string): string[] {
  if (word === "-") return [word];
  const kind = kindOf(word, cwd);
  if (kind === "file") return [word];
  if (kind === "folder") return orNone(filesBelow(word, ".flow", cwd), `There is no .flow file below '${word}'.`);
  if (isPattern(word)) return orNone(glob(word, cwd), `No file matches '${word}'.`);
  throw missingFile(word, cwd);
}

function orNone(files: string[], message: string): string[] {
  if (files.length === 0) throw new UsageError(message);
  return files;
}

/** A file must be there before anything else is said about it. */
export function mustBeFile(path: string, cwd: string): string {
  const kind = kindOf(path, cwd);
  if (kind === "folder") throw new UsageError(`'${path}' is a folder; this command takes one file.`);
  if (kind === undefined) throw missingFile(path, cwd);
  return path;
}

function kindOf(path: string, cwd: string): "file" | "folder" | undefined {
  const info = statSync(isAbsolute(path) ? path : join(cwd, path), { throwIfNoEntry: false });
  return info === undefined ? undefined : info.isDirectory() ? "folder" : "file";
}

function missingFile(path: string, cwd: string): UsageError {
  const folder = dirname(path);
  let names: string[] = [];
  try {
    names = readdirSync(isAbsolute(folder) ? folder : join(cwd, folder));
  } catch {
    return new UsageError(`There is no file '${path}': the folder '${folder}' does not exist.`);
  }
  const near = nearest(basename(path), names);
  return new UsageError(
    `There is no file '${path}'.${didYouMean(near === undefined ? undefined : join(folder, near))}`,
  );
}
