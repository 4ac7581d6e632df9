import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { expect, it } from "vitest";
import { driveFlow } from "../../test/support/drive-flow.ts";
import { ownText } from "./own-text.ts";

setFlagsFromString("--expose-gc");
const collect: unknown = runInNewContext("gc");

function heldBytes(): number {
  if (typeof collect === "function") collect();
  return process.memoryUsage().heapUsed;
}

it.each([
  "",
  "short",
  "a text of some length",
  "\ud83d and the like \ude00",
  7,
  null,
  ["one of a list that is long", 1],
])("%j stays as it is", (value) => expect(ownText(value)).toEqual(value));

it.each([
  ["[a-z]+", "data"],
  ["([a-z]+)", "data"],
  ["[a-z]+", "data, 1"],
])("the word %s of a long line does not keep the line, with key %s", async (pattern, key) => {
  const run = driveFlow(`
source a: string { memory {} }
step s from a { expand regex.extractAll(data, ${JSON.stringify(pattern)}) }
window w from s { key ${key} global emit { word: key, n: count() } }
sink out from w { memory {} }`);
  const before = heldBytes();
  for (let n = 0; n < 300; n++) {
    const letters = [...String(n)].map((digit) => "abcdefghij"[Number(digit)]).join("");
    await run.send("a", JSON.stringify(`afairlylongword${letters} ${"9".repeat(100_000)}`));
  }
  const held = heldBytes() - before;
  await run.finish();
  expect(run.received("out")).toHaveLength(300);
  expect(held).toBeLessThan(10_000_000);
});
