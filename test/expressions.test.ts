/** What expressions give on data: text in, JSON out. The conformance cases of CEL are in cel-conformance.test.ts. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { callableByName, operatorByName } from "../compiler/catalog/functions.ts";
import { decodeJson, encodeJson } from "../runtime/codec/json.ts";
import { library } from "../runtime/expr/library/library.ts";
import { evaluate } from "./support/evaluate.ts";

/** Evaluates on data given as JSON text, and gives JSON text or the error's message. */
function json(expression: string, data = "{}", type = "any"): string {
  try {
    return encodeJson(evaluate(expression, decodeJson(data), type));
  } catch (error) {
    return error instanceof Error ? `${error.name}: ${error.message}` : String(error);
  }
}

it("implements every function and operator of the catalogue", () => {
  const names = [...callableByName.keys(), ...operatorByName.keys()];
  expect(names.filter((name) => !library.has(name))).toEqual([]);
});

describe("fields", () => {
  it.each([
    "__proto__",
    "constructor",
    "toString",
    "hasOwnProperty",
    "size",
    "length",
    "get",
    "value",
    "text",
    "seconds",
    "name",
  ])("sees the field %s only when the data has it", (name) => {
    for (const type of ["any", "{string: any}"]) {
      const data = (own: string) => `{${own}"other":1}`;
      const select = `data.${name}`;
      expect(json(select, data(""), type)).toBe(`EvaluationError: no such key: ${name}`);
      expect(json(`has(${select})`, data(""), type)).toBe("false");
      expect(json(`data.?${name}.hasValue()`, data(""), type)).toBe("false");
      expect(json(select, data(`"${name}":7,`), type)).toBe("7");
      expect(json(`has(${select}) && data["${name}"] == 7`, data(`"2":0,"${name}":7,`), type)).toBe("true");
    }
  });

  it("has no fields on what is not a record", () => {
    for (const data of ["1", '"text"', "[1]", "null", "1.5", "true"])
      for (const field of ["length", "size", "x", "toFixed"])
        expect(json(`data.${field}`, data)).toMatch(/^EvaluationError: no such overload/);
  });

  it("reads what JSON cannot hold by the declared type", () => {
    const type = "{ at: timestamp, wait: duration, raw: bytes, price: double, big: int }";
    const data = '{"at":"2024-01-01T12:00:00.5+02:00","wait":"90s","raw":"aGk=","price":2,"big":9007199254740993}';
    expect(json("data.at.getHours()", data, type)).toBe("10");
    expect(json("data.at.unixMillis()", data, type)).toBe("1704103200500");
    expect(json("data.at + data.wait", data, type)).toBe('"2024-01-01T10:01:30.5Z"');
    expect(json("string(data.raw)", data, type)).toBe('"hi"');
    expect(json("data.price / 4.0", data, type)).toBe("0.5");
    expect(json("data.big + 1", data, type)).toBe("9007199254740994");
    expect(json("{...data, n: 1}", data, type)).toBe(`${data.slice(0, -1)},"n":1}`);
    expect(json("[data.at].map(t, t.getMinutes())", data, type)).toBe("[0]");
    expect(json('data.at in [timestamp("2024-01-01T10:00:00.5Z")]', data, type)).toBe("true");
  });

  it("counts a null in a declared optional field as absent", () => {
    const type = "{ note?: string }";
    expect(json("has(data.note)", '{"note":null}', type)).toBe("false");
    expect(json('data.?note.orValue("none")', '{"note":null}', type)).toBe('"none"');
    expect(json('data.?note.orValue("none")', '{"note":"x"}', type)).toBe('"x"');
    expect(json('data[?"note"].hasValue()', '{"note":null}', type)).toBe("false");
    expect(json("{n: data.?note}", '{"note":null}', type)).toBe('{"n":null}');
    expect(json("data.note.size()", '{"note":null}', type)).toBe("EvaluationError: no such key: note");
    expect(json("has(data.note)", '{"note":null}', "any")).toBe("true");
  });

  it("keeps the order and the spelling of what travels along", () => {
    expect(json("{...data, b: 2}", '{"2":1.50,"1":12345678901234567890,"b":0,"__proto__":[1e3]}')).toBe(
      '{"2":1.50,"1":12345678901234567890,"b":2,"__proto__":[1e3]}',
    );
  });
});

