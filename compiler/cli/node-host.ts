/** The file system as the compiler sees it. A file is read once, so one compilation sees one state of it. */
import { readFileSync, statSync } from "node:fs";
import { dirname, isAbsolute, join, normalize, resolve, sep } from "node:path";
import type { Host } from "../source/host.ts";

/** A larger file is not a .flow file, a schema or a sample that anyone wrote. */
const largestFileBytes = 64 * 1024 * 1024;

/**
 * Paths stay as the user wrote them (relative to the current folder), so that messages show what was typed.
 * @param given texts by path that stand before the disk: standard input, unsaved changes.
 */
export function nodeHost(cwd: string, given: ReadonlyMap<string, string> = new Map()): Host {
  const texts = new Map<string, string | undefined>(given);
  return {
    readFile(path) {
      if (!texts.has(path)) texts.set(path, readText(isAbsolute(path) ? path : join(cwd, path)));
      return texts.get(path);
    },
    resolve: (from, path) => (isAbsolute(path) ? normalize(path) : notAboveRoot(join(dirname(from), path), cwd)),
  };
}

/** There is one root, however many `..` lead to it: who looks for a file upwards must see when there is no further up. */
function notAboveRoot(path: string, cwd: string): string {
  if (!path.startsWith("..")) return path;
  const ups = path.split(sep).findIndex((part) => part !== "..");
  return ups >= cwd.split(sep).filter((part) => part !== "").length ? resolve(cwd, path) : path;
}

function readText(path: string): string | undefined {
  try {
    const { size } = statSync(path);
    return size > largestFileBytes ? undefined : readFileSync(path, "utf8");
  } catch {
    return undefined;
  }
}
