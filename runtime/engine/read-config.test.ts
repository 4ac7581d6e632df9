import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { readConfig } from "./read-config.ts";

const stages = JSON.parse(readFileSync("test/goldens/word-count/runtime.json", "utf8")) as readonly object[];

it("reads what the compiler wrote", async () => {
  expect(await readConfig(JSON.stringify(stages[0]))).toEqual(stages[0]);
});

it("names what is wrong with a config, and where", async () => {
  await expect(readConfig("{")).rejects.toMatchObject({ code: "bad-config", retryable: false });
  await expect(readConfig(JSON.stringify({ ...stages[0], delivery: "maybe" }))).rejects.toThrow(
    "/delivery must be equal to one of the allowed values",
  );
});
