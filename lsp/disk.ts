/** Files on disk. A file is read when something imports it, and once until it changes. */
import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import type { Files } from "./files.ts";

/** A larger file is not a .flow file, a schema or a sample that anyone wrote. */
const largestFileBytes = 64 * 1024 * 1024;
/** More files than this are not looked through. */
const mostFiles = 20_000;
const skipped = new Set(["node_modules", "dist", "out", "target"]);

interface Known {
  readonly text: string | undefined;
  /** Time of change and size; "" when there is no such file. */
  readonly stamp: string;
}

export function diskFiles(): Files {
  const known = new Map<string, Known>();
  let listed: { readonly folders: string; readonly paths: readonly string[] } | undefined;
  return {
    read(path) {
      let file = known.get(path);
      if (!file) {
        file = readKnown(path);
        known.set(path, file);
      }
      return file.text;
    },
    inFolder: namesIn,
    list(folders) {
      const key = folders.join("\n");
      if (listed?.folders !== key) listed = { folders: key, paths: flowFilesBelow(folders) };
      return listed.paths;
    },
    forget(path) {
      known.delete(path);
      listed = undefined;
    },
    recheck() {
      const changed = [...known].filter(([path, { stamp }]) => stampOf(path) !== stamp).map(([path]) => path);
      for (const path of changed) known.delete(path);
      if (changed.length > 0) listed = undefined;
      return changed;
    },
  };
}

function readKnown(path: string): Known {
  const stamp = stampOf(path);
  try {
    const tooLarge = Number(stamp.split(" ")[1]) > largestFileBytes;
    return { stamp, text: stamp === "" || tooLarge ? undefined : readFileSync(path, "utf8") };
  } catch {
    return { stamp, text: undefined };
  }
}

/** The most names that are proposed for a path. */
const mostNames = 1000;

function namesIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder, { withFileTypes: true })
      .filter(({ name }) => !name.startsWith("."))
      .slice(0, mostNames)
      .map((entry) => (entry.isDirectory() ? `${entry.name}/` : entry.name));
  } catch {
    return [];
  }
}

/** Only of paths on a disk: a document of another scheme has no file. */
function stampOf(path: string): string {
  if (!/^(\/|[a-z]:\/)/i.test(path)) return "";
  try {
    const stats = statSync(path, { throwIfNoEntry: false, bigint: false });
    return stats?.isFile() === true ? `${stats.mtimeMs} ${stats.size}` : "";
  } catch {
    // No path at all, too long a name, or a folder that is not for us: as good as no file.
    return "";
  }
}

function flowFilesBelow(folders: readonly string[]): readonly string[] {
  const found = new Set<string>();
  const visit = (folder: string): void => {
    for (const entry of entriesOf(folder)) {
      if (found.size >= mostFiles) return;
      const path = join(folder, entry.name).replaceAll("\\", "/");
      if (entry.isFile() && entry.name.endsWith(".flow")) found.add(path);
      else if (entry.isDirectory() && !entry.name.startsWith(".") && !skipped.has(entry.name)) visit(path);
    }
  };
  for (const folder of folders) visit(folder);
  return [...found].sort();
}

function entriesOf(folder: string) {
  try {
    return readdirSync(folder, { withFileTypes: true });
  } catch {
    return [];
  }
}