describe("logic", () => {
  it.each([
    ["data.missing && false", "false"],
    ["false && data.missing", "false"],
    ["data.missing || true", "true"],
    ["data.missing && data.other && false", "false"],
    ["true && (data.missing || (data.gone && false) || true)", "true"],
    ["(data.missing ? true : false) || true", "true"],
    ["[1, 2, 3].exists(x, x == 3 || data.missing)", "true"],
    ["[3, 1].all(x, x > 1 && data.missing)", "false"],
    ["[[1], [2]].exists(l, l.all(x, x > 1) && l.map(y, y * 2)[0] == 4)", "true"],
    ["true ? [1, 2].map(x, x + 1) : [data.missing]", "[2,3]"],
    ["data.a > 1 && data.b.size() == 2", "true"],
  ])("%s gives %s", (expression, result) => {
    expect(json(expression, '{"a":2,"b":"xy"}')).toBe(result);
  });

  it.each([
    "data.missing && true",
    "true && data.missing",
    "data.missing || false",
    "data.a && true",
    "[1].all(x, data.missing)",
  ])("%s is an error", (expression) => {
    expect(json(expression, '{"a":2}')).toMatch(/^EvaluationError/);
  });

  it("agrees with the laws of CEL for every mix of values and errors", () => {
    const operand = fc.constantFrom("true", "false", "data.t", "data.f", "data.missing");
    const tree = fc.letrec<{ e: string }>((tie) => ({
      e: fc.oneof(
        { maxDepth: 3 },
        operand,
        fc.tuple(tie("e"), fc.constantFrom("&&", "||"), tie("e")).map(([a, op, b]) => `(${a} ${op} ${b})`),
        tie("e").map((e) => `!${e}`),
      ),
    })).e;
    fc.assert(
      fc.property(tree, (expression) => {
        const expected = threeValued(expression);
        for (const type of ["any", "{ t: bool, f: bool, missing: bool }"]) {
          const actual = json(expression, '{"t":true,"f":false}', type);
          expect(actual.startsWith("Eval") ? "error" : actual).toBe(expected);
        }
      }),
      { numRuns: 500 },
    );
  });
});

/** The law, worked out without our code: an operand that decides outweighs an error. */
function threeValued(expression: string): string {
  type Truth = true | false | "error";
  const and = (a: Truth, b: Truth): Truth => (a === false || b === false ? false : a === true ? b : a);
  const not = (a: Truth): Truth => (a === "error" ? a : !a);
  let at = 0;
  const read = (): Truth => {
    if (expression[at] === "!") {
      at++;
      return not(read());
    }
    if (expression[at] === "(") {
      at++;
      const left = read();
      const op = expression.slice(at + 1, at + 3);
      at += 4;
      const right = read();
      at++;
      return op === "&&" ? and(left, right) : not(and(not(left), not(right)));
    }
    const name = /^[a-z.]+/.exec(expression.slice(at))?.[0] ?? "";
    at += name.length;
    return name === "data.missing" ? "error" : name === "true" || name === "data.t";
  };
  return String(read());
}

const exactResults: Readonly<Record<string, (a: bigint, b: bigint) => bigint>> = {
  "+": (a, b) => a + b,
  "-": (a, b) => a - b,
  "*": (a, b) => a * b,
  "/": (a, b) => a / b,
  "%": (a, b) => a % b,
};

