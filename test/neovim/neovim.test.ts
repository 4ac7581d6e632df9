/** A second real client: Neovim without a screen, set up as docs/editors.md says, edits a pipeline. `apt-get install neovim` brings it. */
import { spawnSync } from "node:child_process";
import { mkdirSync, readFileSync, symlinkSync } from "node:fs";
import { delimiter, dirname, join, resolve } from "node:path";
import { describe, expect, it } from "vitest";
import { binary, place } from "../cli/flow.ts";

const isThere = spawnSync("nvim", ["--version"]).status === 0;
if (!isThere)
  console.warn("Neovim is not installed: its test is skipped. Continuous integration refuses skipped tests.");

const types = "/// One order.\ntype Order {\n  id: string\n  total: double\n}\n";
const main = `import "./types.flow"

/// What customers ordered.
source orders: Order {
  file { path: "orders.ndjson" }
}

step paid from ordrs {
  filter   data.total > 10.0
}

sink out from paid { stdout {} }
`;

/** The set-up for older versions, as the page has it: the newer one needs a newer Neovim than Debian has. */
function setUp(): string {
  const page = readFileSync("docs/editors.md", "utf8");
  const section = page.slice(page.indexOf("## Neovim\n"), page.indexOf("## Helix\n"));
  return /from 0\.7:\n+```lua\n([\s\S]*?)```/.exec(section)?.[1] ?? "";
}

/** A project that has the package among its own: `npx flow` finds it there. */
function edited(): Record<string, unknown> {
  const here = place({ "main.flow": main, "types.flow": types, "setup.lua": setUp(), "package.json": "{}" });
  mkdirSync(join(here.cwd, "node_modules/.bin"), { recursive: true });
  symlinkSync(binary, join(here.cwd, "node_modules/.bin/flow"));
  const env = {
    ...process.env,
    PATH: `${dirname(process.execPath)}${delimiter}${process.env.PATH}`,
    HOME: here.cwd,
    SETUP: join(here.cwd, "setup.lua"),
    SEEN: join(here.cwd, "seen.json"),
  };
  const words = ["--headless", "--clean", "-c", `luafile ${resolve("test/neovim/session.lua")}`];
  const { stderr } = spawnSync("nvim", words, { cwd: here.cwd, env, encoding: "utf8", timeout: 100_000 });
  try {
    return JSON.parse(readFileSync(env.SEEN, "utf8")) as Record<string, unknown>;
  } catch {
    throw new Error(`Neovim did not come to its end: ${stderr}`);
  }
}

describe.skipIf(!isThere)("in Neovim", () => {
  it("a mistake is shown and goes, hover and definition answer, names and fields are renamed, the file is formatted", {
    timeout: 120_000,
  }, () => {
    const seen = edited();
    expect(seen.problem).toBeUndefined();
    expect(seen.diagnostics).toEqual([
      { line: 7, from: 15, to: 20, code: "FLOW2001", message: expect.stringContaining("Did you mean 'orders'?") },
    ]);
    expect(seen.hover).toContain("What customers ordered.");
    expect(seen.hover).toContain("Order");
    expect(seen.fields).toEqual(["id", "total"]);
    expect(seen.omnifunc).toBe("v:lua.vim.lsp.omnifunc");
    expect(seen.definition).toEqual({ file: "types.flow", line: "type Order {" });
    const mended = main.replace("ordrs", "orders");
    const renamed = mended
      .replace("source orders", "source purchases")
      .replace("from orders", "from purchases")
      .trimEnd();
    expect(seen.renamed).toBe(renamed);
    expect(seen.field).toBe(renamed.replace("data.total", "data.amount"));
    expect(seen.types).toBe(types.replace("total", "amount").trimEnd());
    expect(seen.formatted).toBe(renamed.replace("filter   data.total", "filter data.amount"));
  });
});
