/** Everything below docs/ that is generated: text by path. */
import { editorsPage } from "../../lsp/editors-page.ts";
import { userCodeAnswerSchema, userCodeInputSchema } from "../contract/user-code-schema.ts";
import { referencePages } from "../emit/docs/reference.ts";
import { commandLinePage } from "./command-line-page.ts";
import { flowConfigPage, flowConfigSchemaText } from "./flow-config-page.ts";

export function generatedPages(): ReadonlyMap<string, string> {
  return new Map([
    ...referencePages(),
    ["reference/command-line.md", commandLinePage()],
    ["reference/flow.config.md", flowConfigPage()],
    ["editors.md", editorsPage()],
    ["reference/flow.config.schema.json", flowConfigSchemaText()],
    ["reference/user-code-input.schema.json", schemaText(userCodeInputSchema)],
    ["reference/user-code-answer.schema.json", schemaText(userCodeAnswerSchema)],
  ]);
}

const schemaText = (schema: object): string => `${JSON.stringify(schema, undefined, 2)}\n`;
