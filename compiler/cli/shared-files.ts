/** Files that one run would write twice, or read and write: found before anything is opened. */
import { globSync, realpathSync, statSync } from "node:fs";
import { basename, dirname, join, relative, resolve } from "node:path";
import type { ConnectorPlan, RuntimeConfig } from "../contract/runtime-config.ts";
import { UsageError } from "./exit.ts";

interface Place {
  readonly name: string;
  /** Absolute, links followed. */
  readonly file: string;
  readonly appends: boolean;
}

/** @throws UsageError: each would put its own in place of the other's, or never come to an end. */
export function mustNotShareFiles(
  config: RuntimeConfig,
  deadLetter: ConnectorPlan | undefined,
  baseDirectory: string,
): void {
  const written = config.nodes.flatMap((node) =>
    node.kind === "sink" ? placeOf(`'${node.name}'`, node.connector, baseDirectory) : [],
  );
  if (deadLetter !== undefined)
    written.push(
      ...placeOf("the dead letter", { ...deadLetter, options: { ...deadLetter.options, append: true } }, baseDirectory),
    );
  mustBeWrittenOnce(written, baseDirectory);
  for (const node of config.nodes)
    if (node.kind === "source" && node.connector.type === "file")
      mustNotReadWhatIsWritten(node.name, String(node.connector.options.path), written, baseDirectory);
}

function mustBeWrittenOnce(written: readonly Place[], baseDirectory: string): void {
  const writerByFile = new Map<string, Place>();
  for (const place of written) {
    const other = writerByFile.get(place.file);
    if (other !== undefined)
      throw new UsageError(
        `${other.name} and ${place.name} write the same file, '${relative(baseDirectory, place.file)}'.`,
        "One would overwrite the other: give each a file of its own.",
      );
    writerByFile.set(place.file, place);
  }
}

function mustNotReadWhatIsWritten(
  source: string,
  path: string,
  written: readonly Place[],
  baseDirectory: string,
): void {
  if (written.length === 0 || path === "-") return;
  const read = new Set(
    [path, ...(/[*?[{]/.test(path) ? globSync(path, { cwd: baseDirectory }) : [])].map((name) =>
      realPath(resolve(baseDirectory, name)),
    ),
  );
  const place = written.find(({ file }) => read.has(file));
  if (place !== undefined)
    throw new UsageError(
      place.appends
        ? `'${source}' reads '${path}', and so what ${place.name} adds to '${relative(baseDirectory, place.file)}' in the same run.`
        : `${place.name} would replace '${relative(baseDirectory, place.file)}', which '${source}' reads in the same run.`,
      place.name === "the dead letter" ? "Give it another place: --dead-letter FILE." : "Give it another file.",
    );
}

/** Nothing for standard output, pipes and devices: those may be shared. */
function placeOf(name: string, { type, options }: ConnectorPlan, baseDirectory: string): Place[] {
  if (type !== "file" || options.path === "-") return [];
  const target = resolve(baseDirectory, String(options.path));
  const stat = statSync(target, { throwIfNoEntry: false });
  if (stat !== undefined && !stat.isFile()) return [];
  return [{ name, file: realPath(target), appends: options.append === true }];
}

/** Links are followed as far as there is something. */
function realPath(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    const folder = dirname(path);
    return folder === path ? path : join(realPath(folder), basename(path));
  }
}
