import { describe, expect, it } from "vitest";
import { memoryHost } from "../source/host.ts";
import { check } from "./check.ts";

/** The text of the only filter. */
function textOf(declarations: string, expression: string, params: Readonly<Record<string, string>> = {}): string {
  const text = `${declarations}\nsource s { stdin {} }\nstep a from s { filter ${expression} }\nsink out from a { stdout {} }\n`;
  const { model, diagnostics } = check("main.flow", memoryHost({ "main.flow": text }), {
    params: new Map(Object.entries(params)),
  });
  expect(diagnostics.map(({ message }) => message)).toEqual([]);
  const value = model.nodes[1]!.clauses[0]!.values.get("test");
  return value?.kind === "expr" ? value.value.text : "";
}

describe("the text of an expression in the custom resource", () => {
  it("has params replaced by their values", () => {
    expect(textOf(`param least: int = 10\nparam names: [string] = ["a"]`, `data.n > least && data.name in names`)).toBe(
      `data.n > 10 && data.name in ["a"]`,
    );
    expect(textOf(`param least: int = 10`, `data.n > least`, { least: "-5" })).toBe("data.n > -5");
  });

  it("has functions written out, with parentheses where they are needed", () => {
    expect(textOf("fn sum_of(a: int, b: int): int = a + b", "2 * sum_of(data.a, data.b - 1) > 3")).toBe(
      "2 * (data.a + (data.b - 1)) > 3",
    );
    expect(textOf("fn twice(n: int): int = 2 * n\nfn four(n: int): int = twice(twice(n))", "four(data.n) > 3")).toBe(
      "2 * (2 * data.n) > 3",
    );
  });

  it("keeps apart what an argument and a body call by one name", () => {
    expect(
      textOf("fn has_id(list: [any], id: any): bool = list.exists(x, x == id)", "data.ids.all(x, has_id(data.all, x))"),
    ).toBe("data.ids.all(x, data.all.exists(x_2, x_2 == x))");
  });

  it("leaves variables of macros alone that are called like a param", () => {
    expect(textOf(`param x: int = 1`, "data.ids.exists(x, x > 2) && data.n > x")).toBe(
      "data.ids.exists(x, x > 2) && data.n > 1",
    );
  });
});
