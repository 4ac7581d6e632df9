import { describe, expect, it } from "vitest";
import { sourceText } from "../source/source-text.ts";
import { parseExpression } from "../syntax/parse.ts";
import { printExpression } from "../syntax/print.ts";
import { checkText, testScope } from "./expressions/check-text.ts";
import { inline } from "./inline.ts";

/** Params, as the program holds them; where they are declared does not matter here. */
function inlined(text: string): string {
  const { expression, diagnostics } = parseExpression(sourceText("test.flow", text));
  expect(diagnostics).toEqual([]);
  return printExpression(inline(expression, testScope));
}

describe("the text of the custom resource", () => {
  it.each([
    ["data.qty > limit", "data.qty > 5.0"],
    ["data.id + name", 'data.id + "x"'],
    ["shout(data.id)", 'data.id.upperAscii() + "!"'],
    ["area(2, limit)", "2.0 * 5.0"],
    ["twice(data.qty)", "data.qty + data.qty"],
    ["twice(data.qty + 1)", "cel.bind(x, data.qty + 1, x + x)"],
    ["twice(twice(data.qty + 1))", "cel.bind(x_2, cel.bind(x, data.qty + 1, x + x), x_2 + x_2)"],
    ["data.tags.map(x, has_tag(x, data.tags))", "data.tags.map(x, data.tags.exists(x_2, x_2 == x))"],
    ["data.lines.map(x, twice(x.qty + 1))", "data.lines.map(x, cel.bind(x_2, x.qty + 1, x_2 + x_2))"],
    ["data.tags.map(name, name)", "data.tags.map(name, name)"],
    ["data.qty.map(shout, shout)", "data.qty.map(shout, shout)"],
  ])("%s becomes %s", (text, expected) => {
    expect(inlined(text)).toBe(expected);
  });

  it.each([
    "data.price > limit",
    "area(2, 3)",
    "area(data.price + 1, data.price * 2)",
    "twice(data.qty + 1) + twice(2)",
    "data.tags.map(x, has_tag(x, data.tags))",
    "data.tags.exists(t, has_tag(shout(t), data.tags))",
    "shout(shout(data.id))",
    "any_size(data.tags.map(x, x + 'a'))",
    "side_of(data.side) == side_of('buy')",
  ])("means the same as %s", (text) => {
    const written = checkText(text);
    const again = checkText(inlined(text));
    expect(again.diagnostics).toEqual([]);
    expect(renamed(again.tree)).toEqual(renamed(written.tree));
  });
});

/** Bound variables called by the order in which they are bound. */
function renamed(tree: unknown): unknown {
  const names = new Map<string, string>();
  const bind = (name: unknown): void =>
    void (typeof name === "string" && !names.has(name) && names.set(name, `v${names.size}`));
  const collect = (node: unknown): void => {
    if (typeof node !== "object" || node === null) return;
    const { op, item, index, name } = node as Record<string, unknown>;
    if (op === "macro") [index, item].forEach(bind);
    if (op === "let") bind(name);
    Object.values(node).forEach(collect);
  };
  collect(tree);
  const isBinder = (key: string, node: Record<string, unknown>): boolean =>
    (node.op === "macro" && (key === "item" || key === "index")) ||
    ((node.op === "let" || node.op === "var") && key === "name");
  const rename = (node: unknown): unknown => {
    if (Array.isArray(node)) return node.map(rename);
    if (typeof node !== "object" || node === null) return node;
    const record = node as Record<string, unknown>;
    return Object.fromEntries(
      Object.entries(record).map(([key, value]) => [
        key,
        isBinder(key, record) ? (names.get(String(value)) ?? value) : rename(value),
      ]),
    );
  };
  return rename(tree);
}
