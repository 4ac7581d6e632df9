/** The table of methods tells the truth: to the protocol, to the client, and to the reader of docs/editors.md. */
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { describe, expect, it } from "vitest";
import { editorsPage } from "../../lsp/editors-page.ts";
import { type MethodRow, methods } from "../../lsp/methods.ts";
import { copyFlow } from "../cli/flow.ts";
import { editor } from "./editor.ts";

const rows: readonly MethodRow[] = methods;
const methodNotFound = -32601;
/** These are no requests, or end the server. */
const lifecycle = /^(initialized?|shutdown|exit|\$\/.*)$/;
const isNotification = (method: string): boolean =>
  /\/(did|willSave$)|notebookDocument|^window\/|progress/i.test(method);

it("has a row for every method of the protocol, and for no other", () => {
  const protocol = createRequire(import.meta.url)("vscode-languageserver-protocol") as Record<string, unknown>;
  const names = Object.values(protocol).flatMap((value) => {
    const one = value as { method?: unknown; messageDirection?: unknown } | null;
    return typeof one?.method === "string" && typeof one.messageDirection === "string" ? [one.method] : [];
  });
  const known = new Set([...names, "$/cancelRequest", "$/setTrace", "$/logTrace", "$/progress"]);
  known.delete("notebookDocument/sync"); // The name of a registration, not a method.
  expect(rows.map(({ method }) => method).sort()).toEqual([...known].sort());
});

it("says of every row what it does, or why it is not there", () => {
  expect(rows.filter(({ doc }) => !/^[A-Z`].*\.$/.test(doc)).map(({ method }) => method)).toEqual([]);
});

describe("over the wire", () => {
  it("every ✅ is answered, and every ❌ is unknown", { timeout: 60_000 }, async () => {
    const ed = await editor();
    const { textDocument } = ed.open("a.flow", copyFlow);
    const range = { start: { line: 0, character: 0 }, end: { line: 1, character: 0 } };
    const params = {
      textDocument,
      range,
      ranges: [range],
      positions: [range.start],
      position: range.start,
      context: { diagnostics: [] },
      files: [],
      query: "",
      label: "",
      kind: 1,
      location: { uri: textDocument.uri, range },
      previousResultIds: [],
      ch: "}",
      newName: "x",
      previousResultId: "",
      item: { uri: textDocument.uri, name: "orders", selectionRange: range },
      uri: "flow-preview:/ir/x?x",
      command: "flow.graph",
      arguments: [textDocument.uri],
    };
    const wrong: string[] = [];
    for (const { method, from, supported } of rows) {
      if (from === "server" || lifecycle.test(method) || isNotification(method)) continue;
      const { error } = await ed.client.call(method, params);
      if ((error?.code === methodNotFound) === supported)
        wrong.push(`${method}: ${supported ? "✅" : "❌"} ${error?.message}`);
    }
    expect(wrong).toEqual([]);
    const failed = ed.client.received.filter(({ method }) => method === "window/logMessage");
    expect(failed.map(({ params: logged }) => logged)).toEqual([]);
  });
});

it("is what docs/editors.md says", () => {
  const page = readFileSync("docs/editors.md", "utf8");
  expect(page).toBe(editorsPage());
  for (const { method, supported } of rows) expect(page).toContain(`| \`${method}\` | ${supported ? "✅" : "❌"} |`);
  for (const name of ["VS Code", "Neovim", "Helix", "Zed", "Emacs"]) expect(page).toContain(`## ${name}\n`);
});
