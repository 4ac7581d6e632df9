/** Params from the command line and from files, as text by name. What the text must be, the check says. */
import { readFileSync } from "node:fs";
import { isAbsolute, join } from "node:path";
import { reasonOf } from "./atomic-write.ts";
import { UsageError } from "./exit.ts";

/** `--param` wins over `--params`. */
export async function paramsOf(
  options: Readonly<Record<string, unknown>>,
  cwd: string,
): Promise<ReadonlyMap<string, string>> {
  const params = new Map<string, string>();
  const file = options.params;
  if (typeof file === "string") for (const [name, value] of await paramsOfFile(file, cwd)) params.set(name, value);
  for (const word of listOf(options.param)) {
    const at = word.indexOf("=");
    if (at <= 0) throw new UsageError(`'--param ${word}' has no value.`, "Write it as --param name=value.");
    params.set(word.slice(0, at).trim(), word.slice(at + 1));
  }
  return params;
}

async function paramsOfFile(file: string, cwd: string): Promise<readonly (readonly [string, string])[]> {
  const text = readText(file, cwd);
  const { parseYaml } = await import("./yaml-text.ts");
  let value: unknown;
  try {
    value = parseYaml(text);
  } catch (error) {
    throw new UsageError(
      `'${file}' is not YAML: ${error instanceof Error ? error.message.split("\n")[0] : String(error)}`,
    );
  }
  if (value === null || value === undefined) return [];
  if (typeof value !== "object" || Array.isArray(value))
    throw new UsageError(`'${file}' must hold names and values: 'topic: lines'.`);
  return Object.entries(value).map(([name, entry]) => [name, textOf(entry)] as const);
}

function readText(file: string, cwd: string): string {
  try {
    return readFileSync(isAbsolute(file) ? file : join(cwd, file), "utf8");
  } catch (error) {
    throw new UsageError(`The file of params '${file}' cannot be read: ${reasonOf(error)}.`);
  }
}

/** A string as it is; lists and records as JSON, which is how an expression writes them too. */
const textOf = (value: unknown): string => (typeof value === "string" ? value : jsonText(value));

function jsonText(value: unknown): string {
  if (typeof value === "bigint") return value.toString();
  if (Array.isArray(value)) return `[${value.map(jsonText).join(", ")}]`;
  if (typeof value === "object" && value !== null)
    return `{${Object.entries(value)
      .map(([name, entry]) => `${JSON.stringify(name)}: ${jsonText(entry)}`)
      .join(", ")}}`;
  return JSON.stringify(value) ?? "null";
}

/** An option that may be repeated. */
export const listOf = (value: unknown): readonly string[] =>
  Array.isArray(value) ? value.filter((word) => typeof word === "string") : [];
