/** The schemas that are published as files: made from the catalogue by `npm run generate`, checked for drift by a test. */
import { runtimeConfigSchema } from "../../contract/runtime-config-schema.ts";
import { printYaml } from "../yaml.ts";
import { pipelineCrd, pipelineJsonSchema } from "./crd.ts";

/** Path from the project's root → text. */
export function generatedSchemas(): ReadonlyMap<string, string> {
  return new Map([
    [
      "compiler/contract/schemas/pipelines.dataflow.argoproj.io.yaml",
      `# Made by 'npm run generate' from the catalogue; not to be edited.\n${printYaml(pipelineCrd())}`,
    ],
    ["compiler/contract/schemas/pipeline.schema.json", json(pipelineJsonSchema())],
    ["compiler/contract/schemas/runtime-config.schema.json", json(runtimeConfigSchema)],
  ]);
}

const json = (value: unknown): string => `${JSON.stringify(value, null, 2)}\n`;
