/** The web build in VS Code Web: extension host and language server are web workers, the folder is in memory. */
import { join } from "node:path";
import { calmSettings, Editor } from "./editor.ts";
import { walk } from "./walk.ts";
import { folderPath } from "./web/page.ts";
import { serveSite } from "./web/site.ts";

const artefacts = join(import.meta.dirname, "artefacts/web");
const extensionFolder = process.env.EXTENSION_FOLDER ?? join(import.meta.dirname, "../../vscode-extension");

walk("VS Code Web", async (files) => {
  const site = await serveSite(extensionFolder, files, calmSettings);
  const editor = await Editor.open(site.url, artefacts);
  return {
    editor,
    saved: async (name) => site.folder.text(`${folderPath}/${name}`),
    missing: site.missing,
    server: /bundled/,
    async close() {
      await editor.close();
      site.close();
    },
  };
});
