/** The graph beside the text: nodes, places and problems, on broken files too. */
import { expect, it } from "vitest";
import { marked } from "../../test/support/service-workspace.ts";
import { graphPreview } from "./graph-preview.ts";

/** A node to a line with its problems, an edge to a line, the problems elsewhere, and the text at each place. */
function drawn(flow: string): string {
  const { ws, path, text } = marked(flow);
  const graph = graphPreview(ws, path);
  const at = ({ start, end }: { start: number; end: number }) => text.slice(start, end);
  const problems = (all: typeof graph.problems) => all.map((one) => `  ${one.severity} ${one.code} at '${at(one.at)}'`);
  return [
    ...graph.nodes.flatMap(({ kind, name, detail, type, stage, replicas, at: place, problems: own }) => {
      expect(at(place)).toBe(name);
      return [
        [kind, name, detail, type, stage && `(${stage})`, replicas].filter(Boolean).join(" | "),
        ...problems(own),
      ];
    }),
    ...graph.edges.map(({ from, to, label, topic, kind, at: place }) =>
      [`${from} → ${to}`, kind === "main" ? "" : kind, label, topic && `over ${topic}`, `'${at(place)}'`]
        .filter(Boolean)
        .join(" | "),
    ),
    ...graph.stages.map(({ name, replicas }) => ["stage", name, replicas].filter(Boolean).join(" ")),
    ...problems(graph.problems),
    ...(graph.broken ? ["broken"] : []),
  ].join("\n");
}

const good = `pipeline p { kafka { brokers: ["k:1"] } replicas 2 }
type View { user: string, at: timestamp }
source views: View {
  kafka { topic: "views" }
  time data.at
}
window visits from views where data.user != "" {
  key data.user
  session 30m
  emit { user: key, n: count() }
}
sink late from visits.late { stdout {} }
sink out from visits { file { path: "out.ndjson" } }
`;

it("shows type, window, placement and topic of a file that is well", () => {
  expect(drawn(good)).toBe(`source | views | kafka views | View | (views)
window | visits | key data.user · session 30m | { user: string, n: int } | (visits-late-out)
sink | late | stdout | (visits-late-out)
sink | out | file out.ndjson | (visits-late-out)
views → visits | where data.user != "" | over argo.p.visits | 'views where data.user != ""'
visits → late | late | .late | 'visits.late'
visits → out | 'visits'
stage views replicas 2
stage visits-late-out replicas 2`);
});

it("shows a file with errors as far as it is understood, with the problems at their nodes", () => {
  expect(drawn(good.replace("from visits {", "from visit {").replace("session 30m", "session 30"))).toBe(
    `source | views | kafka views | View | (views)
window | visits | key data.user · session | { user: string, n: int } | (visits-late)
  error FLOW3502 at '30'
sink | late | stdout | (visits-late)
sink | out | file out.ndjson | (out)
  error FLOW2001 at 'visit'
views → visits | where data.user != "" | over argo.p.visits | 'views where data.user != ""'
visits → late | late | .late | 'visits.late'
stage views replicas 2
stage visits-late replicas 2
stage out replicas 2`,
  );
});

it("says when the text has a syntax error, and keeps the nodes around it", () => {
  const shown = drawn(good.replace("  session 30m\n", "  session 30m {\n"));
  expect(shown).toContain("source | views");
  expect(shown).toMatch(/broken$/);
});

it("draws one node of each name, with the problems of all of that name", () => {
  expect(
    drawn("source a { stdin {} }\nsource a { stdin {} }\nsink b from a { stdout {} }\n"),
  ).toBe(`source | a | stdin | any | (a-b)
  error FLOW2003 at 'a'
sink | b | stdout | (a-b)
a → b | 'a'
stage a-b`);
});

it("keeps problems that lie in no node apart, and draws nothing of an empty file", () => {
  expect(drawn("type A { b: Nothing }\nsource a: A { stdin {} }\nsink b from a { stdout {} }\n")).toContain(
    "stage a-b\n  error FLOW2002 at 'Nothing'",
  );
  expect(drawn("")).toBe("  warning FLOW4015 at ''");
});

it("draws nodes on a cycle, opened where it closes", () => {
  expect(drawn("step a from b { filter true }\nstep b from a { filter true }\n")).toContain(
    "error FLOW4001 at 'a'\nb → a",
  );
});

it("points table edges at the node that looks into the table", () => {
  const flow = `table teams { file { path: "t.csv" } key data.id }
source a { stdin {} }
step b from a { set data.team = teams[data.team].?name.orValue("") }
sink c from b { stdout {} }
`;
  expect(drawn(flow)).toContain("teams → b | table | 'b'");
});
