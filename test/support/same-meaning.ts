/** Whether two texts of a file give the same pipeline: for the tests of refactorings. */
import { lower } from "../../compiler/ir/lower.ts";
import { check } from "../../compiler/semantics/check.ts";
import type { Host } from "../../compiler/source/host.ts";

/** The first difference of what runs; undefined where there is none. */
export function sameMeaning(path: string, before: string, after: string, base: Host): string | undefined {
  const [a, b] = [meaning(path, before, base), meaning(path, after, base)];
  if (a === b) return undefined;
  let at = 0;
  while (a[at] === b[at]) at++;
  return `…${a.slice(Math.max(0, at - 60), at + 60)}… became …${b.slice(Math.max(0, at - 60), at + 60)}…`;
}

function meaning(path: string, text: string, base: Host): string {
  const host: Host = { ...base, readFile: (asked) => (asked === path ? text : base.readFile(asked)) };
  const { model, diagnostics } = check(path, host, { paramsLater: true });
  if (diagnostics.some(({ severity }) => severity === "error")) return "not to be compiled";
  return JSON.stringify(lower(model), (key, value) => (isPlace(key) ? undefined : value), 1);
}

/** Where it was written, and how; and what is not run: tests, functions and params, which are written out. */
const isPlace = (key: string): boolean =>
  [
    "at",
    "span",
    "syntax",
    "origin",
    "origins",
    "typeOrigins",
    "start",
    "end",
    "text",
    "file",
    "line",
    "column",
  ].includes(key);
