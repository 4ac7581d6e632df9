import { describe, expect, it } from "vitest";
import { compileDiagnostics, deploymentDiagnostics } from "../../emit/deployment.ts";
import { readResource } from "../../emit/read/read-resource.ts";
import { check } from "../../semantics/check.ts";
import { memoryHost } from "../host.ts";
import type { CodeRow } from "./code-row.ts";
import { codes } from "./codes.ts";

const rows: readonly (readonly [string, CodeRow<never>])[] = Object.entries(codes);

function found(text: string, row: CodeRow<never>, given: Readonly<Record<string, string>> = {}): string[] {
  const host = memoryHost({ "main.flow": text, ...row.files });
  const options = {
    params: new Map(Object.entries(given)),
    ...(text.startsWith("apiVersion:") ? { parse: readResource } : {}),
    later: row.when === "compile" ? compileDiagnostics : deploymentDiagnostics,
  };
  return check("main.flow", host, options).diagnostics.map(({ code, message }) => `${code} ${message}`);
}

/** What says that there is too much else comes with all of that. */
const withOthers: ReadonlySet<string> = new Set(["FLOW1024"]);

describe("the example of a diagnostic", () => {
  const byCompiler = rows.filter(([, { when }]) => when === undefined || when === "compile");
  it.each(byCompiler)("%s gives that diagnostic and no other", (code, row) => {
    const given = found(row.example, row, row.params).map((line) => line.slice(0, 8));
    expect(withOthers.has(code) ? given.filter((each) => each === code) : given).toEqual([code]);
  });

  it.each(rows.filter(([, row]) => row.when !== undefined))(
    "%s, found by another command, gives none in a check",
    (_, row) => {
      expect(found(row.example, { ...row, when: "run" })).toEqual([]);
    },
  );

  it.each(rows.filter(([, row]) => row.mended !== undefined))("%s gives none when it is mended", (_, row) => {
    expect(found(row.mended!, row)).toEqual([]);
  });
});

describe("the table of diagnostics", () => {
  it.each(rows)("%s says what, why and what to do", (_, row) => {
    expect([row.title, row.why, row.mend].every((text) => text.length > 0)).toBe(true);
    expect(row.title.endsWith(".")).toBe(false);
    expect(row.mend.endsWith(".") || row.mend.endsWith("`")).toBe(true);
  });
});