describe("integers", () => {
  const int = fc.oneof(
    fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }),
    fc.bigInt({ min: -10n, max: 10n }),
    fc.bigInt({ min: 2n ** 53n - 3n, max: 2n ** 53n + 3n }),
  );
  it.each(["+", "-", "*", "/", "%"])("are exact for %s, or an overflow is an error", (operator) => {
    fc.assert(
      fc.property(int, int, (a, b) => {
        const isError = (b === 0n && "/%".includes(operator)) || (operator === "%" && a === -(2n ** 63n) && b === -1n);
        const value = isError ? undefined : (exactResults[operator]?.(a, b) ?? 0n);
        const expected = value === undefined || BigInt.asIntN(64, value) !== value ? "EvaluationError" : String(value);
        for (const type of ["any", "{ a: int, b: int }"]) {
          const actual = json(`data.a ${operator} data.b`, `{"a":${a},"b":${b}}`, type);
          expect(actual.startsWith("Eval") ? "EvaluationError" : actual).toBe(expected);
        }
      }),
      { numRuns: 150 },
    );
  });
});

describe("the extensions", () => {
  it.each([
    ["[3, 1, 2].sort()", "[1,2,3]"],
    ['["b", "a"].sortBy(x, x)', '["a","b"]'],
    ['[{n: 2, s: "b"}, {n: 1, s: "a"}].sortBy(r, r.n).map(r, r.s)', '["a","b"]'],
    ["[1, 2, 1, 2.0].distinct().size()", "2"],
    ["[1, 2, 3, 4].slice(1, 3)", "[2,3]"],
    ["[[1, [2]], [3]].flatten(2)", "[1,2,3]"],
    ["[1, 2].reverse()", "[2,1]"],
    ['"a😀b".reverse()', '"b😀a"'],
    ["lists.range(3)", "[0,1,2]"],
    ["[1, 2].first().value() + [1, 2].last().value()", "3"],
    ["sets.contains([1, 2, 3], [3, 1])", "true"],
    ["sets.equivalent([1, 2, 2], [2, 1])", "true"],
    ["sets.intersects([1], [2])", "false"],
    ['regex.extractAll("To be, or not", "[a-z]+")', '["o","be","or","not"]'],
    ['regex.extract("id=42;", "id=([0-9]+)").orValue("")', '"42"'],
    ['regex.replace("+49 (0)30", "[^0-9]", "")', '"49030"'],
    ['regex.replace("ab", "(a)(b)", r"\\2\\1")', '"ba"'],
    ['regex.replace("aaa", "a", "b", 2)', '"bba"'],
    ["math.sqrt(16)", "4"],
    ['"a,b".split(",").join("-")', '"a-b"'],
    ['"ÄbC".lowerAscii()', '"Äbc"'],
    ['"😀x".size() == 2 && "😀x".charAt(1) == "x" && "😀x".indexOf("x") == 1', "true"],
    ['hash("a") == hash("a") && hash(1) == hash(1.0) && hash("a") >= 0', "true"],
    ['uuid("/p/n", "7") == uuid("/p/n", "7") && uuid("a", "bc") != uuid("ab", "c")', "true"],
    ['uuid("x").matches("^[0-9a-f]{8}-[0-9a-f]{4}-5[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$")', "true"],
    ['parseJson("{\\"a\\":[1.0]}").a[0] == 1', "true"],
    ["toJson({b: 1, a: [1.5, null]})", '"{\\"b\\":1,\\"a\\":[1.5,null]}"'],
    ['timestamp("2024-07-01T00:00:00Z").getHours("Europe/Paris")', "2"],
    ['{"x": 1}.transformMapEntry(k, v, {(v): k})', '{"1":"x"}'],
    ["optional.unwrap([optional.of(1), optional.none()])", "[1]"],
  ])("%s gives %s", (expression, result) => {
    expect(json(expression)).toBe(result);
  });

  it("keeps the hash of a value for ever", () => {
    expect(json('[hash("a"), hash(""), hash(7), hash({a: 1})]')).toBe(
      "[6515758009044660,6405929093957516,5613026987057214,2761406887367927]",
    );
  });

  it.each([
    'parseJson("{")',
    "lists.range(100000000)",
    '"x".format(["%"])[0]',
    'regex.extract("a", "(a)(b)?")',
    '[1, "a"].map(x, dyn(x)).sort()',
    'timestamp("2024-01-01T00:00:00Z").getHours("Mars/Base")',
  ])("%s is an error", (expression) => expect(json(expression)).toMatch(/^(EvaluationError|Error: FLOW)/));
});

