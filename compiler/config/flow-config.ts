/** flow.config.json: what a project wants of the diagnostics. Found beside a .flow file or in a folder above it. */

import { codes } from "../source/codes/codes.ts";
import { type Diagnostic, diagnostic } from "../source/diagnostic.ts";
import type { Host } from "../source/host.ts";
import { didYouMean, nearest } from "../source/nearest.ts";
import type { Severity } from "../source/severity.ts";
import { type SourceText, sourceText } from "../source/source-text.ts";

/** `off`, or the severity that a code shall have. */
export type Level = "off" | "hint" | "info" | "warning" | "error";
export type Levels = ReadonlyMap<string, Level>;

export const severityOf: Readonly<Record<Exclude<Level, "off">, Severity>> = {
  hint: "hint",
  info: "information",
  warning: "warning",
  error: "error",
};

export const levelNames = ["off", "hint", "info", "warning", "error"] as const;

export interface FlowConfig {
  readonly levels: Levels;
  readonly diagnostics: readonly Diagnostic[];
  /** Where it was found, for messages and for watching. */
  readonly source?: SourceText;
}

const emptyConfig: FlowConfig = { levels: new Map(), diagnostics: [] };

export const configFileName = "flow.config.json";
const highest = 40;

/** The nearest configuration above a .flow file, or the one named. */
export function findConfig(flowPath: string, host: Host, named?: string): FlowConfig {
  if (named !== undefined) {
    const text = host.readFile(named);
    return text === undefined ? emptyConfig : readConfig(sourceText(named, text));
  }
  let last: string | undefined;
  for (let up = ""; up.length <= highest * 3; up += "../") {
    const path = host.resolve(flowPath, `${up}${configFileName}`);
    if (path === last) break;
    const text = host.readFile(path);
    if (text !== undefined) return readConfig(sourceText(path, text));
    last = path;
  }
  return emptyConfig;
}

export function readConfig(source: SourceText): FlowConfig {
  const diagnostics: Diagnostic[] = [];
  const say = (what: string, word?: string): void => {
    diagnostics.push(diagnostic("FLOW9006", placeOfWord(source, word), { what }));
  };
  const value = parseJson(source.text);
  if (!isObject(value)) say('flow.config.json must be a JSON object, such as { "levels": { "FLOW9001": "off" } }.');
  const levels = isObject(value) ? readLevels(value, say) : new Map<string, Level>();
  return { levels, diagnostics, source };
}

type Say = (what: string, word?: string) => void;

function readLevels(config: Readonly<Record<string, unknown>>, say: Say): Levels {
  const levels = new Map<string, Level>();
  for (const name of Object.keys(config)) {
    if (name !== "levels" && name !== "$schema")
      say(`flow.config.json has no setting '${name}'.${didYouMean(nearest(name, ["levels"]))}`, name);
  }
  const given = config.levels ?? {};
  if (!isObject(given)) {
    say("'levels' must be an object from codes to levels.", "levels");
    return levels;
  }
  for (const [code, level] of Object.entries(given)) readLevel(code, level, levels, say);
  return levels;
}

function readLevel(code: string, level: unknown, levels: Map<string, Level>, say: Say): void {
  const known = levelNames.find((name) => name === level);
  if (!Object.hasOwn(codes, code))
    say(`There is no diagnostic '${code}'.${didYouMean(nearest(code, Object.keys(codes)))}`, code);
  else if (!known)
    say(`The level of ${code} must be one of ${levelNames.map((name) => `'${name}'`).join(", ")}.`, code);
  else if (codes[code as keyof typeof codes].severity === "error" && known !== "error") {
    say(`${code} is an error, which cannot be made less: a pipeline with it cannot run.`, code);
  } else levels.set(code, known);
}

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

/** Where the word stands in quotes, else the beginning. */
function placeOfWord(source: SourceText, word: string | undefined) {
  const start = word === undefined ? -1 : source.text.indexOf(JSON.stringify(word));
  if (start < 0) return { file: source.path, start: 0, end: Math.min(1, source.text.length) };
  return { file: source.path, start, end: start + JSON.stringify(word).length };
}
