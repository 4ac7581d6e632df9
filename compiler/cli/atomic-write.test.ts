/** Files are written whole or not at all; devices and pipes are written into. */
import { execFileSync } from "node:child_process";
import { closeSync, constants, mkdtempSync, openSync, readdirSync, readSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it } from "vitest";
import { writeAll, writeWhole } from "./atomic-write.ts";

it.skipIf(process.platform === "win32").each([
  ["one file", (path: string) => writeWhole(path, "text")],
  ["several files", (path: string) => writeAll([{ path, text: "text" }])],
])("a pipe or a device is written into and not replaced, when %s is written", (_, write) => {
  const folder = mkdtempSync(join(tmpdir(), "flow-write-"));
  const path = join(folder, "pipe");
  execFileSync("mkfifo", [path]);
  // Open at both ends, so that nobody waits.
  const pipe = openSync(path, constants.O_RDWR | constants.O_NONBLOCK);
  write(path);
  expect([statSync(path).isFIFO(), readdirSync(folder)]).toEqual([true, ["pipe"]]);
  const got = Buffer.alloc(10);
  expect(got.toString("utf8", 0, readSync(pipe, got))).toBe("text");
  closeSync(pipe);
});
