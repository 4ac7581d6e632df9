/** The `test` blocks of the documentation pass. */
import { globSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { projectFiles } from "../../compiler/cli/init-files.ts";
import { testFlow } from "../support/test-flow.ts";

const pages = ["README.md", ...globSync("docs/*.md")].sort();
const flows = [
  ...pages.flatMap((page) =>
    [...readFileSync(page, "utf8").matchAll(/```flow\n([\s\S]*?)```/g)].map((match) => ({ page, flow: match[1]! })),
  ),
  { page: "flow init", flow: projectFiles("shop")[0]!.text },
].filter(({ flow }) => /^test "/m.test(flow));

describe("the tests in the documentation", () => {
  it.each(flows)("pass: $page", async ({ flow }) => {
    const results = await testFlow(flow);
    expect(results.flatMap(({ failures }) => failures.map(({ message }) => message))).toEqual([]);
    expect(results.length).toBeGreaterThan(0);
  });
});
