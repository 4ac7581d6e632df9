import { expect, it } from "vitest";
import { type Mapping, previewsOf, sourceAt } from "./mapping.ts";
import { previewOf, previewParts } from "./preview-uri.ts";

const range = (line: number, from: number, to: number, lastLine = line) => ({
  start: { line, character: from },
  end: { line: lastLine, character: to },
});
const uri = "file:///a.flow";
/** A resource of two lines about a step, the second about its filter. */
const mappings: readonly Mapping[] = [
  { range: range(0, 0, 9, 1), source: { uri, range: range(4, 0, 1, 6) } },
  { range: range(1, 2, 9), source: { uri, range: range(5, 2, 20) } },
];

it("leads from the innermost part of a preview to its source", () => {
  expect(sourceAt(mappings, { line: 1, character: 4 })).toBe(mappings[1]);
  expect(sourceAt(mappings, { line: 0, character: 4 })).toBe(mappings[0]);
});

it("takes the line where the place itself has no source, and nothing where the line has none", () => {
  expect(sourceAt(mappings, { line: 1, character: 40 })).toBe(mappings[1]);
  expect(sourceAt(mappings, { line: 7, character: 0 })).toBeUndefined();
});

it("leads from the source to what was made from it", () => {
  expect(previewsOf(mappings, uri, { line: 5, character: 8 })).toEqual([mappings[1]]);
  expect(previewsOf(mappings, uri, { line: 4, character: 3 })).toEqual([mappings[0]]);
  expect(previewsOf(mappings, "file:///b.flow", { line: 5, character: 8 })).toEqual([]);
});

it("names a preview so that kind and source can be read again", () => {
  const parts = previewParts("resource", "memfs:/folder/a%20b.flow", "/folder/a b.flow");
  expect(parts.path).toBe("/resource/a b.pipeline.yaml");
  expect(previewOf(parts)).toEqual({ kind: "resource", source: "memfs:/folder/a%20b.flow" });
  expect(previewOf({ scheme: "file", path: "/resource/a", query: "" })).toBeUndefined();
});
