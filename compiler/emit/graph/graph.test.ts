/** The graph of a pipeline: what its nodes and edges say, and how it is drawn. */
import { describe, expect, it } from "vitest";
import { hostOf } from "../../../test/support/golden-phases.ts";
import { compile } from "../../compile.ts";
import { memoryHost } from "../../source/host.ts";
import { type Graph, graphOf } from "./graph.ts";
import { layoutOf } from "./layout.ts";
import { svg } from "./svg.ts";
import { dot, graphJson, mermaid } from "./text-forms.ts";

function golden(name: string): Graph {
  const { ir } = compile("pipeline.flow", hostOf(`test/goldens/${name}`));
  if (ir === undefined) throw new Error(`'${name}' does not compile`);
  return graphOf(ir);
}

const hostile: Graph = {
  name: "x",
  description: `</desc><script>alert("1")</script>\n-->`,
  nodes: [
    { id: "end", kind: "source", label: "end", detail: `"];x-->y<b>&\u0000`, type: "{ a: <T> }" },
    { id: "b", kind: "sink", label: "b", detail: "stdout" },
  ],
  edges: [{ from: "end", to: "b", kind: "main", label: `where data.a == "<\\">" || data.b & 1` }],
  stages: [],
};

it("names what each node does and on which condition events go where", () => {
  const { nodes, edges } = golden("routing");
  expect(nodes.map(({ id, detail, type }) => [id, detail, type])).toEqual([
    ["orders", "stdin", "Order"],
    ["large", "file large.ndjson", undefined],
    ["dollars", "file dollars.ndjson", undefined],
    ["rest", "file rest.ndjson", undefined],
    ["audit", "file audit.ndjson", undefined],
  ]);
  expect(edges.map(({ to, label }) => `${to}: ${label}`)).toEqual([
    "large: where data.total > 1000.0",
    'dollars: where data.currency == "USD"',
    "rest: otherwise",
    "audit: ",
  ]);
});

it("draws side outputs and tables as edges of their own kinds", () => {
  expect(golden("errors").edges.filter((edge) => edge.kind === "errors")).toEqual([
    { from: "parse", to: "explain", kind: "errors", label: ".errors" },
  ]);
  expect(golden("table-enrich").edges.filter((edge) => edge.kind === "table")).toEqual([
    { from: "teams", to: "enriched", kind: "table", label: "" },
  ]);
});

it("names the stages, and the topic of each edge between two of them", () => {
  const { stages, edges } = golden("placement");
  expect(stages).toEqual([
    { name: "orders", replicas: "replicas partitions" },
    { name: "paid-out", replicas: "replicas 1..20" },
  ]);
  expect(edges.map(({ from, to, topic }) => [from, to, topic])).toEqual([
    ["orders", "paid", "argo.placement.paid"],
    ["paid", "out", undefined],
  ]);
});

describe("the SVG", () => {
  it("is the same every time", async () => {
    expect(await svg(golden("window-kinds"))).toBe(await svg(golden("window-kinds")));
  });

  it("lets no text of the pipeline become markup", async () => {
    const text = await svg(hostile);
    expect(
      text.match(/<(\w+)/g)?.filter((tag) => !/^<(svg|title|desc|style|defs|marker|path|rect|g|text)$/.test(tag)),
    ).toEqual([]);
    expect(text).not.toMatch(/\p{Cc}(?<!\n)|alert\("|&(?!amp;|lt;|gt;|quot;|#39;)/u);
  });

  it("puts no box on another and every edge from one box to another", async () => {
    const { nodes, edges } = await layoutOf(golden("window-kinds"));
    const overlapping = nodes.flatMap((a, i) =>
      nodes
        .slice(i + 1)
        .filter((b) => a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height),
    );
    expect(overlapping).toEqual([]);
    for (const { edge, points } of edges) {
      const [from, to] = [edge.from, edge.to].map((id) => nodes.find(({ node }) => node.id === id)!);
      expect([points[0]!.x, points.at(-1)!.x]).toEqual([from!.x + from!.width, to!.x]);
    }
  });

  it("draws a pipeline of a hundred nodes and one without any", async () => {
    const steps = Array.from(
      { length: 98 },
      (_, i) => `step s${i} from ${i === 0 ? "a" : `s${i - 1}`} { filter data.x == ${i} }`,
    ).join("\n");
    const { ir } = compile(
      "p.flow",
      memoryHost({ "p.flow": `source a { stdin {} }\n${steps}\nsink z from s97 { stdout {} }\n` }),
    );
    expect((await svg(graphOf(ir!))).match(/class="box"/g)).toHaveLength(100);
    expect(await svg({ name: "empty", nodes: [], edges: [], stages: [] })).toContain("<svg");
  });
});

it("escapes what Mermaid and DOT would read as their own", () => {
  expect(mermaid(hostile)).toContain('n_end(["end<br/>#34;#93;#59;x--#62;y#60;b#62;#38;"])');
  expect(dot(hostile)).toContain('label="where data.a == \\"<\\\\\\">\\" || data.b & 1"');
  expect(JSON.parse(graphJson(hostile))).toEqual(hostile);
});