describe("text of the program", () => {
  it("never becomes code", () => {
    const nasty = ['"); process.exit(1); ("', ["`$", "{1}`"].join(""), "\u2028\u2029", "*/ //", "\\u0022", "</script>"];
    for (const text of nasty) {
      const literal = JSON.stringify(text);
      expect(evaluate(literal)).toBe(text);
      expect(evaluate(`{${literal}: 1}[${literal}]`)).toBe(1);
      expect(evaluate(`data[${literal}]`, { [text]: 2 })).toBe(2);
      expect(evaluate(`data[${literal}]`, { [text]: 2 }, "{string: int}")).toBe(2);
    }
  });
});

describe("what data holds as text, or as a number of no declared type", () => {
  const times =
    '{"a":["2026-01-01T10:00:00+09:00","2026-01-01T05:00:00Z","2026-01-01T02:00:00.5Z","2026-01-01T01:00:00Z"]}';
  it.each([
    ["data.a.sort().map(t, t.unixMillis() / 3600000 % 24)", times, "{ a: [timestamp] }", "[1,1,2,5]"],
    ["data.a.sort()[0]", times, "{ a: [timestamp] }", '"2026-01-01T01:00:00Z"'],
    ["data.a.distinct().size()", times, "{ a: [timestamp] }", "3"],
    ['sets.contains(data.a, [timestamp("2025-12-31T17:00:00-08:00")])', times, "{ a: [timestamp] }", "true"],
    ["data.a.sort()", '{"a":["90s","1m","100ms"]}', "{ a: [duration] }", '["100ms","1m","90s"]'],
    ["data.a.sort()", '{"a":["/w==","AAA="]}', "{ a: [bytes] }", '["AAA=","/w=="]'],
    [
      'data.r == { at: timestamp("2026-01-01T01:00:00Z") }',
      '{"r":{"at":"2026-01-01T10:00:00+09:00"}}',
      "{ r: { at: timestamp } }",
      "true",
    ],
    ['data.m == { "a": duration("1m") }', '{"m":{"a":"60s"}}', "{ m: {string: duration} }", "true"],
  ])("is compared as its type says: %s", (expression, data, type, expected) => {
    expect(json(expression, data, type)).toBe(expected);
  });

  it.each([
    ["type(dyn(data.r).total) == double", '{"r":{"total":1}}', "{ r: { total: double } }", "true"],
    ["type(dyn(data).r.total) == double", '{"r":{"total":1.0}}', "{ r: { total: double } }", "true"],
    ["type(dyn(data.l)[0]) == double", '{"l":[1,2.5]}', "{ l: [double] }", "true"],
    ["type(dyn(data.m).x) == double", '{"m":{"x":3}}', "{ m: {string: double} }", "true"],
    ["type(data.r.total) == double", '{"r":{"total":1.0}}', "{ r: any }", "true"],
    ["type(dyn(data.r).n) == int", '{"r":{"n":1,"total":1}}', "{ r: { n: int, total: double } }", "true"],
    [
      "dyn(data.r)",
      '{"r":{"b":1,"total":1.0,"big":9007199254740993}}',
      "{ r: { total: double, big: double } }",
      '{"b":1,"total":1.0,"big":9007199254740993}',
    ],
  ])("is a double in 'any' where its type says so: %s", (expression, data, type, expected) => {
    expect(json(expression, data, type)).toBe(expected);
  });
});
