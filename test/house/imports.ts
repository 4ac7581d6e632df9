/** Reads the import statements of the project's TypeScript files, type-only ones too. Knows nothing of the layers. */
import { globSync, readFileSync } from "node:fs";
import { dirname, posix } from "node:path";

export interface Import {
  readonly from: string;
  /** A project path (`compiler/source/span.ts`) or a package name (`chevrotain`, `node:fs`). */
  readonly to: string;
  readonly line: number;
}

/** Paths of all TypeScript files below the given folders, sorted, tests left out unless `tests`. */
export function sourceFiles(folders: readonly string[], tests = false): string[] {
  return folders
    .flatMap((folder) => globSync(`${folder}/**/*.{ts,mjs}`, { exclude: (path) => path.endsWith("node_modules") }))
    .filter((path) => tests || !/\.test\.ts$|\/goldens\//.test(path))
    .map((path) => path.split("\\").join("/"))
    .sort();
}

const pattern =
  /^\s*(?:import|export)\s[^;'"]*?from\s*["']([^"']+)["']|^\s*import\s*["']([^"']+)["']|\bimport\(\s*["']([^"']+)["']\s*\)/gm;

export function importsOf(path: string): Import[] {
  const text = readFileSync(path, "utf8");
  return [...text.matchAll(pattern)].map((match) => {
    const written = match[1] ?? match[2] ?? match[3] ?? "";
    const line = text.slice(0, match.index).split("\n").length;
    return { from: path, to: written.startsWith(".") ? posix.join(dirname(path), written) : written, line };
  });
}

/** The first import cycle found, as a path that returns to its start; [] when there is none. */
export function importCycle(imports: readonly Import[]): string[] {
  const targets = Map.groupBy(imports, (each) => each.from);
  const done = new Set<string>();
  const visit = (file: string, path: readonly string[]): string[] => {
    const seen = path.indexOf(file);
    if (seen >= 0) return [...path.slice(seen), file];
    if (done.has(file)) return [];
    for (const { to } of targets.get(file) ?? []) {
      const cycle = visit(to, [...path, file]);
      if (cycle.length > 0) return cycle;
    }
    done.add(file);
    return [];
  };
  for (const file of targets.keys()) {
    const cycle = visit(file, []);
    if (cycle.length > 0) return cycle;
  }
  return [];
}
