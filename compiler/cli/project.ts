/** From the words of a command line to a checked file: params, configuration, standard input. */
import { readFileSync } from "node:fs";
import { isAbsolute, join } from "node:path";
import { type CheckOptions, check } from "../semantics/check.ts";
import type { Model } from "../semantics/model.ts";
import type { Diagnostic } from "../source/diagnostic.ts";
import type { Host } from "../source/host.ts";
import type { SourceText } from "../source/source-text.ts";
import { reasonOf } from "./atomic-write.ts";
import { UsageError } from "./exit.ts";
import { stdinPath } from "./input-files.ts";
import { nodeHost } from "./node-host.ts";
import { paramsOf } from "./params.ts";
import type { Terminal } from "./terminal.ts";

/** What holds for all files of one command line. */
export interface Project {
  readonly params: ReadonlyMap<string, string>;
  /** Values by name from the environment; one that no param asks for means nothing. */
  readonly environment: ReadonlyMap<string, string>;
  /** From `--config`. */
  readonly config: string | undefined;
  readonly cwd: string;
  /** The files change while the command line stays: what they no longer fit is then no mistake of the command line. */
  readonly watching: boolean;
  /** The name under which standard input is reported. */
  readonly stdinName: string;
  readonly readStdin: () => string;
}

export interface Checked {
  readonly path: string;
  readonly model: Model;
  readonly diagnostics: readonly Diagnostic[];
  readonly sources: ReadonlyMap<string, SourceText>;
  /** The files that the result depends on. */
  readonly watched: readonly string[];
}

export async function projectOf(options: Readonly<Record<string, unknown>>, terminal: Terminal): Promise<Project> {
  let stdin: string | undefined;
  const config = typeof options.config === "string" ? options.config : undefined;
  if (config !== undefined) mustBeReadable(config, terminal.cwd);
  return {
    params: await paramsOf(options, terminal.cwd),
    environment: environmentParams(terminal.env),
    config,
    cwd: terminal.cwd,
    watching: options.watch === true,
    stdinName: typeof options.stdinPath === "string" ? options.stdinPath : stdinPath,
    readStdin: () => {
      stdin ??= new TextDecoder().decode(terminal.readStdin());
      return stdin;
    },
  };
}

/** How much is asked of a file: see CheckOptions. */
export interface Depth extends Pick<CheckOptions, "paramsLater" | "later"> {
  /** What only this machine can find, asked together with `later`. */
  readonly here?: (model: Model, host: Host) => readonly Diagnostic[];
}

/** `-` is standard input. A Pipeline resource (`.yaml`, `.json`) is checked like the .flow file it came from. */
export async function checkFile(word: string, project: Project, depth: Depth = {}): Promise<Checked> {
  const path = word === "-" ? project.stdinName : word;
  const host = nodeHost(project.cwd, word === "-" ? new Map([[path, project.readStdin()]]) : new Map());
  const { model, diagnostics, sources } = await checkWithParams(path, host, project, depth);
  return {
    path,
    model,
    diagnostics: isResource(path) ? diagnostics.map(withoutFixes) : diagnostics,
    sources,
    watched: [...(word === "-" ? [] : [path]), ...model.dependencies],
  };
}

/** Fixes are edits of .flow text. */
const withoutFixes = (diagnostic: Diagnostic): Diagnostic => ({ ...diagnostic, fixes: [] });

/** Params that the file declares and nobody gave are looked for in the environment. */
async function checkWithParams(path: string, host: Host, project: Project, depth: Depth) {
  const { params, environment, config } = project;
  const options = {
    ...depth,
    later: (model: Model) => [...(depth.later?.(model) ?? []), ...(depth.here?.(model, host) ?? [])],
    ...(config === undefined ? {} : { config }),
    ...(isResource(path) ? await resourceReader() : {}),
  };
  const checked = check(path, host, { ...options, params });
  if (!project.watching) mustBeParams(checked);
  const found = [...checked.model.params.keys()].filter((name) => !params.has(name) && environment.has(name));
  if (found.length === 0) return checked;
  const all = new Map([...params, ...found.map((name) => [name, environment.get(name)!] as const)]);
  return check(path, host, { ...options, params: all });
}

/**
 * What nobody wrote in a file is a mistake of the command line. A file that cannot all be read may have the param all the same.
 * @throws UsageError
 */
function mustBeParams({ diagnostics, model }: ReturnType<typeof check>): void {
  const unknown = diagnostics.find(({ code }) => code === "FLOW2023");
  if (unknown === undefined || diagnostics.some(({ code }) => code.startsWith("FLOW1"))) return;
  const names = [...model.params.keys()];
  throw new UsageError(
    unknown.message,
    names.length === 0 ? "The file has no params." : `The file has: ${names.join(", ")}.`,
  );
}

const isResource = (path: string): boolean => /\.(ya?ml|json)$/.test(path);

/** Loaded only for those who have a resource: with it comes the YAML library. */
const resourceReader = async () => ({ parse: (await import("../emit/read/read-resource.ts")).readResource });

/** `FLOW_PARAM_TOPIC=lines` is the param `topic`. */
function environmentParams(env: NodeJS.ProcessEnv): ReadonlyMap<string, string> {
  const prefix = "FLOW_PARAM_";
  return new Map(
    Object.entries(env).flatMap(([name, value]) =>
      name.startsWith(prefix) && value !== undefined ? [[name.slice(prefix.length).toLowerCase(), value] as const] : [],
    ),
  );
}

function mustBeReadable(path: string, cwd: string): void {
  try {
    readFileSync(isAbsolute(path) ? path : join(cwd, path));
  } catch (error) {
    throw new UsageError(`The configuration '${path}' cannot be read: ${reasonOf(error)}.`);
  }
}
