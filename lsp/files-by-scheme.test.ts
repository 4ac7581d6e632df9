/** Files on disk are read by the server, all others through the client. */
import { expect, it } from "vitest";
import type { Files } from "./files.ts";
import { filesByScheme } from "./files-by-scheme.ts";

const filesOf = (texts: Readonly<Record<string, string>>): Files => ({
  read: (path) => texts[path],
  inFolder: (folder) => Object.keys(texts).filter((path) => path.startsWith(folder)),
  list: (folders) => Object.keys(texts).filter((path) => folders.some((folder) => path.startsWith(folder))),
  forget: () => {},
  recheck: () => [],
});

it("reads paths from the disk, and URIs of other schemes from the client", () => {
  const files = filesByScheme(
    filesOf({ "/a/x.flow": "disk", "c:/a/x.flow": "drive" }),
    filesOf({ "vscode-vfs://github/a/x.flow": "client" }),
  );
  expect(["/a/x.flow", "c:/a/x.flow", "vscode-vfs://github/a/x.flow", "/b"].map((path) => files.read(path))).toEqual([
    "disk",
    "drive",
    "client",
    undefined,
  ]);
  expect(files.inFolder("/a")).toEqual(["/a/x.flow"]);
  expect(files.inFolder("vscode-vfs://github/a")).toEqual(["vscode-vfs://github/a/x.flow"]);
  expect(files.list(["/a", "vscode-vfs://github/a"])).toEqual(["/a/x.flow", "vscode-vfs://github/a/x.flow"]);
});
