/** The file system as the compiler sees it. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, it } from "vitest";
import { findConfig } from "../config/flow-config.ts";
import { nodeHost } from "./node-host.ts";

const cwd = mkdtempSync(join(tmpdir(), "flow-host-"));
afterAll(() => rmSync(cwd, { recursive: true }));

it("keeps paths as they were written, so that messages show what was typed", () => {
  const host = nodeHost("/a/b/c");
  expect(host.resolve("x.flow", "./y.flow")).toBe("y.flow");
  expect(host.resolve("sub/x.flow", "../y.flow")).toBe("y.flow");
  expect(host.resolve("x.flow", "../y.flow")).toBe("../y.flow");
  expect(host.resolve("/p/x.flow", "../y.flow")).toBe("/y.flow");
  expect(host.resolve("x.flow", "/p/../y.flow")).toBe("/y.flow");
});

it("knows one root, so that looking upwards ends", () => {
  const host = nodeHost("/a/b");
  expect(host.resolve("x.flow", "../../y.json")).toBe("/y.json");
  expect(host.resolve("x.flow", "../../../../y.json")).toBe("/y.json");
  let reads = 0;
  findConfig("x.flow", { ...host, readFile: () => void reads++ });
  expect(reads).toBe(3);
});

it("reads a file once, so that one compilation sees one state of it", () => {
  writeFileSync(join(cwd, "a.flow"), "one");
  const host = nodeHost(cwd);
  expect(host.readFile("a.flow")).toBe("one");
  writeFileSync(join(cwd, "a.flow"), "two");
  expect([host.readFile("a.flow"), nodeHost(cwd).readFile("a.flow")]).toEqual(["one", "two"]);
});

it("has no text for what is missing or a folder", () => {
  const host = nodeHost(cwd);
  expect([host.readFile("none.flow"), host.readFile(".")]).toEqual([undefined, undefined]);
});

it("puts texts that are given before the disk", () => {
  expect(nodeHost(cwd, new Map([["a.flow", "unsaved"]])).readFile("a.flow")).toBe("unsaved");
});
