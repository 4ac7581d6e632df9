/** Expressions by type, as text, over `data: Order` of `arbitrary-program.ts`; and any expressions the grammar knows. */
import fc from "fast-check";

const oneOf = (...values: string[]): fc.Arbitrary<string> => fc.constantFrom(...values);
const map2 = (
  a: fc.Arbitrary<string>,
  b: fc.Arbitrary<string>,
  join: (a: string, b: string) => string,
): fc.Arbitrary<string> => fc.tuple(a, b).map(([x, y]) => join(x, y));

const stringLiteral = fc.stringMatching(/^[a-zA-Z0-9 ,;:{}()/#äß-]{0,12}$/).map((text) => JSON.stringify(text));
const smallInt = fc.integer({ min: 0, max: 999 }).map(String);

/** Type-correct for an `Order`. `depth` bounds the size. */
export function stringExpression(depth = 2): fc.Arbitrary<string> {
  const leaf = fc.oneof(
    oneOf("data.id", "data.customer.name", "data.customer.country", 'data.?note.orValue("none")'),
    stringLiteral,
  );
  if (depth === 0) return leaf;
  const below = stringExpression(depth - 1);
  return fc.oneof(
    leaf,
    map2(below, below, (a, b) => `${a} + ${b}`),
    below.map((a) => `(${a}).lowerAscii()`),
    map2(intExpression(depth - 1), below, (a, b) => `${b} + string(${a})`),
    fc.tuple(boolExpression(depth - 1), below, below).map(([test, a, b]) => `(${test} ? ${a} : ${b})`),
  );
}

export function intExpression(depth = 2): fc.Arbitrary<string> {
  const leaf = fc.oneof(oneOf("data.qty", "data.customer.age", "size(data.tags)"), smallInt);
  if (depth === 0) return leaf;
  const below = intExpression(depth - 1);
  return fc.oneof(
    leaf,
    fc.tuple(below, oneOf("+", "-", "*"), below).map(([a, operator, b]) => `(${a} ${operator} ${b})`),
    stringExpression(depth - 1).map((a) => `size(${a})`),
    below.map((a) => `-(${a})`),
  );
}

export function boolExpression(depth = 2): fc.Arbitrary<string> {
  const leaf = oneOf(
    "data.paid",
    "has(data.note)",
    "data.price > 1.5",
    'data.side == "buy"',
    '"new" in data.tags',
    "data.qty != 0",
  );
  if (depth === 0) return leaf;
  const below = boolExpression(depth - 1);
  return fc.oneof(
    leaf,
    fc.tuple(below, oneOf("&&", "||"), below).map(([a, operator, b]) => `(${a} ${operator} ${b})`),
    below.map((a) => `!(${a})`),
    fc
      .tuple(intExpression(depth - 1), oneOf("<", "<=", ">", ">=", "==", "!="), intExpression(depth - 1))
      .map(([a, operator, b]) => `${a} ${operator} ${b}`),
    stringExpression(depth - 1).map((a) => `data.tags.exists(tag, tag == ${a})`),
    map2(stringExpression(depth - 1), stringLiteral, (a, b) => `(${a}).contains(${b})`),
  );
}

/** Everything that parses, whatever its types: for the parser, the printer and the formatter. */
export function anyExpression(depth = 3): fc.Arbitrary<string> {
  const leaf = fc.oneof(
    oneOf(
      "a",
      "data",
      "key",
      "x1",
      "true",
      "false",
      "null",
      "0",
      "1",
      "42",
      "0x1F",
      "7u",
      "1.5",
      "1e3",
      ".5",
      "9223372036854775807",
    ),
    oneOf(
      "250ms",
      "1h30m",
      "2d",
      "64KiB",
      "1MB",
      '"text"',
      "'it'",
      "'say \"hi\"'",
      'r"\\d+"',
      'b"\\x00ab"',
      '"""two  \nlines"""',
      '"\\u00e9\\n"',
      "[]",
      "{}",
    ),
    stringLiteral,
  );
  if (depth === 0) return leaf;
  const below = anyExpression(depth - 1);
  const operators = oneOf("||", "&&", "==", "!=", "<", "<=", ">", ">=", "in", "+", "-", "*", "/", "%");
  const entry = fc.oneof(
    below.map((a) => `name: ${a}`),
    below.map((a) => `"a b": ${a}`),
    below.map((a) => `?maybe: ${a}`),
    below.map((a) => `1: ${a}`),
    below.map((a) => `true: ${a}`),
    map2(below, below, (k, v) => `(${k}): ${v}`),
    below.map((a) => `...(${a})`),
  );
  const space = oneOf(", ", ",\n", " , ");
  return fc.oneof(
    leaf,
    fc.tuple(below, operators, below).map(([a, operator, b]) => `(${a}) ${operator} ${b}`),
    fc.tuple(below, operators, below).map(([a, operator, b]) => `${a}\n ${operator} (${b})`),
    below.map((a) => `(${a})`),
    fc.tuple(oneOf("!", "-"), below).map(([operator, a]) => `${operator}(${a})`),
    below.map((a) => `(${a}).field`),
    below.map((a) => `(${a}).?field.\`odd-name\``),
    map2(below, below, (a, b) => `(${a})[${b}]`),
    map2(below, below, (a, b) => `x[?${a}].method(${b},\n ${a})`),
    map2(below, below, (a, b) => `f(${a}, ${b}).g()\n.h(i, i > 1)`),
    fc.tuple(below, below, below).map(([a, b, c]) => `(${a}) ? (${b})\n : ${c}`),
    fc
      .tuple(fc.array(below, { maxLength: 4 }), space)
      .map(([items, separator]) => `[${items.map((item) => `(${item})`).join(separator)}]`),
    fc
      .array(below, { minLength: 1, maxLength: 3 })
      .map((items) => `[\n${items.map((item) => `{ a: (${item}) }`).join(" ")}\n]`),
    fc.tuple(fc.array(entry, { maxLength: 4 }), space).map(([entries, separator]) => `{ ${entries.join(separator)} }`),
    fc
      .array(below, { minLength: 1, maxLength: 3 })
      .map((values) => `{\n${values.map((value, i) => `k${i}: (${value})`).join("\n")}\n}`),
  );
}
