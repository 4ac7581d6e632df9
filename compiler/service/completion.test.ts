/** What completion offers at a cursor, place by place of the grammar, and in which order. */
import { describe, expect, it } from "vitest";
import { diskHost, marked, realFiles } from "../../test/support/service-workspace.ts";
import { completions, resolveCompletion } from "./completion.ts";
import { Workspace } from "./workspace.ts";

const head = `param brokers: [string] = ["k:9092"]
type Order {
  id: string
  total: double
  side: "buy" | "sell"
  note?: string
  items: [{ sku: string, qty: int }]
  at: timestamp
}
fn large(total: double): bool = total > 100.0
source orders: Order { stdin {} }
`;
const tail = "\nsink out from orders { stdout {} }\n";

const labels = (text: string, others: Readonly<Record<string, string>> = {}): readonly string[] => {
  const { ws, path, offset } = marked(head + text + tail, others);
  return completions(ws, path, offset).map(({ label }) => label);
};

/** What the file is when the item has been taken, with tab stops as `‹…›`. */
const taken = (text: string, label: string): string => {
  const { ws, path, offset, text: plain } = marked(text);
  const item = completions(ws, path, offset).find((one) => one.label === label)!;
  return plain.slice(0, item.span.start) + item.newText + plain.slice(item.span.end);
};

describe("in expressions", () => {
  const members = (expression: string): readonly string[] =>
    labels(`step x from orders {\n  filter ${expression}\n  set data.n = 1\n}`);

  it("offers the fields of a type after a dot", () => {
    expect(members("data.‸").slice(0, 6)).toEqual(["id", "total", "side", "note", "items", "at"]);
    expect(members("data.to‸").slice(0, 6)).toEqual(["id", "total", "side", "note", "items", "at"]);
    expect(members("data.items[0].‸").slice(0, 2)).toEqual(["sku", "qty"]);
    expect(members("data.items.exists(i, i.‸)").slice(0, 2)).toEqual(["sku", "qty"]);
  });

  it("offers as keys of a map the fields that may go on, with their values", () => {
    const map = (inside: string) => `${head}step x from orders {\n  map { ${inside} }\n}${tail}`;
    expect(labels("step x from orders { map { id: data.id, ‸ } }")).toEqual(["total", "side", "items", "at", "note"]);
    expect(taken(map("id: data.id, t‸"), "total")).toContain("map { id: data.id, total: data.total }");
    expect(taken(map("‸"), "note")).toContain("map { ?note: data.?note }");
    expect(labels("step x from orders { remove data.note map { ‸ } }")).not.toContain("note");
    expect(labels("step x from orders { map { inner: { ‸ } } }")).toEqual([]);
  });

  it("offers only methods that the type has", () => {
    expect(members("data.id.‸")).toContain("startsWith");
    expect(members("data.id.‸")).not.toContain("exists");
    expect(members("data.items.‸")).toContain("exists");
    expect(members("data.items.‸")).not.toContain("startsWith");
    expect(members("data.at.‸")).toContain("getFullYear");
    expect(members("math.‸")).toContain("round");
  });

  it("puts first what has the expected type", () => {
    expect(members("data.id.‸").indexOf("contains")).toBeLessThan(members("data.id.‸").indexOf("size"));
    expect(members("data.side == ‸").slice(0, 2)).toEqual(['"buy"', '"sell"']);
    expect(members('data.side == "‸"')).toEqual(["buy", "sell"]);
    expect(members("‸")[0]).toBe("large");
    expect(members("data.total > data.‸")[0]).toBe("total");
    expect(members("data.at > timestamp(data.at) - ‸")[0]).toBe("duration");
  });

  it("offers the values of a type in quotes that are not closed yet", () => {
    const { ws, path, offset } = marked(`${head}step x from orders {\n  filter data.side == "‸\n}\n`);
    expect(completions(ws, path, offset).map(({ newText }) => newText)).toEqual(['buy"', 'sell"']);
    expect(members('data.side == "buy"‸')).not.toContain("buy");
  });

  it("offers as the default of a param what its type takes", () => {
    const defaults = (type: string): readonly string[] =>
      labels(`param one: ${type} = ‸`).filter((label) => label !== "data");
    expect(defaults("duration")).toContain("5m");
    expect(defaults("duration")).not.toContain("true");
    expect(defaults('"a" | "b"')).toEqual(['"a"', '"b"']);
    expect(defaults("[string]")).toEqual(["brokers", "[ … ]"]);
    expect(defaults("bool")).toEqual(["true", "false"]);
    expect(defaults("timestamp")).toEqual(["timestamp"]);
    expect(taken(`${head}param one: { n: int, s?: string } = ‸\n`, "{ … }")).toContain(`= { n: \${1:1} }\n`);
  });

  it("knows what is in scope: variables of macros, aggregates, windows", () => {
    expect(members("data.items.exists(item, ‸)")).toContain("item");
    const emit = labels("window w from orders {\n  key data.id\n  fixed 1m\n  emit { n: ‸ }\n}");
    expect(emit).toEqual(expect.arrayContaining(["count", "sum", "key", "window", "pane"]));
    expect(emit).not.toContain("data");
    expect(labels("window w from orders {\n  fixed 1m\n  emit { n: sum(‸) }\n}")).toContain("data");
    expect(members("‸")).not.toContain("count");
  });

  it("offers parameters in a function, and no variables of events", () => {
    expect(labels("fn f(text: string): int = ‸")).toContain("text");
    expect(labels("fn f(text: string): int = ‸")).not.toContain("data");
  });

  it("writes calls with their brackets, but not twice", () => {
    const before = "source a { stdin {} }\nstep x from a {\n  filter string(data).";
    expect(taken(`${before}‸\n}`, "contains")).toContain(".contains($1)");
    expect(taken(`${before}con‸("x")\n}`, "contains")).toContain('.contains("x")');
  });
});

