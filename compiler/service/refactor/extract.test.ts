/** Expressions that become functions and params. */
import { describe, expect, it } from "vitest";
import { offersIn } from "../../../test/support/after-refactoring.ts";

const order =
  'type Order { id: string, total: double, qty: int, side: "buy" | "sell", items: [{ price: double }] }\n\n';
const around = (step: string): string =>
  `${order}source orders: Order { stdin {} }\n\n${step}\n\nsink out from paid { stdout {} }\n`;

describe("extract to a function", () => {
  it("makes typed parameters of the fields that are read", () => {
    const { titles, textAfter } = offersIn(
      around("// Why.\nstep paid from orders { set data.worth = «data.total * double(data.qty)» }"),
    );
    expect(titles).toEqual(["Extract to a function"]);
    expect(textAfter("Extract")).toBe(
      around(
        "fn worth(total: double, qty: int): double = total * double(qty)\n\n// Why.\nstep paid from orders { set data.worth = worth(data.total, data.qty) }",
      ),
    );
  });

  it("takes the variables of macros around it, and leaves those inside", () => {
    const { textAfter } = offersIn(
      around(
        "step paid from orders { map { prices: data.items.filter(i, «data.items.exists(j, j.price > i.price)») } }",
      ),
    );
    expect(textAfter("Extract")).toContain(
      "fn extracted(items: [{ price: double }], price: double): bool = items.exists(j, j.price > price)\n",
    );
    expect(textAfter("Extract")).toContain("data.items.filter(i, extracted(data.items, i.price))");
  });

  it("keeps the record where it is asked for a field", () => {
    const { textAfter } = offersIn(
      around('step paid from orders { filter «has(data.side) && data.side == "buy"» }').replace("side:", "side?:"),
    );
    expect(textAfter("Extract")).toContain("extracted(data) }");
    expect(textAfter("Extract")).toMatch(/fn extracted\(\w+: Order\): bool = has\(\w+\.side\) && \w+\.side == "buy"/);
  });

  it("says why aggregates, tables and lone numbers cannot be", () => {
    const window = (emit: string) =>
      `source a { stdin {} }\n\ntable t { file { path: "t.json" } key data.id }\n\nwindow w from a {\n  global\n  emit ${emit}\n}\n\nsink out from w { stdout {} }\n`;
    expect(offersIn(window("{ n: «count() + 1» }")).titles).toEqual([
      "Extract to a function: 'count' is an aggregate, which stands only in the 'emit' and 'where' of a window or chunk.",
    ]);
    expect(offersIn(window("{ n: list(«t[data.id]») }")).titles).toEqual([
      "Extract to a function: It looks up 't', and functions do not see tables.",
    ]);
    expect(offersIn(window("{ n: sum(«-2») }")).titles[0]).toContain("A number alone takes its type");
    expect(offersIn(window("{ n: sum(«data.x * 2») }")).titles).toEqual(["Extract to a function"]);
  });

  it("is not offered for a cursor, a name, or half of an expression", () => {
    expect(offersIn(around("step paid from orders { filter data.total ‸> 1.0 }")).titles).toEqual([]);
    expect(offersIn(around("step paid from orders { filter «data.total» > 1.0 }")).titles).toEqual([]);
    expect(offersIn(around("step paid from orders { filter data.«total > 1.0» }")).titles).toEqual([]);
  });
});

describe("extract to a param", () => {
  it("names it by what it is compared with, and gives it the type of the other side", () => {
    expect(
      offersIn(around("step paid from orders { filter data.total > «100» }")).textAfter("Extract to a param"),
    ).toBe(`param total_limit: double = 100\n\n${around("step paid from orders { filter data.total > total_limit }")}`);
  });

  it("stands after the params and imports that are there", () => {
    const text =
      'import "./a.flow"\n\nparam x: int = 1 // one\n\nsource a { file { path: «"in.ndjson"» } }\n\nsink b from a where data.n == x { stdout {} }\n';
    expect(offersIn(text, { "a.flow": "param y: int = 1\n" }).textAfter("Extract to a param")).toContain(
      'param x: int = 1 // one\nparam path: string = "in.ndjson"\n\nsource a { file { path: path } }',
    );
  });

  it("leaves one blank line around it, in a file that is not formatted too", () => {
    const text =
      "pipeline p\n\nsource a   { stdin {} }\n\nstep b from a { filter data.n > «1» }\n\nsink c from b { stdout {} }\n";
    expect(offersIn(text).textAfter("Extract to a param")).toContain(
      "pipeline p\n\nparam n_limit: int = 1\n\nsource a   { stdin {} }\n",
    );
  });

  it("is no name of a secret, and no index", () => {
    const text =
      'source a { kafka { brokers: ["k:1"], topic: "t", sasl: { username: secret(«"k"», "u"), password: secret("k", "p") } } }\nsink b from a { stdout {} }\n';
    expect(offersIn(text).titles).toEqual([]);
  });
});
