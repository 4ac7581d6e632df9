/** docs/reference/flow.config.md, and the JSON Schema of flow.config.json beside it. */
import { configFileName } from "../config/flow-config.ts";
import { flowConfigSchema } from "../config/flow-config-schema.ts";
import { generatedBy, page, table } from "../emit/docs/markdown.ts";

const levels = [
  ["error", "Fails the check."],
  ["warning", "Reported; fails the check only with `--max-warnings`."],
  ["info", "Reported as a note."],
  ["hint", "Shown by editors, and as a note."],
  ["off", "Not reported."],
] as const;

export function flowConfigPage(): string {
  return page(
    generatedBy("compiler/config/"),
    `# ${configFileName}`,
    "What a project wants of the diagnostics. `flow` takes the nearest one in the folder of a file or above it, or the one that `--config` names. Its [JSON Schema](flow.config.schema.json) gives completion in editors.",
    '```json\n{\n  "levels": {\n    "FLOW9001": "error",\n    "FLOW9002": "off"\n  }\n}\n```',
    "## levels",
    "The level of a code, instead of its own. What is an error cannot be made less: a pipeline with it cannot run.",
    table(
      ["level", "what it does"],
      levels.map(([name, doc]) => [`\`${name}\``, doc]),
    ),
    "One place is silenced by a comment in the line before it, with the reason: `// flow-ignore FLOW9001: read by another team`.",
  );
}

export const flowConfigSchemaText = (): string => `${JSON.stringify(flowConfigSchema(), undefined, 2)}\n`;
