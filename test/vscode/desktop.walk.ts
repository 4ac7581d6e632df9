/** The packaged extension in the desktop's VS Code: extension host, language server and files are Node's. */
import { cpSync, globSync, mkdirSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type CodeServer, startCodeServer } from "./desktop/code-server.ts";
import { calmSettings, Editor } from "./editor.ts";
import { walk } from "./walk.ts";

const root = join(import.meta.dirname, "../..");
const artefacts = join(import.meta.dirname, "artefacts/desktop");
const settings = {
  ...calmSettings,
  "chat.disableAIFeatures": true,
  "git.enabled": false,
  "workbench.secondarySideBar.defaultVisibility": "hidden",
};

function packagedExtension(): string {
  const [path] = globSync(join(root, "vscode-extension/*.vsix"));
  if (path === undefined) throw new Error("There is no packaged extension. 'npm run package' makes it.");
  return path;
}

walk("VS Code on the desktop", async (files) => {
  const server = await startCodeServer(packagedExtension(), files, settings);
  const editor = await Editor.open(server.url, artefacts);
  return {
    editor,
    saved: (name) => readFile(join(server.folder, name), "utf8"),
    missing: [],
    server: /bundled/,
    async close() {
      await editor.close();
      await server.close();
    },
  };
});

describe("a project with its own argo-dataflow", () => {
  let server: CodeServer;
  let editor: Editor;
  beforeAll(async () => {
    const typo = "source orders { stdin {} }\n\nsink out from ordrs { stdout {} }\n";
    server = await startCodeServer(packagedExtension(), { "main.flow": typo }, settings, (folder) => {
      const own = join(folder, "node_modules/argo-dataflow");
      mkdirSync(own, { recursive: true });
      for (const part of ["package.json", "dist"]) cpSync(join(root, part), join(own, part), { recursive: true });
    });
    editor = await Editor.open(server.url, artefacts);
  });
  afterAll(async () => {
    await editor?.close();
    await server?.close();
  });

  it("is served by that, and the status bar says so", async () => {
    await editor.openFile("main.flow");
    await editor.active(".squiggly-error").first().waitFor();
    await expect.poll(() => editor.languageStatus()).toMatch(/from the workspace's own packages/);
    await editor.picture("server of the workspace");
  });
});
