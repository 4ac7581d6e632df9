/** Which files the server reads: those that are open, what they import, and no others. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, it } from "vitest";
import { completions } from "../compiler/service/completion.ts";
import { Workspace } from "../compiler/service/workspace.ts";
import { diskFiles } from "./disk.ts";
import { resolvePath } from "./paths.ts";

const folder = mkdtempSync(join(tmpdir(), "flow-reads-"));
afterAll(() => rmSync(folder, { recursive: true }));

it("a workspace of 500 files opens without reading files that nobody imports", () => {
  for (let i = 0; i < 500; i++)
    writeFileSync(join(folder, `f${i}.flow`), `source s${i} { stdin {} }\nsink o${i} from s${i} { stdout {} }\n`);
  writeFileSync(join(folder, "types.flow"), "type Order { id: string }\n");
  const main = join(folder, "main.flow");
  const text = 'import "./types.flow"\nsource s: Order { stdin {} }\nsink o from s { stdout {} }\n';
  writeFileSync(main, text);

  const read: string[] = [];
  const disk = diskFiles();
  const files = {
    ...disk,
    read: (path: string) => {
      const found = disk.read(path);
      if (found !== undefined) read.push(path);
      return found;
    },
  };
  const ws = new Workspace(
    { readFile: (path) => files.read(path), resolve: resolvePath },
    { files: () => files.list([folder]) },
  );
  ws.open(main, text);
  expect(ws.file(main).diagnostics).toEqual([]);
  expect(completions(ws, main, text.indexOf("stdin")).length).toBeGreaterThan(0);
  expect(ws.allPaths()).toHaveLength(502);
  expect([...new Set(read)].filter((path) => path !== main)).toEqual([join(folder, "types.flow")]);
});

it("takes a path that no file can have for a file that is not there", () => {
  const disk = diskFiles();
  for (const path of ["/a\u0000b.flow", `/${"a".repeat(5000)}`, `${folder}/types.flow/below.flow`, folder])
    expect(disk.read(path)).toBe(undefined);
  expect(disk.recheck()).toEqual([]);
});