describe("in the grammar", () => {
  it("offers declarations at the margin, `pipeline` only once", () => {
    expect(labels("‸")).toEqual(expect.arrayContaining(["pipeline", "source", "step", "test"]));
    expect(labels("pipeline p {}\nso‸")).not.toContain("pipeline");
  });

  it("goes on with a header", () => {
    expect(labels("step x ‸")).toEqual(["from"]);
    expect(labels("step x from orders ‸")).toEqual(["where"]);
    expect(labels("window x from orders ‸")).toEqual(["as", "where"]);
    expect(labels("step y from orders where true {}\nstep x from orders ‸")).toEqual(["where", "otherwise"]);
    expect(labels("step x from orders where data.id ‸ {}")).toEqual(expect.arrayContaining(["==", "in", "&&"]));
    expect(labels("step x from orders where ‸ {}")).toContain("data");
    expect(labels("source b: ‸ {}").slice(0, 2)).toEqual(["Order", "string"]);
    expect(labels("step b: ‸").slice(0, 2)).toEqual(["Order", "string"]);
    expect(labels("step b: Order ‸")).toEqual(["from"]);
    expect(labels('step b: Order from orders { process { command: ["b"] } filter data.‸ }')).toContain("side");
  });

  it("offers nodes that can be read, and never one that would close a circle", () => {
    expect(labels("step x from ‸")).toContain("orders");
    expect(labels("step x from ‸ {}\nstep y from x {}")).not.toContain("y");
    expect(labels("step x from orders.‸ {}")).toEqual(["errors"]);
  });

  it("offers the clauses that are not there yet", () => {
    expect(labels("source b { ‸ }")).toEqual(expect.arrayContaining(["stdin", "kafka", "watermark"]));
    const second = labels("source b {\n  stdin {}\n  watermark 5s\n  ‸\n}");
    expect(second).toContain("time");
    expect(second).not.toContain("kafka");
    expect(second).not.toContain("watermark");
    expect(labels("window w from orders {\n  fixed 1m\n  ‸\n}")).not.toContain("session");
    expect(labels("window w from orders {\n  fixed 1m\n  ‸\n}")[0]).toBe("emit");
  });

  it("offers the words and values of a clause", () => {
    expect(labels("source b {\n  stdin {}\n  watermark 5s ‸\n}")).toEqual(["idle", "ahead"]);
    expect(labels("source b {\n  stdin {}\n  format ‸\n}")).toContain("csv");
    expect(labels("window w from orders { fixed 5‸ }")).toEqual(["5ms", "5s", "5m", "5h", "5d"]);
    expect(labels("window w from orders { sliding 10m ‸ }")).toEqual(["every"]);
    expect(labels("step x from orders {\n  set data.items = []\n  remove data.‸\n}")).toContain("note");
  });

  it("goes on with what is half written of a clause, wherever in it the cursor is", () => {
    expect(labels("source b {\n  stdin {}\n  watermark 5s ‸ ahead 1h\n}")).toEqual(["idle"]);
    expect(labels("step b from orders {\n  replicas 0..10 by ‸\n}")).toEqual(["lag"]);
    expect(labels("sink b from orders {\n  stdout {}\n  retry 5 else ‸\n}")).toEqual(["dead_letter", "drop", "fail"]);
    expect(labels("step b from orders {\n  throttle 100/‸\n}")).toEqual(["s", "m", "h"]);
    expect(labels("window w from orders {\n  sliding 10m every ‸\n}")).not.toContain("15m");
    expect(labels("pipeline p {\n  errors dead_letter { ‸ }\n}")).toEqual(expect.arrayContaining(["file", "format"]));
    expect(labels("step b from orders {\n  container ‸\n}")).toEqual(['""']);
  });

  it("offers operators behind a whole operand, those that its type has", () => {
    expect(labels("step b from orders {\n  filter data.total ‸\n}")).toEqual(expect.arrayContaining(["==", "<", "*"]));
    expect(labels("step b from orders {\n  filter data.total ‸\n}")).not.toContain("&&");
    expect(labels("step b from orders {\n  filter data.total > 1.0 ‸\n}")).toContain("&&");
  });

  it("offers nothing that the grammar refuses there", () => {
    expect(labels("step b from orders {\n  filter data.total > ‸ 3\n}")).toEqual([]);
    expect(labels("step b from orders {\n  ‸filter data.total > 3.0\n}")).not.toContain("set");
    expect(labels('source b { ‸kafka { topic: "t", brokers: [] } }')).toEqual(["kafka"]);
    expect(labels("fn f(a: int): int = a + ‸\nfn g(a: int): int = f(a)")).not.toContain("f");
    expect(labels("fn f(a: int): int = ‸\nfn g(a: int): int = f(a)")).not.toContain("g");
  });

  it("offers the fields that a file reads of values of any type", () => {
    expect(
      labels("source b { stdin {} }\nstep c from b { filter data.paid }\nstep d from b { filter data.‸ }"),
    ).toContain("paid");
  });

  it("offers secrets for what must not be written down", () => {
    expect(labels('source b { kafka { topic: "t", sasl: { password: ‸ } } }')[0]).toBe("secret");
    expect(labels("step b from orders { process { command: [], env: { TOKEN: ‸ } } }")[0]).toBe("secret");
  });

  it("writes a whole event of the type", () => {
    expect(
      taken(
        'type A { id: string, n: int, note?: string }\nsource a: A { stdin {} }\ntest "t" {\n  a at 0s ‸\n}',
        "{ … }",
      ),
    ).toContain(`a at 0s { id: "$1", n: \${2:1} }`);
  });

  it("offers the codes that a comment can silence, those of the line first", () => {
    const found = labels("// flow-ignore ‸\nparam unused: int = 1");
    expect(found[0]).toBe("FLOW9001");
    expect(labels("// ‸\nparam unused: int = 1")).toEqual(["flow-ignore FLOW9001"]);
  });

  it("offers the options of a connector, required ones first, and their values", () => {
    expect(labels("source b { kafka { ‸ } }")[0]).toBe("topic");
    expect(labels('source b { kafka { topic: "t", ‸ } }')).not.toContain("topic");
    expect(labels("source b { kafka { brokers: ‸ } }")).toContain("brokers");
    expect(labels('source b { kafka { topic: "t", start: "‸" } }')).toEqual(["earliest", "latest"]);
    expect(labels('source b { kafka { topic: "t1" } }\nsink c from b { kafka { topic: "‸" } }')).toEqual(["t1"]);
  });

  it("writes a connector with what it needs, less what the pipeline's defaults give", () => {
    expect(taken("source b { kaf‸ }\n", "kafka")).toContain('kafka { topic: "$1", brokers: ["$2"] }');
    expect(taken('pipeline p { kafka { brokers: ["x:1"] } }\nsource b { kaf‸ }\n', "kafka")).toContain(
      '{ kafka { topic: "$1" } }',
    );
  });

  it("offers statements, nodes and fields in a test", () => {
    expect(labels('test "a" {\n  ‸\n}')).toEqual(expect.arrayContaining(["orders", "watermark", "expect"]));
    expect(labels('test "a" {\n  orders at 0s { id: "1", ‸ }\n}')).toEqual(["total", "side", "note", "items", "at"]);
    expect(labels('test "a" {\n  expect ‸\n}')).toEqual(expect.arrayContaining(["orders", "out", "nothing from"]));
    expect(labels('test "a" {\n  orders ‸\n}')).toEqual(["at"]);
  });

  it("offers nothing in comments, new names and plain strings", () => {
    expect(labels("// da‸")).toEqual([]);
    expect(labels("source ‸")).toEqual([]);
    expect(labels('step x from orders {\n  set data.a = "da‸"\n}')).toEqual([]);
  });
});

