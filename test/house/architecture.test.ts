/** ARCHITECTURE.md tells the truth about the tree. */
import { existsSync, globSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";

const text = readFileSync("ARCHITECTURE.md", "utf8");

describe("ARCHITECTURE.md", () => {
  it("names only paths that exist", () => {
    const named = [...text.matchAll(/`([\w.-]+(?:\/[\w.*-]+)+\/?|[\w-]+\.(?:json|md|ts|mjs))`/g)].map(
      (match) => match[1]!,
    );
    expect(named.length).toBeGreaterThan(10);
    expect(named.filter((path) => !existsSync(path) && globSync(path).length === 0)).toEqual([]);
  });

  it("has a sentence for every folder of the compiler and the runtime", () => {
    const folders = globSync("{compiler,runtime}/*/").map((path) => path.replace(/\\/g, "/").replace(/\/$/, ""));
    expect(folders.filter((folder) => !text.includes(`\`${folder}/\``))).toEqual([]);
  });

  it("fits on a page", () => {
    expect(text.split("\n").length).toBeLessThan(130);
  });
});

describe("links in the documentation", () => {
  it("lead to files that exist", () => {
    const pages = [
      "README.md",
      "ARCHITECTURE.md",
      "CONTRIBUTING.md",
      "CHANGELOG.md",
      ...globSync("docs/**/*.md"),
      ...globSync("examples/*/README.md"),
    ];
    const broken = pages.flatMap((page) =>
      [...readFileSync(page, "utf8").matchAll(/\]\((?!https?:|#)([^)#\s]+)(?:#[^)]*)?\)/g)]
        .map((match) => match[1]!)
        .filter((target) => !existsSync(new URL(target, `file://${process.cwd()}/${page}`)))
        .map((target) => `${page} → ${target}`),
    );
    expect(broken).toEqual([]);
  });
});
