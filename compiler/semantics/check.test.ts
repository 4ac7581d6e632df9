/** The checker as a whole: it always answers, and every mistake once. */
import { describe, expect, it } from "vitest";
import { memoryHost } from "../source/host.ts";
import { check } from "./check.ts";
import { expectMarked } from "./marked-text.ts";

const wordCount = `/// Words per minute, from a Kafka topic.
pipeline word_count

type Line { text: string, at: timestamp }

source lines: Line {
  kafka { brokers: ["kafka:9092"], topic: "lines" }
  time data.at
  watermark 5s idle 30s
}

step words from lines {
  expand data.text.lowerAscii().split(" ")
  filter data != ""
}

window per_minute from words {
  key data
  fixed 1m
  lateness 30s
  emit { word: key, n: count(), minute: window.start }
}

sink totals from per_minute {
  kafka { brokers: ["kafka:9092"], topic: "word-counts", key: data.word }
}

test "a word within the lateness is counted" {
  lines at 0s { text: "to be or not to be" }
  watermark 61s
  lines at 59s { text: "be" }
  expect per_minute [
    { word: "be", n: 2 } { word: "not", n: 1 } { word: "or", n: 1 } { word: "to", n: 2 }
    { word: "be", n: 3 }
  ] in any order
}
`;

describe("a correct program", () => {
  it("has no diagnostics, and types flow along its edges", () => {
    const { model } = expectMarked(wordCount);
    expect(model.name).toBe("word_count");
    expect(model.order.map((node) => node.name)).toEqual(["lines", "words", "per_minute", "totals"]);
    expect(Object.fromEntries(model.nodes.map((node) => [node.name, node.outputType]))).toMatchObject({
      lines: { kind: "ref", name: "Line" },
      words: { kind: "string" },
      per_minute: {
        kind: "record",
        fields: [
          { name: "word", type: { kind: "string" } },
          { name: "n", type: { kind: "int" } },
          { name: "minute", type: { kind: "timestamp" } },
        ],
      },
    });
  });

  it("has the use of every name", () => {
    const { model } = expectMarked(wordCount);
    const uses = Object.fromEntries(model.symbols.map((symbol) => [symbol.name, symbol.uses.length]));
    expect(uses).toEqual({ word_count: 0, Line: 1, lines: 3, words: 1, per_minute: 2, totals: 0 });
  });

  it("gives the same result when it is checked again", () => {
    const found = () =>
      check(
        "main.flow",
        memoryHost({ "main.flow": wordCount.replaceAll("lines", "lnes").replace("from lnes", "from x") }),
      ).diagnostics;
    expect(found()).toEqual(found());
  });
});

describe("any text", () => {
  it("is checked without an exception, however it is cut", () => {
    for (let end = 0; end < wordCount.length; end += 3) {
      expect(() => check("main.flow", memoryHost({ "main.flow": wordCount.slice(0, end) }))).not.toThrow();
    }
  });

  it("is checked without an exception when words are missing", () => {
    const words = wordCount.split(/(\s+)/);
    for (let i = 0; i < words.length; i++) {
      expect(() => check("main.flow", memoryHost({ "main.flow": words.toSpliced(i, 1).join("") }))).not.toThrow();
    }
  });

  it("may be missing altogether", () => {
    expect(check("main.flow", memoryHost({})).diagnostics.map(({ code }) => code)).toEqual(["FLOW4015"]);
  });
});

describe("one mistake", () => {
  it("gives one message, though much depends on the wrong name", () => {
    expectMarked(`
source orders { stdin {} }
step paid from ordrs {
//             ^^^^^ error FLOW2001: Nothing here is called 'ordrs'. Did you mean 'orders'?
  filter data.paid
  set data.total = data.price * data.qty
}
window totals from paid { key data.customer global emit { customer: key, total: sum(data.total) } }
sink out from totals { stdout {} }
`);
  });

  it("in the syntax of a clause hides nothing of the others", () => {
    expectMarked(`
type Order { name: string }
source orders: Order { stdin {} }
step a from orders {
  filter data.name ==
//                 ^^ error FLOW1009: After \`==\` an expression is missing; it must begin on the same line.
  filter data.nmae == ""
//            ^^^^ error FLOW3002: 'data' (Order) has no field 'nmae'. Did you mean 'name'?
}
sink out from a { stdout {} }
`);
  });
});
