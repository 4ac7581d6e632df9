/** What a hover says of each kind of word. */
import { describe, expect, it } from "vitest";
import { around, diskHost, marked, realFiles } from "../../test/support/service-workspace.ts";
import { scan } from "../syntax/scan.ts";
import { DoubleToken, DurationToken, IntToken, SizeToken, StringToken, Word } from "../syntax/tokens.ts";
import { hover } from "./hover.ts";
import { signatureHelp } from "./signature-help.ts";
import { Workspace } from "./workspace.ts";

const isSpoken = new Set([Word, StringToken, IntToken, DoubleToken, DurationToken, SizeToken]);

const file = `/// What a customer buys.
type Order { id: string, total: double, at: timestamp }
/// Worth a look.
fn large(total: double, least: double): bool = total > least
source orders: Order {
  kafka { topic: "orders", brokers: ["k:9092"] }
  time data.at
  watermark 5s
}
step big from orders {
  filter large(data.total, 10.0) && data.id.startsWith("a")
}
window totals from big {
  key data.id
  fixed 1m
  emit { id: key, sum: sum(data.total), from: window.start }
}
sink out from totals { stdout {} }
`;

const over = (find: string): string => {
  const { ws, path, offset, text } = marked(file.replace(find.replace("‸", ""), find));
  const found = hover(ws, path, offset);
  return found ? `${around(text, found.span)}\n${found.markdown}` : "nothing";
};

describe("hover", () => {
  it("shows what flows through a node, and whose watermark it has", () => {
    expect(over("from b‸ig")).toBe(
      "window totals from «big» {\n```flow\nstep big from orders\n```\n\nGives: `Order`\n\nWatermark: that of `orders`, which comes from\n\n- `orders`: the largest `data.at` seen less 5s\n\nExample: when an event of 12:00:00 has been seen, it stands at 11:59:55.",
    );
    expect(over("from tot‸als")).toContain(
      "Example: the window from 12:00:00 to 12:01:00 gives its pane when `orders` has shown 12:01:05.",
    );
    expect(over("source ord‸ers")).toContain("Connector: `kafka`");
  });

  it("shows the type that a step declares for its user code, and what operators make of it", () => {
    const text = `type Score {
  id: string
  score: double
}
source a { stdin {} }
step s: Score from a {
  process { command: ["s"] }
  set data.percent = data.score * 100.0
}
sink out from s { stdout {} }
`;
    const at = (find: string): string | undefined => {
      const { ws, path, offset } = marked(text.replace(find.replace("‸", ""), find));
      return hover(ws, path, offset)?.markdown;
    };
    expect(at("s: Sc‸ore")).toContain("type Score {");
    expect(at("data.sc‸ore")).toBe("```flow\nscore: double\n```");
    expect(at("out from s‸")).toContain("Gives: `{ id: string, score: double, percent: double }`");
  });

  it("shows types and functions with their documentation", () => {
    expect(over("orders: Or‸der")).toContain(
      "type Order {\n  id: string\n  total: double\n  at: timestamp\n}\n```\n\nWhat a customer buys.",
    );
    expect(over("filter lar‸ge")).toContain("fn large(total: double, least: double): bool\n```\n\nWorth a look.");
  });

  it("shows the type of an expression", () => {
    expect(over("large(da‸ta")).toContain("data: Order");
    expect(over("data.tot‸al, 10")).toContain("total: double");
    expect(over("window.sta‸rt")).toContain("start: timestamp");
  });

  it("shows what the catalogue says of keywords, clauses, connectors, options and functions", () => {
    expect(over("ste‸p big")).toContain("operators, in the order written");
    expect(over("fix‸ed")).toContain("Windows side by side");
    expect(over("kaf‸ka")).toContain("```flow\nkafka { … }");
    expect(over("top‸ic:")).toContain("«topic»");
    expect(over("starts‸With")).toContain("Whether the text starts with the prefix.");
    expect(over("sum: su‸m")).toContain("Here: `double`");
    expect(over("id: str‸ing")).toContain("Text, in Unicode.");
  });

  it("says amounts in words, and what they are for", () => {
    expect(over("watermark 5‸s")).toContain("5 seconds.\n\nHow far behind the newest event time");
    expect(over("fixed 1‸m")).toContain("1 minute (60 seconds).");
    expect(over("data.total, 10‸.0")).toContain("10.0: double");
  });

  it("shows the words of headers, the fields that records make, and the codes in flow-ignore", () => {
    expect(over("big fr‸om")).toContain("The nodes whose events come in.");
    expect(over("sum‸: sum")).toContain("sum: double");
    const { ws, path, offset } = marked("// flow-ignore FLOW90‸01: why\nsource a { stdin {} }\n");
    expect(hover(ws, path, offset)?.markdown).toContain("**FLOW9001**");
  });

  it.each(realFiles())("has something to say of every word and value of %s", (path) => {
    const ws = new Workspace(diskHost, { files: realFiles });
    const text = diskHost.readFile(path)!;
    ws.open(path, text);
    if (ws.file(path).diagnostics.some(({ severity }) => severity === "error")) return;
    const silent = scan(text, () => {}).tokens.filter(
      ({ tokenType, startOffset }) => isSpoken.has(tokenType) && hover(ws, path, startOffset + 1) === undefined,
    );
    expect(silent.map(({ startOffset, end }) => around(text, { start: startOffset, end }))).toEqual([]);
  });

  it("shows nothing where nothing is", () => {
    const { ws, path } = marked(`\n\n${file}`);
    expect(hover(ws, path, 1)).toBeUndefined();
  });
});

describe("signature help", () => {
  const help = (expression: string) => {
    const { ws, path, offset } = marked(`${file}step more from orders {\n  filter ${expression}\n}\n`);
    const found = signatureHelp(ws, path, offset);
    if (!found) return undefined;
    const { label, parameters } = found.signatures[found.activeSignature]!;
    const active = parameters[found.activeParameter];
    return active
      ? `${label.slice(0, active.start)}«${label.slice(active.start, active.end)}»${label.slice(active.end)}`
      : label;
  };

  it("marks the parameter that is being typed, in calls that are not closed too", () => {
    expect(help("large(‸")).toBe("fn large(«total: double», least: double): bool");
    expect(help("large(data.total, ‸)")).toBe("fn large(total: double, «least: double»): bool");
    expect(help('data.id.replace("a", ‸')).toBe("string.replace(old: string, «new: string»): string");
    expect(help("math.greatest([1, ‸")).toContain("math.greatest(");
    expect(help("data.id.split(string(‸")).toContain("string(«");
  });

  it("stays with the last parameter of those that take any number", () => {
    expect(help("math.greatest(1, 2, ‸")).toContain("...»");
  });

  it("knows references to secrets", () => {
    const { ws, path, offset } = marked('source a { kafka { sasl: { password: secret("kafka", ‸');
    expect(signatureHelp(ws, path, offset)).toMatchObject({
      signatures: [{ label: "secret(name: string, key: string)" }],
      activeParameter: 1,
    });
  });

  it("has nothing to say outside of calls", () => {
    expect(help("data.id == ‸")).toBeUndefined();
    expect(help("(data.id == ‸")).toBeUndefined();
  });
});
