/** How each kind of node looks, in every picture of a graph: in files and in editors. */
import type { GraphNode } from "./graph.ts";

export const colours: Readonly<Record<GraphNode["kind"], { readonly light: string; readonly dark: string }>> = {
  source: { light: "#1f8a5b", dark: "#3fb984" },
  step: { light: "#2f6bd0", dark: "#6a9df5" },
  window: { light: "#7b4fd0", dark: "#a98af0" },
  chunk: { light: "#b8650f", dark: "#e39a4a" },
  sink: { light: "#c0366a", dark: "#ec739f" },
  table: { light: "#3f7688", dark: "#74b3c6" },
};

/** Drawn with a stroke in a square of 16. */
export const icons: Readonly<Record<GraphNode["kind"], string>> = {
  source: "M2.5 8h8M7.5 4.8 10.7 8l-3.2 3.2M13.5 3v10",
  step: "M3 4.5 6.5 8 3 11.5M8.5 12h5",
  window: "M2.5 3.5h11v9h-11zM2.5 6.5h11M8 6.5v6",
  chunk: "M2.5 4h4.2v8H2.5zM9.3 4h4.2v8H9.3z",
  sink: "M2.5 3v10M5.5 8h8M10.3 4.8 13.5 8l-3.2 3.2",
  table: "M2.5 3.5h11v9h-11zM2.5 8h11M6.5 3.5v9",
};
