/**
 * One folder per pipeline below `test/goldens/`, one file per phase. `UPDATE=1 npx vitest run test/goldens.test.ts` writes
 * them anew; a difference is then reviewed like code.
 */
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { goldenPhases } from "./support/golden-phases.ts";

const root = "test/goldens";
const folders = readdirSync(root, { withFileTypes: true }).flatMap((entry) =>
  entry.isDirectory() ? [entry.name] : [],
);

describe.each(folders)("the golden pipeline %s", (folder) => {
  const phases = goldenPhases(`${root}/${folder}`);

  it.each([...phases.keys()])("compiles to the same %s as before", (file) => {
    const path = `${root}/${folder}/${file}`;
    if (process.env.UPDATE) writeFileSync(path, phases.get(file)!);
    expect(phases.get(file)).toBe(readFileSync(path, "utf8"));
  });
});
