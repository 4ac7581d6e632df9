/** `flow init [folder]`: a small project that runs as it stands. */
import { existsSync } from "node:fs";
import { basename, isAbsolute, join, relative } from "node:path";
import { writeAll } from "./atomic-write.ts";
import type { CommandRun } from "./command-row.ts";
import { CommandFailure, exitCodes } from "./exit.ts";
import { pipelineFile, projectFiles } from "./init-files.ts";

export const initCommand: CommandRun = async ([folder = "."], _options, terminal) => {
  const root = isAbsolute(folder) ? folder : join(terminal.cwd, folder);
  const name = pipelineName(basename(root));
  const files = projectFiles(name).map(({ path, text }) => ({ path: join(root, path), text }));
  const inTheWay = files.filter(({ path }) => existsSync(path)).map(({ path }) => relative(terminal.cwd, path));
  if (inTheWay.length > 0)
    throw new CommandFailure(
      `Nothing was written: ${inTheWay.join(", ")} ${inTheWay.length === 1 ? "is" : "are"} there already.`,
    );
  writeAll(files);
  const { green, bold } = terminal.outColors;
  for (const { path } of files) terminal.out(`${green("+")} ${relative(terminal.cwd, path)}\n`);
  const enter = folder === "." ? "" : `cd ${relative(terminal.cwd, root) || "."} && `;
  terminal.out(`\nNext: ${bold(`${enter}flow run ${pipelineFile}`)}\n`);
  return exitCodes.fine;
};

/** A name of the language, from the name of a folder. */
function pipelineName(folder: string): string {
  const words = folder.toLowerCase().replace(/[^a-z0-9]+/g, "_");
  const name = words
    .replace(/^[_0-9]+/, "")
    .slice(0, longestName)
    .replace(/_+$/, "");
  return name === "" ? "orders" : name;
}

const longestName = 50;
