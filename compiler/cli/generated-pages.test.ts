/** What is generated below docs/ is up to date. */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { codes } from "../source/codes/codes.ts";
import { generatedPages } from "./generated-pages.ts";

const pages = generatedPages();

describe("docs/reference and docs/diagnostics", () => {
  it("are what 'npm run generate' writes", () => {
    const differing = [...pages].filter(
      ([path, text]) => !existsSync(join("docs", path)) || readFileSync(join("docs", path), "utf8") !== text,
    );
    expect(differing.map(([path]) => path)).toEqual([]);
  });

  it("hold no page of something that is gone", () => {
    const there = ["reference", "diagnostics"].flatMap((folder) =>
      readdirSync(join("docs", folder)).map((name) => `${folder}/${name}`),
    );
    expect(there.filter((path) => !pages.has(path))).toEqual([]);
  });

  it("have a page for every code, that says why and what to do", () => {
    for (const code of Object.keys(codes))
      expect(pages.get(`diagnostics/${code}.md`), code).toMatch(/^\*\*What to do\.\*\* \S/m);
  });

  it("have only links that lead somewhere", () => {
    const broken = [...pages].flatMap(([path, text]) =>
      [...text.matchAll(/\]\(([^)#:\s]+\.(?:md|json))(?:#[^)]*)?\)/g)]
        .map((match) => join(path, "..", match[1]!))
        .filter((target) => !pages.has(target)),
    );
    expect(broken).toEqual([]);
  });
});
