/** File patterns: `*` and `?` inside a name, `**` across folders, `[ab]`, `{a,b}`. Hidden folders and node_modules are passed over. */
import { readdirSync } from "node:fs";
import { join } from "node:path";

const deepest = 64;
const mostAlternatives = 256;

export const isPattern = (path: string): boolean => /[*?[{]/.test(path);

/** The files that match, relative as the pattern is, sorted. */
export function glob(pattern: string, cwd: string): string[] {
  const found = new Set<string>();
  for (const one of alternatives(pattern.replaceAll("\\", "/"))) {
    const parts = one.split("/");
    const root = parts[0] === "" ? "/" : "";
    walk(root, root === "" ? parts : parts.slice(1), cwd, found, 0);
  }
  return [...found].sort();
}

/** Every file below `folder` whose name ends in `ending`, sorted; paths begin with `folder`. */
export const filesBelow = (folder: string, ending: string, cwd: string): string[] =>
  glob(join(folder, "**", `*${ending}`), cwd);

function walk(folder: string, parts: readonly string[], cwd: string, found: Set<string>, depth: number): void {
  const [part, ...rest] = parts;
  if (part === undefined || depth > deepest) return;
  if (part === "." || part === ".." || part === "") {
    walk(join(folder, part), rest, cwd, found, depth + 1);
    return;
  }
  if (part === "**") walk(folder, rest, cwd, found, depth + 1);
  const matches = part === "**" ? () => true : nameMatcher(part);
  for (const entry of entriesOf(folder, cwd)) {
    if (!matches(entry.name) || (entry.name.startsWith(".") && !part.startsWith("."))) continue;
    const path = join(folder, entry.name);
    if (entry.isDirectory()) {
      if (entry.name === "node_modules" && isPattern(part)) continue;
      walk(path, part === "**" ? parts : rest, cwd, found, depth + 1);
    } else if (rest.length === 0) found.add(path);
  }
}

function entriesOf(folder: string, cwd: string) {
  try {
    return readdirSync(folder.startsWith("/") ? folder : join(cwd, folder), { withFileTypes: true });
  } catch {
    return [];
  }
}

/** `*` backtracks only over one file name, so no pattern takes long. */
function nameMatcher(pattern: string): (name: string) => boolean {
  const source = pattern
    .replace(/\*+/g, "*")
    .replace(/[.+^$()|\\{}]/g, "\\$&")
    .replaceAll("*", "[^/]*")
    .replaceAll("?", "[^/]")
    .replace(/\[!/g, "[^");
  try {
    const expression = new RegExp(`^${source}$`);
    return (name) => expression.test(name);
  } catch {
    return (name) => name === pattern;
  }
}

/** `a{b,c}d` → `abd`, `acd`; nested braces too, up to a bound. */
function alternatives(pattern: string): string[] {
  const done: string[] = [];
  const open = [pattern];
  while (open.length > 0 && done.length + open.length <= mostAlternatives) {
    const next = open.pop()!;
    const match = /^(.*)\{([^{}]*,[^{}]*)\}(.*)$/.exec(next);
    if (match === null) done.push(next);
    else for (const choice of match[2]!.split(",")) open.push(`${match[1]}${choice}${match[3]}`);
  }
  return [...done, ...open];
}
