/** Whatever stands in a resource, the reader answers with diagnostics inside the text, and the compiler with a pipeline or errors. */
import { readdirSync, readFileSync } from "node:fs";
import fc from "fast-check";
import { expect, it } from "vitest";
import { parse } from "yaml";
import { compile } from "../../compile.ts";
import { memoryHost } from "../../source/host.ts";
import { printYaml } from "../yaml.ts";

const resources = readdirSync("test/goldens")
  .filter((folder) => folder !== "broken")
  .map((folder) => readFileSync(`test/goldens/${folder}/cr.yaml`, "utf8"));

function expectAnswer(text: string): void {
  const { diagnostics, pipeline } = compile("p.yaml", memoryHost({ "p.yaml": text }));
  for (const { at } of diagnostics)
    expect([at.start >= 0, at.end >= at.start, at.end <= text.length]).toEqual([true, true, true]);
  expect(pipeline !== undefined).toBe(!diagnostics.some((one) => one.severity === "error"));
}

const odd = fc.constantFrom<unknown>(
  null,
  true,
  0,
  -1,
  1.5,
  2n ** 70n,
  "",
  "x",
  "data.",
  "5s",
  "__proto__",
  [],
  {},
  [null],
  { a: 1 },
  { value: 3 },
  { secretKeyRef: {} },
  "a\nb",
  "\u0000",
  "data.x + ",
);

/** Replaces, removes or renames the value at the `n`th place of a tree. */
function changed(value: unknown, n: { left: number }, by: { readonly kind: number; readonly value: unknown }): unknown {
  if (Array.isArray(value)) {
    return value.flatMap((item) =>
      n.left-- === 0 ? (by.kind === 0 ? [by.value] : by.kind === 1 ? [] : [item, item]) : [changed(item, n, by)],
    );
  }
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).flatMap(([key, item]) => {
      if (n.left-- !== 0) return [[key, changed(item, n, by)]];
      return by.kind === 0 ? [[key, by.value]] : by.kind === 1 ? [] : [[`${key}s`, item]];
    }),
  );
}

it.each(resources.map((text) => [(parse(text) as { metadata: { name: string } }).metadata.name, text]))(
  "answers for a name that every JavaScript object has, wherever it stands in %s",
  (_, text) => {
    for (let at = 0; ; at++) {
      const n = { left: at };
      const wrong = changed(parse(text), n, { kind: 0, value: at % 2 === 0 ? "__proto__" : "constructor" });
      if (n.left >= 0) break;
      expectAnswer(printYaml(wrong));
    }
  },
);

it("answers for resources in which something was replaced, removed, doubled or renamed", () => {
  const change = fc.record({ at: fc.nat(250), kind: fc.nat(2), value: odd });
  fc.assert(
    fc.property(fc.constantFrom(...resources), fc.array(change, { minLength: 1, maxLength: 3 }), (text, changes) => {
      const wrong = changes.reduce<unknown>((value, { at, ...by }) => changed(value, { left: at }, by), parse(text));
      expectAnswer(printYaml(wrong));
    }),
    { numRuns: 300 },
  );
});

it("answers for texts from which something was cut, or into which something was put", () => {
  fc.assert(
    fc.property(
      fc.constantFrom(...resources),
      fc.nat(),
      fc.nat(30),
      fc.string({
        unit: fc.constantFrom(
          "{",
          "}",
          "[",
          "]",
          ":",
          "- ",
          "\n",
          " ",
          "&a ",
          "*a",
          "!!x ",
          '"',
          "'",
          "|",
          ">",
          "#",
          "%",
          "@",
          "\t",
          "? ",
          "---\n",
          "x",
        ),
        maxLength: 6,
      }),
      (text, at, length, insert) => {
        const start = at % text.length;
        expectAnswer(text.slice(0, start) + insert + text.slice(start + length));
      },
    ),
    { numRuns: 400 },
  );
});
