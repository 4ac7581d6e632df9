/** Beam's cases, and our own of the same shape, against the engine's windows. */
import { describe, expect, it } from "vitest";
import { runFile } from "./conformance.ts";

const folder = "test/conformance";

describe.each(["beam-windowing.json", "own-cases.json"])("%s", async (file) => {
  const results = await runFile(`${folder}/${file}`);

  it.each(results.map(({ id, name, failure }) => [id, name, failure] as const))("%s: %s", (_id, _name, failure) => {
    expect(failure).toBeUndefined();
  });
});