describe("across files", () => {
  const others = {
    "lib/common.flow": "type Team { id: string }\nfn twice(n: int): int = n * 2\n",
    "lib/clash.flow": "type Order { id: string }\n",
  };

  it("imports a name that another file declares", () => {
    const { ws, path, offset } = marked(`source teams: Te‸ { stdin {} }\n`, others);
    const item = completions(ws, path, offset).find(({ label }) => label === "Team")!;
    expect(item.detail).toBe("from ./lib/common.flow");
    expect(item.additionalEdits).toEqual([{ file: path, start: 0, end: 0, newText: 'import "./lib/common.flow"\n\n' }]);
  });

  it("imports behind the comment of the line before, with the line ends of the file", () => {
    const imported = (text: string): string => {
      const { ws, path, offset, text: plain } = marked(text, others);
      const item = completions(ws, path, offset).find(({ label }) => label === "Team")!;
      return item.additionalEdits!.reduce(
        (now, edit) => now.slice(0, edit.start) + edit.newText + now.slice(edit.end),
        plain,
      );
    };
    const rest = "source teams: Team { stdin {} }";
    expect(imported(`pipeline p // mine\n\nsource teams: Team‸ { stdin {} }`)).toBe(
      `pipeline p // mine\n\nimport "./lib/common.flow"\n\n${rest}`,
    );
    expect(imported(`import "./x.flow"\r\n\r\nsource teams: Team‸ { stdin {} }`)).toBe(
      `import "./x.flow"\r\nimport "./lib/common.flow"\r\n\r\n${rest}`,
    );
  });

  it("offers no import that would declare a name twice", () => {
    const { ws, path, offset } = marked(`type Order { x: int }\nsource teams: ‸ { stdin {} }\n`, others);
    const found = completions(ws, path, offset);
    expect(found.filter(({ label }) => label === "Order")).toHaveLength(1);
  });

  it("offers what lies in a folder, for samples, schemas and files", () => {
    const names: Readonly<Record<string, readonly string[]>> = {
      flows: ["input/", "order.schema.json", "orders.ndjson", "a.flow"],
      "flows/input": ["orders.csv"],
    };
    const inFolder = (folder: string) => names[folder.replace(/\/$/, "")] ?? [];
    const offered = (marked: string) => {
      const offset = marked.indexOf("‸");
      const ws = new Workspace(diskHost, { inFolder });
      ws.open("flows/main.flow", marked.replace("‸", ""));
      return completions(ws, "flows/main.flow", offset).map(({ label }) => label);
    };
    expect(offered('type A from schema("‸")')).toEqual(["order.schema.json", "input/"]);
    expect(offered('type A from sample("ord‸")')).toEqual(["order.schema.json", "orders.ndjson", "input/"]);
    expect(offered('source a { file { path: "input/‸" } }')).toEqual(["input/orders.csv"]);
  });

  it("offers topics and secrets of other files of the workspace, in quotes that are open or closed", () => {
    const seen = {
      "lib/clicks.flow": 'source c { kafka { topic: "clicks", sasl: { password: secret("k", "p") } } }\n',
    };
    expect(labels('source b { kafka { topic: "‸" } }', seen)).toEqual(["clicks"]);
    expect(labels('source b { kafka { topic: "cl‸', seen)).toEqual(["clicks"]);
    expect(labels('source b { kafka { sasl: { password: secret("k", "‸") } } }', seen)).toEqual(["p"]);
  });

  it("offers files to import", () => {
    expect(labels('import "‸"', others)).toEqual(["./lib/common.flow", "./lib/clash.flow"]);
  });
});

