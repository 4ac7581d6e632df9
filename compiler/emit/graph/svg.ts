/** A graph as SVG: one picture for light and dark, with a title and a description for those who cannot see it. */
import type { Graph } from "./graph.ts";
import { captionOf, footOf, type Layout, layoutOf, type PlacedEdge, type PlacedNode, type Point } from "./layout.ts";
import { colours, icons } from "./look.ts";

export async function svg(graph: Graph): Promise<string> {
  return draw(graph, await layoutOf(graph));
}

function draw(graph: Graph, layout: Layout): string {
  const { width, height } = layout;
  const about = graph.description ?? `A pipeline of ${graph.nodes.length} nodes.`;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" role="img" aria-labelledby="title desc">`,
    `<title id="title">${text(graph.name)}</title>`,
    `<desc id="desc">${text(about)}</desc>`,
    `<style>${style()}</style>`,
    `<defs>${marker("arrow", "head")}${marker("arrow-side", "head side")}</defs>`,
    `<rect class="paper" width="${width}" height="${height}"/>`,
    ...layout.edges.map(drawEdge),
    ...layout.nodes.map(drawNode),
    ...layout.edges.map(drawLabel),
    "</svg>",
    "",
  ]
    .filter((line, i, all) => line !== "" || i === all.length - 1)
    .join("\n");
}

function drawNode({ node, x, y, width, height }: PlacedNode): string {
  const lines: readonly (readonly [string, string, number])[] = [
    ["caption", captionOf(node), 19],
    ["label", node.label, 36],
    ["detail", node.detail, 52],
    ["type", footOf(node), 66],
  ];
  const texts = lines
    .filter(([, line]) => line !== "")
    .map(([name, line, dy]) => `<text class="${name}" x="${x + 44}" y="${y + dy}">${text(line)}</text>`);
  const title = node.description === undefined ? "" : `<title>${text(node.description)}</title>`;
  return [
    `<g class="${node.kind}">${title}`,
    `<rect class="box" x="${x}" y="${y}" width="${width}" height="${height}" rx="10"/>`,
    `<rect class="badge" x="${x + 10}" y="${y + 12}" width="24" height="24" rx="7"/>`,
    `<path class="icon" transform="translate(${x + 14} ${y + 16})" d="${icons[node.kind]}"/>`,
    ...texts,
    "</g>",
  ].join("");
}

function drawEdge({ edge, points }: PlacedEdge): string {
  if (points.length === 0) return "";
  const side = edge.kind === "main" ? "" : " side";
  return `<path class="edge${side}" d="${rounded(points)}" marker-end="url(#arrow${side ? "-side" : ""})"/>`;
}

function drawLabel({ edge, label }: PlacedEdge): string {
  if (label === undefined) return "";
  const { x, y, width, height } = label;
  return `<g class="note"><rect x="${x}" y="${y}" width="${width}" height="${height}" rx="5"/><text x="${x + width / 2}" y="${y + height / 2 + 3.7}">${text(edge.label)}</text></g>`;
}

/** Corners of radius 6. */
function rounded(points: readonly Point[]): string {
  const path = [`M${at(points[0]!)}`];
  for (let i = 1; i < points.length - 1; i++) {
    const corner = points[i]!;
    path.push(`L${at(toward(corner, points[i - 1]!))}Q${at(corner)} ${at(toward(corner, points[i + 1]!))}`);
  }
  return [...path, `L${at(points.at(-1)!)}`].join("");
}

function toward(from: Point, to: Point): Point {
  const length = Math.hypot(to.x - from.x, to.y - from.y);
  const share = length === 0 ? 0 : Math.min(6, length / 2) / length;
  return { x: from.x + (to.x - from.x) * share, y: from.y + (to.y - from.y) * share };
}

const at = ({ x, y }: Point): string => `${round(x)} ${round(y)}`;
const round = (value: number): number => Math.round(value * 100) / 100;

const marker = (id: string, name: string): string =>
  `<marker id="${id}" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" markerHeight="7" orient="auto"><path class="${name}" d="M0 .6 7.4 4 0 7.4z"/></marker>`;

/** Colours are spelled out, not CSS variables, which some viewers do not know. */
function style(): string {
  const kinds = (tone: "light" | "dark") =>
    Object.entries(colours)
      .map(
        ([kind, colour]) =>
          `.${kind} .badge{fill:${colour[tone]}}.${kind} .caption{fill:${colour[tone]}}.${kind} .box{stroke:${colour[tone]}}`,
      )
      .join("");
  const sans = "font-family:system-ui,-apple-system,'Segoe UI',Roboto,sans-serif";
  const mono = "font-family:ui-monospace,'SF Mono',Menlo,Consolas,monospace";
  return [
    ".paper{fill:#fbfbfd}.box{fill:#fff;stroke-width:1.4}",
    ".icon{fill:none;stroke:#fff;stroke-width:1.6;stroke-linecap:round;stroke-linejoin:round}",
    `text{${sans};fill:#1d2330}.caption{font-size:10px;font-weight:600;letter-spacing:.06em;text-transform:uppercase}`,
    ".label{font-size:14px;font-weight:600}.detail{font-size:11.5px;fill:#4b5468}",
    `.type{${mono};font-size:10.5px;fill:#7a8296}`,
    ".edge{fill:none;stroke:#8a93a6;stroke-width:1.6}.edge.side{stroke-dasharray:5 4;stroke:#b3763a}.head{fill:#8a93a6}.head.side{fill:#b3763a}",
    `.note rect{fill:#fff;stroke:#d9dde6}.note text{${mono};font-size:10.5px;text-anchor:middle;fill:#4b5468}`,
    kinds("light"),
    "@media (prefers-color-scheme:dark){.paper{fill:#14171f}.box{fill:#1d222d}.icon{stroke:#14171f}text{fill:#e8ebf2}.detail{fill:#aab3c5}.type{fill:#8089a0}",
    ".edge{stroke:#68728a}.head{fill:#68728a}.edge.side{stroke:#d39a5c}.head.side{fill:#d39a5c}.note rect{fill:#1d222d;stroke:#343b4a}.note text{fill:#aab3c5}",
    `${kinds("dark")}}`,
  ].join("");
}

/** As text or attribute of XML; characters that XML does not allow are left out. */
function text(value: string): string {
  const escapes: Readonly<Record<string, string>> = {
    "&": "&amp;",
    "<": "&lt;",
    ">": "&gt;",
    '"': "&quot;",
    "'": "&#39;",
  };
  return value
    .replace(/[&<>"']/g, (c) => escapes[c]!)
    .replace(/[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/gu, "");
}
