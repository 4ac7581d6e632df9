/**
 * Which files of a real folder the server opens: told by the time of last access that the file system keeps. Where it keeps none,
 * `lsp/reads.test.ts` alone says it, one level below.
 */
import { readFileSync, statSync, utimesSync } from "node:fs";
import { expect, it } from "vitest";
import { Editor } from "./editor.ts";

const longAgo = new Date("2020-01-01T00:00:00Z");

it("a folder of 500 files opens without reading those that nobody imports", async ({ skip }) => {
  const others = Array.from({ length: 500 }, (_, i) => `f${i}.flow`);
  const text = 'import "./types.flow"\nsource s: Order { stdin {} }\nsink o from s { stdout {} }\n';
  const ed = new Editor({
    ...Object.fromEntries(
      others.map((name, i) => [name, `source s${i} { stdin {} }\nsink o from s${i} { stdout {} }\n`]),
    ),
    "types.flow": "type Order { id: string }\n",
    "control.flow": "",
    "main.flow": text,
  });
  const all = [...others, "types.flow", "control.flow"];
  for (const name of all) utimesSync(`${ed.folder}/${name}`, longAgo, longAgo);
  const wasRead = (name: string): boolean => statSync(`${ed.folder}/${name}`).atimeMs !== longAgo.getTime();
  readFileSync(`${ed.folder}/control.flow`);
  if (!wasRead("control.flow")) skip("The file system keeps no times of access.");

  await ed.start();
  const { textDocument } = ed.open("main.flow", text);
  const { items } = await ed.request<{ readonly items: readonly unknown[] }>("textDocument/diagnostic", {
    textDocument,
  });
  expect(items).toEqual([]);
  await ed.request("textDocument/completion", { textDocument, position: { line: 1, character: 18 } });
  await ed.request("textDocument/documentSymbol", { textDocument });
  expect(all.filter(wasRead)).toEqual(["types.flow", "control.flow"]);
});
