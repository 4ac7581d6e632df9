/** URIs to paths and back. */
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { isBelow, pathOfUri, resolvePath, uriOfPath } from "./paths.ts";

it.each([
  ["file:///a/b%20c/%C3%BC.flow", "/a/b c/ü.flow"],
  ["file:///c%3A/x/a.flow", "c:/x/a.flow"],
  ["file:///C:/x/a.flow", "c:/x/a.flow"],
  ["file://localhost/a.flow", "/a.flow"],
  ["file://server/share/a.flow", "//server/share/a.flow"],
  ["file:///a%zz.flow", "/a%zz.flow"],
  ["untitled:Untitled-1", "untitled:Untitled-1"],
  ["vscode-test-web://mount/a.flow", "vscode-test-web://mount/a.flow"],
])("%s is the path %s", (uri, path) => {
  expect(pathOfUri(uri)).toBe(path);
  expect(pathOfUri(uriOfPath(path))).toBe(path);
});

it("every absolute path comes back", () => {
  fc.assert(
    fc.property(fc.array(fc.string({ unit: "grapheme", minLength: 1 }), { minLength: 1 }), (parts) => {
      const path = `/${parts.map((part) => `x${part.replaceAll("/", "")}`).join("/")}`;
      expect(pathOfUri(uriOfPath(path))).toBe(path);
    }),
  );
});

it.each([
  ["/p/a.flow", "./b.flow", "/p/b.flow"],
  ["/p/a.flow", "../x/b.flow", "/x/b.flow"],
  ["/a.flow", "../../../b.flow", "/b.flow"],
  ["/p/a.flow", "/q/b.flow", "/q/b.flow"],
  ["c:/p/a.flow", "..\\b.flow", "c:/b.flow"],
  ["memfs:/p/a.flow", "../b.flow", "memfs:/b.flow"],
  ["vscode-test-web://mount/p/a.flow", "../../b.flow", "vscode-test-web://mount/b.flow"],
  ["untitled:Untitled-1", "./b.flow", "untitled:b.flow"],
])("in %s, %s is %s", (from, path, resolved) => expect(resolvePath(from, path)).toBe(resolved));

describe("a folder", () => {
  it("holds what is below it, and nothing that only begins like it", () => {
    expect([isBelow("/a/b", "/a"), isBelow("/a", "/a"), isBelow("/ab", "/a"), isBelow("/a", "/")]).toEqual([
      true,
      true,
      false,
      true,
    ]);
  });
});
