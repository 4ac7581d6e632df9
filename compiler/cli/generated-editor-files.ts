/** What `npm run generate` writes into vscode-extension/: text by path. */
import { flowGrammar } from "../emit/editor/grammar.ts";
import { markdownGrammar } from "../emit/editor/grammar-markdown.ts";
import { languageConfiguration } from "../emit/editor/language-configuration.ts";
import { snippetFile } from "../emit/editor/snippets.ts";
import { pipelineJsonSchema } from "../emit/schema/crd.ts";
import { flowConfigSchemaText } from "./flow-config-page.ts";

export function generatedEditorFiles(): ReadonlyMap<string, string> {
  return new Map([
    ["vscode-extension/syntaxes/flow.tmLanguage.json", json(flowGrammar())],
    ["vscode-extension/syntaxes/flow.markdown.tmLanguage.json", json(markdownGrammar())],
    ["vscode-extension/language-configuration.json", json(languageConfiguration)],
    ["vscode-extension/snippets/flow.json", json(snippetFile())],
    ["vscode-extension/schemas/flow.config.schema.json", flowConfigSchemaText()],
    ["vscode-extension/schemas/pipeline.schema.json", json(pipelineJsonSchema())],
  ]);
}

const json = (value: unknown): string => `${JSON.stringify(value, null, 2)}\n`;
