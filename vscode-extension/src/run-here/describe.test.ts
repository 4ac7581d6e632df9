/** What a run in the editor says: beside the line, in the hover, in the status bar. */
import { expect, it } from "vitest";
import type { NodeAnswer } from "./answer.ts";
import { besideLine, hoverText, originText } from "./describe.ts";

const node = (outputs: NodeAnswer["outputs"], cameIn = 10): NodeAnswer => ({
  node: "large",
  cameIn,
  at: null,
  outputs,
});

it("says beside the line how many came out, and the first of them", () => {
  expect(besideLine(node([{ output: "main", count: 2, first: [{ text: '{"id":"b"}' }] }]))).toEqual({
    text: '2 of 10 → {"id":"b"}',
    wrong: "",
  });
  expect(besideLine(node([{ output: "main", count: 10, first: [{ text: `"${"x".repeat(200)}\n"` }] }])).text).toBe(
    `10 → "${"x".repeat(89)}…`,
  );
});

it("says from how many they came where they are more", () => {
  expect(besideLine(node([{ output: "main", count: 30, first: [{ text: "1" }] }])).text).toBe("30 from 10 → 1");
});

it("says what went wrong apart", () => {
  const outputs = [
    { output: "main", count: 0, first: [] },
    { output: "errors", count: 1, first: [{ text: '{"reason":"no such key"}' }] },
    { output: "late", count: 3, first: [] },
  ] as const;
  expect(besideLine(node(outputs))).toEqual({ text: "0 of 10", wrong: "1 error, 3 late" });
});

it("lays events out in the hover, with their times, and cannot be broken out of", () => {
  const text = hoverText(node([{ output: "main", count: 3, first: [{ text: '{"a":"```"}', timeMs: 0 }] }]));
  expect(text).toBe(
    '**large**: 10 in\n\n3 out, the first 1\n````jsonc\n// 1970-01-01T00:00:00.000Z\n{\n  "a": "```"\n}\n````',
  );
  expect(hoverText(node([{ output: "main", count: 1, first: [{ text: "9007199254740993" }] }]))).toContain(
    "9007199254740993",
  );
});

it("says where the events came from", () => {
  const said = (from: Parameters<typeof originText>[0]["from"]) => originText({ from, problems: [], nodes: [] });
  expect(said([{ node: "a", from: "made up", records: 10 }])).toBe("Ran on 10 made-up events of 'a'");
  expect(said([{ node: "a", from: "file", records: 3, uri: "file:///x/my%20in.ndjson" }])).toBe(
    "Ran on 3 records of my in.ndjson for 'a'",
  );
  expect(said([{ test: "one" }])).toBe('Ran on the events of test "one"');
});
