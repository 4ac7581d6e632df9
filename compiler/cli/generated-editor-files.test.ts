/** What the extension has of the catalogue is up to date. */
import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { generatedEditorFiles } from "./generated-editor-files.ts";

it.each([...generatedEditorFiles()])("%s is what `npm run generate` writes", (path, text) => {
  expect(readFileSync(path, "utf8")).toBe(text);
});
