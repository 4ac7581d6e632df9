/** `npm run generate`: writes what is made from the catalogue and the tables: pages into docs/, schemas into compiler/contract/schemas/, grammars and snippets into vscode-extension/. */
import { existsSync, mkdirSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { generatedSchemas } from "../emit/schema/generated-schemas.ts";
import { generatedEditorFiles } from "./generated-editor-files.ts";
import { generatedPages } from "./generated-pages.ts";

const pages = generatedPages();
for (const [path, text] of pages) {
  const file = join("docs", path);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text);
}
// Pages of codes that are gone.
for (const folder of ["diagnostics", "reference"])
  for (const name of existsSync(join("docs", folder)) ? readdirSync(join("docs", folder)) : [])
    if (!pages.has(`${folder}/${name}`)) rmSync(join("docs", folder, name));
for (const [path, text] of [...generatedSchemas(), ...generatedEditorFiles()]) {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
}
console.log(`${pages.size} pages written below docs/.`);
