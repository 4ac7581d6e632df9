/** What `flow compile` makes of a checked file: texts by relative path. Pure; knows no disk. */
import { dirname, relative } from "node:path";
import type { Ir } from "../ir/ir.ts";
import { kebab } from "../source/kebab.ts";
import type { SourceText } from "../source/source-text.ts";

export type OutputFormat = "all" | "cr" | "runtime" | "ir" | "map";

export interface Output {
  /** Below the folder that is written to, with `/`. */
  readonly path: string;
  readonly text: string;
}

/** The files of a format. */
export async function outputsOf(
  ir: Ir,
  sources: ReadonlyMap<string, SourceText>,
  file: string,
  format: OutputFormat,
): Promise<readonly Output[]> {
  const name = kebab(ir.name);
  const local = relativeTo(sources, file);
  switch (format) {
    case "all":
      return [...(await outputsOf(ir, sources, file, "cr")), ...(await outputsOf(ir, sources, file, "runtime"))];
    case "cr":
      return [{ path: `${name}.pipeline.yaml`, text: await crText(ir) }];
    case "map":
      return [{ path: `${name}.pipeline.map.json`, text: await mapText(ir, local) }];
    case "ir":
      return [{ path: `${name}.ir.json`, text: irText(ir) }];
    case "runtime":
      return (await configs(ir, local)).map((config) => ({
        path: `${runtimeFolder(ir)}/${config.stage}.json`,
        text: json(config),
      }));
  }
}

/** The folder of the runtime configs, one file a stage; nothing else belongs into it. */
export const runtimeFolder = (ir: Ir): string => `${kebab(ir.name)}.runtime`;

/** All of a format in one text, for standard output or one file: the resource, or a list of the configs. */
export async function oneText(
  ir: Ir,
  sources: ReadonlyMap<string, SourceText>,
  file: string,
  format: OutputFormat,
): Promise<string> {
  const local = relativeTo(sources, file);
  switch (format) {
    case "all":
    case "cr":
      return crText(ir);
    case "map":
      return mapText(ir, local);
    case "ir":
      return irText(ir);
    case "runtime":
      return json(await configs(ir, local));
  }
}

async function crText(ir: Ir): Promise<string> {
  const [{ pipelineCr }, { printYaml }] = await Promise.all([
    import("../emit/pipeline-cr.ts"),
    import("../emit/yaml.ts"),
  ]);
  return printYaml(pipelineCr(ir).resource);
}

async function mapText(ir: Ir, sources: ReadonlyMap<string, SourceText>): Promise<string> {
  const [{ pipelineCr }, { printSourceMap }] = await Promise.all([
    import("../emit/pipeline-cr.ts"),
    import("../emit/source-map.ts"),
  ]);
  return json(printSourceMap(pipelineCr(ir).sourceMap, sources));
}

const configs = async (ir: Ir, sources: ReadonlyMap<string, SourceText>) =>
  (await import("../emit/runtime-config.ts")).runtimeConfigs(ir, { sources });

/** Integers beyond 2⁵³ as decimal text, so that no digit is lost. */
const irText = (ir: Ir): string =>
  `${JSON.stringify(ir, (_, value: unknown) => (typeof value === "bigint" ? value.toString() : value), 2)}\n`;
const json = (value: unknown): string => `${JSON.stringify(value, undefined, 2)}\n`;

/** Places inside the output are relative to the .flow file, so that it is the same wherever the command is called. */
function relativeTo(sources: ReadonlyMap<string, SourceText>, file: string): ReadonlyMap<string, SourceText> {
  return new Map(
    [...sources].map(([path, source]) => [
      path,
      { ...source, path: relative(dirname(file), path).replaceAll("\\", "/") },
    ]),
  );
}
