/** The JSON Schema of flow.config.json, for editors. */
import { codes } from "../source/codes/codes.ts";
import { levelNames } from "./flow-config.ts";

export function flowConfigSchema(): Readonly<Record<string, unknown>> {
  const rows = Object.entries(codes).sort(([a], [b]) => (a < b ? -1 : 1));
  return {
    $schema: "http://json-schema.org/draft-07/schema#",
    title: "flow.config.json",
    description: "What a project wants of the diagnostics of its .flow files.",
    type: "object",
    additionalProperties: false,
    properties: {
      $schema: { type: "string" },
      levels: {
        description: "Level by code. An error cannot be made less.",
        type: "object",
        additionalProperties: false,
        properties: Object.fromEntries(
          rows.map(([code, row]) => [
            code,
            {
              description: `${row.title}. By default: ${row.severity}.`,
              enum: row.severity === "error" ? ["error"] : levelNames,
            },
          ]),
        ),
      },
    },
  };
}
