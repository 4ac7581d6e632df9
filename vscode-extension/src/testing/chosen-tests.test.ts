/** Which tests run when a file, a test, everything, or everything but something is asked for. */
import { expect, it } from "vitest";
import { chosenFiles, type Item } from "./chosen-tests.ts";

const [a, b] = ["a", "b"].map((id): Item => ({ id, parent: undefined })) as [Item, Item];
const tests = [a, b].flatMap((parent) => [1, 2].map((n): Item => ({ id: `${parent.id}${n}`, parent })));
const testsOf = (file: Item) => tests.filter(({ parent }) => parent === file);
const byId = (ids: string) => [a, b, ...tests].filter(({ id }) => ids.split(" ").includes(id));
const chosen = (include: string | undefined, exclude = "") =>
  chosenFiles(include === undefined ? undefined : byId(include), byId(exclude), [a, b], testsOf)
    .map(({ file, tests }) => `${file.id}: ${tests === undefined ? "all" : tests.map(({ id }) => id).join(" ")}`)
    .join(", ");

it.each([
  ["everything", undefined, "", "a: all, b: all"],
  ["a file", "b", "", "b: all"],
  ["some tests of several files", "a1 b1 b2", "", "a: a1, b: b1 b2"],
  ["a file and one of its tests, which is the file", "a a1", "", "a: all"],
  ["everything but a file", undefined, "a", "b: all"],
  ["a file but one of its tests", "a", "a1", "a: a2"],
  ["a test of a file that is left out", "a1 b1", "a", "b: b1"],
])("runs %s", (_, include, exclude, expected) => {
  expect(chosen(include, exclude)).toBe(expected);
});
