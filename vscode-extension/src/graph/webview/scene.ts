/** The picture: a card per node, a line per edge, a box per stage, each kept while it is in the graph and changed only where it differs. */
import type { Graph } from "../graph-data.ts";
import type { Shown } from "../held.ts";
import { drawnStages, type Places, stageTitle } from "../layout-input.ts";
import type { View } from "../viewport.ts";
import { type EdgeLine, edgeLine } from "./edge-line.ts";
import { element, setAttribute, setText, svgElement } from "./element.ts";
import { type NodeCard, nodeCard } from "./node-card.ts";

export class Scene {
  readonly #world = element("div", "world");
  readonly #stages = element("div", "stages");
  readonly #lines = svgElement("svg", { class: "lines", "aria-hidden": "true" });
  readonly #labels = element("div", "labels", { "aria-hidden": "true" });
  readonly #nodes = element("div", "nodes");
  readonly #stageBoxes = new Map<string, { readonly box: HTMLElement; readonly title: HTMLElement }>();
  readonly #edges = new Map<string, EdgeLine>();
  readonly #cards = new Map<string, NodeCard>();
  #near: string | undefined;

  constructor(page: HTMLElement) {
    const definitions = svgElement("defs");
    definitions.append(marker("arrow"), marker("arrow-near"), marker("arrow-side"));
    this.#lines.append(definitions);
    this.#world.append(this.#stages, this.#lines, this.#labels, this.#nodes);
    page.append(this.#world);
  }

  card(name: string | undefined): HTMLElement | undefined {
    return name === undefined ? undefined : this.#cards.get(name)?.element;
  }

  /** What is said of nodes and edges. New ones stay unseen until they have a place. */
  update({ graph, held }: Shown): void {
    keep(this.#cards, new Set(graph.nodes.map(({ name }) => name)), (card) => card.element.remove());
    for (const node of graph.nodes) {
      const card = this.#cards.get(node.name) ?? this.#newCard(node.name);
      card.update(node, graph, held.has(node.name));
    }
    keep(this.#edges, new Set(graph.edges.map(({ id }) => id)), ({ line, label }) => {
      line.remove();
      label.remove();
    });
    for (const edge of graph.edges) {
      const line = this.#edges.get(edge.id) ?? this.#newEdge(edge);
      line.update(edge, held.has(edge.from) || held.has(edge.to));
      line.setNear(edge.from === this.#near || edge.to === this.#near);
    }
    this.#inReadingOrder(graph);
  }

  place(places: Places, graph: Graph): void {
    setAttribute(this.#lines, "width", String(Math.ceil(places.width)));
    setAttribute(this.#lines, "height", String(Math.ceil(places.height)));
    const placed: Element[] = [];
    for (const [name, card] of this.#cards) {
      const box = places.nodes.get(name);
      if (!box) continue;
      card.place(box);
      placed.push(card.element);
    }
    for (const [id, line] of this.#edges) {
      const place = places.edges.get(id);
      if (!place) continue;
      line.place(place.points, place.label);
      placed.push(line.line, line.label);
    }
    this.#appear(placed);
    const stages = drawnStages(graph);
    keep(this.#stageBoxes, new Set(stages.map(({ name }) => name)), ({ box, title }) => {
      box.remove();
      title.remove();
    });
    for (const stage of stages) {
      const { box, title } = this.#stageBoxes.get(stage.name) ?? this.#newStage(stage.name);
      const place = places.stages.get(stage.name);
      setText(title, stageTitle(stage));
      setAttribute(title, "title", stageTitle(stage));
      if (!place) continue;
      box.style.width = `${place.width}px`;
      box.style.height = `${place.height}px`;
      title.style.maxWidth = `${place.width - 16}px`;
      for (const one of [box, title]) one.style.transform = `translate(${place.x}px, ${place.y}px)`;
    }
  }

  /** Where they are, and not on a way there from the corner: the browser has to have seen the place before they may move. */
  #appear(placed: readonly Element[]): void {
    this.#world.getBoundingClientRect();
    for (const one of placed) show(one);
  }

  /** The node that the text's cursor is in. */
  setCurrent(name: string | undefined): void {
    for (const [own, { element: card }] of this.#cards)
      setAttribute(card, "aria-current", own === name ? "true" : undefined);
  }

  /** The node that the Tab key comes to. */
  setEntry(name: string | undefined): void {
    for (const [own, { element: card }] of this.#cards) setAttribute(card, "tabindex", own === name ? "0" : "-1");
  }

  /** The edges of this node stand out. */
  setNear(name: string | undefined): void {
    this.#near = name;
    for (const line of this.#edges.values()) line.setNear(line.edge.from === name || line.edge.to === name);
  }

  setView({ x, y, zoom }: View): void {
    this.#world.style.transform = `translate(${x}px, ${y}px) scale(${zoom})`;
    this.#world.classList.toggle("far", zoom < 0.55);
  }

  #newCard(name: string): NodeCard {
    const card = nodeCard(name);
    hide(card.element);
    this.#cards.set(name, card);
    this.#nodes.append(card.element);
    return card;
  }

  #newEdge(edge: Graph["edges"][number]): EdgeLine {
    const line = edgeLine(edge);
    hide(line.line);
    hide(line.label);
    this.#edges.set(edge.id, line);
    this.#lines.append(line.line);
    this.#labels.append(line.label);
    return line;
  }

  /** Its title lies above the lines. */
  #newStage(name: string): { readonly box: HTMLElement; readonly title: HTMLElement } {
    const made = { box: element("div", "stage", { "data-stage": name }), title: element("div", "stage-title") };
    this.#stageBoxes.set(name, made);
    this.#stages.append(made.box);
    this.#labels.append(made.title);
    return made;
  }

  /** As in the text: screen readers go by it. A card that stands right is not moved, so that it keeps the focus. */
  #inReadingOrder({ nodes }: Graph): void {
    let next = this.#nodes.firstElementChild;
    for (const { name } of nodes) {
      const card = this.#cards.get(name)!.element;
      if (card === next) next = next.nextElementSibling;
      else if (card !== document.activeElement) this.#nodes.insertBefore(card, next);
    }
  }
}

const hide = (one: Element): void => one.classList.add("unplaced");
const show = (one: Element): void => one.classList.remove("unplaced");

/** Drops what is not in `names`. */
function keep<T>(all: Map<string, T>, names: ReadonlySet<string>, drop: (one: T) => void): void {
  for (const [name, one] of all) {
    if (names.has(name)) continue;
    drop(one);
    all.delete(name);
  }
}

function marker(id: string): SVGMarkerElement {
  const made = svgElement("marker", {
    id,
    viewBox: "0 0 8 8",
    refX: "7",
    refY: "4",
    markerWidth: "8",
    markerHeight: "8",
    markerUnits: "userSpaceOnUse",
    orient: "auto",
  });
  made.append(svgElement("path", { d: "M0 .6 7.4 4 0 7.4z" }));
  return made;
}