it("adds documentation when asked for", () => {
  const { ws, path, offset } = marked(`${head}step x from orders {\n  filter ‸\n}\n`);
  const items = completions(ws, path, offset);
  const documentation = (label: string): string | undefined =>
    resolveCompletion(ws, items.find((item) => item.label === label)!).documentation;
  expect(documentation("large")).toContain("fn large(total: double): bool");
  expect(documentation("matches")).toContain("regular expression");
  expect(documentation("data")).toContain("payload");
});

it("says in the documentation of a clause nothing twice that its detail says", () => {
  const { ws, path, offset } = marked(`${head}step x from orders {\n  ‸\n}\n`);
  const filter = completions(ws, path, offset).find(({ label }) => label === "filter")!;
  const { detail, documentation } = resolveCompletion(ws, filter);
  expect(detail).toBe("filter <test>");
  expect(documentation).not.toContain("filter <test>");
  expect(documentation).toContain("filter data.");
});

describe("an item", () => {
  const mistakesIn = (ws: Workspace, path: string): readonly string[] =>
    ws.file(path).diagnostics.flatMap(({ code, severity }) => (severity === "error" && isOfNames(code) ? [code] : []));
  /** Syntax, names and the graph; a value of another type may still be gone on with: `data.name.size() > 3`. */
  const isOfNames = (code: string): boolean => /^FLOW([12]|3004|400[146])/.test(code);
  const files = realFiles().filter((path) => path.startsWith("examples/"));

  it.each(files)("that is taken at the end of a line, or for a field, makes no new mistake in %s", (path) => {
    const text = diskHost.readFile(path)!;
    const ws = new Workspace(diskHost);
    ws.open(path, text);
    const before = mistakesIn(ws, path);
    const places = [...text.matchAll(/^ {2}(?=[a-z]+ .*[^{[(,]$)/gm)].map((found) => ({ at: found.index, line: "\n" }));
    const fields = [...text.matchAll(/\bdata\.(?=[a-z_]+\b(?!["'[(]))/g)].map((found) => ({
      at: found.index + 5,
      line: "",
    }));
    for (const { at, line } of [...places.slice(0, 4), ...fields.slice(0, 4)]) {
      const withLine = text.slice(0, at) + line + text.slice(at);
      ws.change(path, withLine);
      for (const item of completions(ws, path, at)) {
        if (/\$\d/.test(item.newText.replace(/\{ ?\$\d ?\}/, ""))) continue;
        if (item.kind === "connector" || item.label === "container") continue;
        const plain = item.newText.replace(/\$\{\d:([^}]*)\}/g, "$1").replace(/\$\d/g, "");
        ws.change(path, withLine.slice(0, item.span.start) + plain + withLine.slice(item.span.end));
        expect([item.newText, ...mistakesIn(ws, path)]).toEqual([item.newText, ...before]);
      }
    }
  });
});
