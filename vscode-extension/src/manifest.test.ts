/** The manifest says what the code does: commands, settings, files, matchers, schemas. */
import { existsSync, globSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { check } from "../../compiler/semantics/check.ts";
import { memoryHost } from "../../compiler/source/host.ts";
import { sourceText } from "../../compiler/source/source-text.ts";
import { format } from "../../compiler/syntax/format.ts";
import { clientCommands, commandNames } from "../../lsp/command-names.ts";
import { settingRows } from "../../lsp/settings.ts";
import manifest from "../package.json" with { type: "json" };
import { pipelineTemplate } from "./commands/pipeline-template.ts";
import { lensCommands } from "./lens-commands.ts";
import { flowTasks, taskType } from "./tasks/task-list.ts";

const root = "vscode-extension";
const code = globSync(`${root}/src/**/*.ts`)
  .filter((path) => !path.endsWith(".test.ts"))
  .map((path) => readFileSync(path, "utf8"))
  .join("\n");
const { contributes } = manifest;
const contributed = contributes.commands.map(({ command }) => command);

describe("commands", () => {
  it("that are contributed are in the code", () => {
    expect(contributed.filter((command) => !code.includes(`"${command}"`))).toEqual([]);
    expect(new Set(contributed).size).toBe(contributed.length);
  });

  it("of menus, keys and the walkthrough are contributed, or the editor's own", () => {
    const used = [
      ...Object.values(contributes.menus).flatMap((items) => items.map((item) => item.command)),
      ...contributes.keybindings.map(({ command }) => command),
      ...[...JSON.stringify(contributes.walkthroughs).matchAll(/(?:command:|onCommand:)([\w.]+)/g)].map(
        ([, name]) => name!,
      ),
    ].filter((command) => command.startsWith("flow."));
    expect(used.filter((command) => ![...contributed, ...lensCommands].includes(command))).toEqual([]);
  });

  it("of lenses are those that the server knows, and none is one of the server's", () => {
    expect([...lensCommands].sort()).toEqual(Object.values(clientCommands).sort());
    expect(contributed.filter((command) => commandNames.some((name) => name === command))).toEqual([]);
  });

  it("about a file appear in the palette only where they mean something", () => {
    const limited = contributes.menus.commandPalette.map(({ command }) => command);
    for (const command of ["flow.showResource", "flow.showRuntimeConfig", "flow.showIr", "flow.goToSource"])
      expect(limited).toContain(command);
    for (const { key, when } of contributes.keybindings)
      expect(when, key).toMatch(/editorLangId == flow|flow-preview|flow\./);
  });
});

describe("settings", () => {
  it("are read by the code or by the server, have words, and a default", () => {
    for (const [name, setting] of Object.entries(contributes.configuration.properties)) {
      if (!settingRows.some((row) => row.name === name)) expect(code, name).toContain(name.replace(/^flow\./, ""));
      expect(Object.keys(setting)).toContain("default");
      expect("markdownDescription" in setting || "description" in setting, name).toBe(true);
    }
  });

  it("of the server are all there, with its defaults", () => {
    const given: Readonly<Record<string, { readonly default: unknown }>> = contributes.configuration.properties;
    for (const row of settingRows) expect(given[row.name]?.default, row.name).toBe(row.default);
  });

  it("that name programs are not taken from a workspace that nobody trusts", () => {
    expect(manifest.capabilities.untrustedWorkspaces.restrictedConfigurations).toContain("flow.server.path");
  });
});

describe("files of the manifest", () => {
  const named = [
    ...JSON.stringify(manifest).matchAll(/"(\.?\/?(?:media|syntaxes|snippets|schemas)\/[^"]+|\.\/[^"]+\.json)"/g),
  ];
  it.each(named.map(([, path]) => path!))("%s is there", (path) => {
    expect(existsSync(`${root}/${path}`)).toBe(true);
  });

  it("are made by the build where they are programs", () => {
    expect([manifest.main, manifest.browser]).toEqual(["./dist/desktop.js", "./dist/web.js"]);
    const build = readFileSync(`${root}/build.mjs`, "utf8");
    expect(build).toContain("desktop:");
    expect(build).toContain("web:");
  });
});

describe("settings on the page of the extension", () => {
  it("are all named there", () => {
    const page = readFileSync(`${root}/README.md`, "utf8");
    const missing = Object.keys(contributes.configuration.properties).filter(
      (name) => !page.includes(name) && !page.includes(`\`${name.replace(/^.*(?=\.)/, "")}\``),
    );
    expect(missing).toEqual([]);
  });
});

describe("versions", () => {
  it("are those of the project, and of the oldest editor whose API the code is checked against", () => {
    const project = JSON.parse(readFileSync("package.json", "utf8")) as {
      version: string;
      devDependencies: Record<string, string>;
    };
    expect(manifest.version).toBe(project.version);
    const types = JSON.parse(readFileSync("node_modules/@types/vscode/package.json", "utf8")) as { version: string };
    expect(manifest.engines.vscode).toBe(`^${types.version}`);
  });
});

describe("texts in .flow that the extension brings along", () => {
  const pages = globSync(`${root}/{media/walkthrough/*.md,README.md}`).flatMap((path) =>
    [...readFileSync(path, "utf8").matchAll(/```flow\n([\s\S]*?)```/g)].map(([, text]) => ({ path, text: text! })),
  );
  it.each([{ path: "New Pipeline", text: pipelineTemplate }, ...pages])("have no problems: $path", ({ text }) => {
    const { diagnostics } = check("a.flow", memoryHost({ "a.flow": text }), {});
    expect(diagnostics.map(({ message }) => message)).toEqual([]);
    expect(format(sourceText("a.flow", text)).text).toBe(text);
  });
});

describe("tasks", () => {
  it("are named in the manifest", () => {
    const [definition] = contributes.taskDefinitions;
    expect(definition?.type).toBe(taskType);
    expect(definition?.properties.task.examples).toEqual(flowTasks.map(({ name }) => name));
  });
});
