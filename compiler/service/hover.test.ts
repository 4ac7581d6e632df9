import { describe, expect, it } from "vitest";
import { around, marked } from "../../test/support/service-workspace.ts";
import { hover } from "./hover.ts";
import { signatureHelp } from "./signature-help.ts";

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
      "window totals from «big» {\n```flow\nstep big from orders\n```\n\nGives: `Order`\n\nWatermark: of `orders` (largest time seen less 5s)",
    );
    expect(over("source ord‸ers")).toContain("Connector: `kafka`");
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

  it("has nothing to say outside of calls", () => {
    expect(help("data.id == ‸")).toBeUndefined();
    expect(help("(data.id == ‸")).toBeUndefined();
  });
});
