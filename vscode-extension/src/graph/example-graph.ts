/** Graphs in a line, for tests: `a>b(.errors) b>c | b!` gives three nodes, two edges, and an error at b. */
import type { Graph, GraphEdge, GraphNode, Place } from "./graph-data.ts";

export function exampleGraph(text: string, more: Partial<Graph> = {}): Graph {
  const [arrows = "", marks = ""] = text.split("|");
  const edges = [...arrows.matchAll(/(\w+)>(\w+)(?:\(([^)]*)\))?/g)].map(
    ([, from = "", to = "", label = ""]): GraphEdge => {
      const kind = label === ".errors" ? "errors" : label === ".late" ? "late" : "main";
      return { id: `${from}→${to}`, from, to, kind, label, at: examplePlace(`${from}→${to}`) };
    },
  );
  const names = [...new Set(arrows.match(/\w+(?![^(]*\))/g))];
  const nodes = names.map((name): GraphNode => {
    const isBad = marks.includes(`${name}!`);
    const at = examplePlace(name);
    const problem = { severity: "error", code: "FLOW2001", message: `No ${name}.`, at } as const;
    return { name, kind: "step", detail: "filter", type: "Order", at, whole: at, problems: isBad ? [problem] : [] };
  });
  return { uri: "file:///a.flow", name: "p", broken: false, nodes, edges, stages: [], problems: [], ...more };
}

/** Each name has a line of its own. */
export function examplePlace(name: string): Place {
  const line = [...name].reduce((sum, letter) => sum * 31 + (letter.codePointAt(0) ?? 0), 0);
  return {
    uri: "file:///a.flow",
    range: { start: { line, character: 0 }, end: { line, character: name.length } },
  };
}
