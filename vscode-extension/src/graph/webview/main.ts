/**
 * The page of the graph. Hears graphs and the cursor's node from the extension, says what was clicked.
 *
 * For tests and styles, these names hold:
 * - `[data-node="<name>"]` a node; `data-kind` its kind; `data-problem="error|warning"` where it has one (the message is the
 *   text of its `.foot`); `aria-current="true"` where the text's cursor is; `data-held` while it is kept of an earlier text.
 * - `[data-edge="<from>→<to>"]` a line (`#2` and so on after it for further ones), `[data-edge-label="…"]` its label.
 * - `[data-stage="<name>"]` the box of a stage.
 * - `[data-action="zoomIn|zoomOut|fit|turn|pin"]` the buttons; `#summary` the counts; `#note` the small line, empty when all is well.
 * - `body[data-state="empty|drawn|nothing"]`; `body[data-version]` the version of the text that is drawn.
 */
import { count, problemWords, summary, worst } from "../describe.ts";
import type { Graph } from "../graph-data.ts";
import { type Shown, shownOf } from "../held.ts";
import { type Direction, layoutInput, type Measure, type Places } from "../layout-input.ts";
import { type FromPage, type Target, toPageOf } from "../messages.ts";
import { isArrow, neighbour } from "../neighbour.ts";
import { anchored, firstView, fitted, inSight, revealing, type Size, type View, zoomed } from "../viewport.ts";
import { setAttribute, setText } from "./element.ts";
import { gestures } from "./gestures.ts";
import { Layouts } from "./layout.ts";
import { measure } from "./measure.ts";
import { Scene } from "./scene.ts";
import { type State, stateOf } from "./state.ts";
import { Toolbar } from "./toolbar.ts";

declare function acquireVsCodeApi(): {
  postMessage(message: FromPage): void;
  getState(): unknown;
  setState(state: State): void;
};

const api = acquireVsCodeApi();
const page = elementOf("page");
const note = elementOf("note");
const announcer = elementOf("announcer");
const scene = new Scene(page);
const layouts = new Layouts(document.body.dataset.layout ?? "");
const toolbar = new Toolbar(elementOf("bar"), {
  zoomIn: () => zoomBy(1.25),
  zoomOut: () => zoomBy(0.8),
  fit: () => fit(),
  turn: () => turn(),
  pin: () => setPinned(!isPinned, true),
});

const before = stateOf(api.getState());
let shown: Shown | undefined;
/** The last graph without a syntax error. */
let whole: Graph | undefined;
let places: Places | undefined;
/** Of the places that were asked for last. */
let asked = "";
let view: View = before?.view ?? { x: 0, y: 0, zoom: 1 };
/** Panned or zoomed by hand: then the picture stays as it was put. */
let isPlacedByHand = before?.isPlacedByHand ?? false;
let direction: Direction | undefined = before?.direction;
let isPinned = before?.pinned ?? false;
let current: string | undefined;
let focused: string | undefined;

window.addEventListener("message", ({ data }: MessageEvent<unknown>) => {
  const message = toPageOf(data);
  if (message?.type === "graph") {
    setPinned(message.pinned, false);
    draw(message.graph);
  } else if (message?.type === "current") setCurrent(message.name);
  else if (message?.type === "pinned") setPinned(message.pinned, false);
  else if (message?.type === "nothing") drawNothing(message.reason);
});

function draw(graph: Graph): void {
  const isOther = shown !== undefined && shown.graph.uri !== graph.uri;
  const wasEmpty = shown === undefined || isOther || places === undefined || places.nodes.size === 0;
  if (isOther || (shown === undefined && before?.uri !== graph.uri)) isPlacedByHand = false;
  if (isOther) [whole, current] = [undefined, undefined];
  const next = shownOf(graph, whole);
  if (!graph.broken) whole = graph;
  announce(next.graph, isOther);
  shown = next;
  scene.update(next);
  scene.setCurrent(current);
  updateEntry();
  describePage(next);
  const input = layoutInput(next.graph, currentDirection(), widths());
  const key = JSON.stringify(input);
  if (key === asked && places) {
    drawn(graph);
    return;
  }
  asked = key;
  const { graph: laidOut } = next;
  layouts.ask(
    input,
    isOther ? undefined : places,
    (found) => {
      const old = places;
      places = found;
      scene.place(found, laidOut);
      if (wasEmpty && !isPlacedByHand) view = firstView(found, pageSize(), current);
      else if (old && !wasEmpty) {
        const kept = anchored(view, old, found, pageSize(), [focused, current]);
        view = isPlacedByHand ? kept : inSight(kept, found, pageSize());
      }
      setView(view);
      drawn(graph);
    },
    (reason) => setText(note, `The graph could not be laid out: ${String(reason)}`),
  );
}

function drawn(graph: Graph): void {
  document.body.dataset.state = graph.nodes.length === 0 ? "nothing" : "drawn";
  setAttribute(document.body, "data-version", graph.version === undefined ? undefined : String(graph.version));
  keepState();
}

function drawNothing(reason: string): void {
  setText(note, reason);
  toolbar.setWords("", "");
  document.body.dataset.state = "nothing";
}

function describePage({ graph, held }: Shown): void {
  toolbar.setWords(graph.name, summary(graph));
  setAttribute(page, "aria-label", `Pipeline ${graph.name}: ${summary(graph)}`);
  const problem = worst(graph.problems);
  const more = graph.problems.length > 1 ? ` (and ${count(graph.problems.length - 1, "more problem")})` : "";
  const lines = [
    graph.nodes.length === 0 ? "There is no node to draw yet: write a source." : "",
    held.size > 0 ? "Syntax error: what cannot be read is shown as it last was." : "",
    graph.broken && held.size === 0 ? "Syntax error: shown as far as it can be read." : "",
    problem && graph.nodes.length > 0 ? problemWords(problem) + more : "",
  ];
  setText(note, lines.filter((line) => line !== "").join(" "));
  setAttribute(note, "data-problem", problem?.severity ?? (graph.broken ? "error" : undefined));
}

/** Screen readers hear when problems come and go. */
function announce(graph: Graph, isOther: boolean): void {
  const now = summary(graph);
  if (shown === undefined || isOther || summary(shown.graph) !== now) setText(announcer, `${graph.name}: ${now}`);
}

function setCurrent(name: string | undefined): void {
  if (name === current) return;
  current = name;
  scene.setCurrent(name);
  updateEntry();
  if (focused === undefined) {
    scene.setNear(name);
    reveal(name);
  }
}

/** Tab comes to the node that was focused last, else the cursor's, else the first. */
function updateEntry(): void {
  const names = shown?.graph.nodes.map(({ name }) => name) ?? [];
  scene.setEntry([focused, current].find((name) => name !== undefined && names.includes(name)) ?? names[0]);
}

function setPinned(pinned: boolean, isByHand: boolean): void {
  isPinned = pinned;
  toolbar.setPinned(pinned);
  if (isByHand) api.postMessage({ type: "pin", pinned });
  keepState();
}

function setView(to: View, isByHand = false): void {
  view = to;
  isPlacedByHand ||= isByHand;
  scene.setView(view);
  if (isByHand) keepState();
}

const zoomBy = (factor: number): void => {
  const { width, height } = pageSize();
  setView(zoomed(view, factor, { x: width / 2, y: height / 2 }), true);
};

function fit(): void {
  if (!places) return;
  isPlacedByHand = false;
  setView(fitted(places, pageSize()));
  keepState();
}

function turn(): void {
  direction = direction === "right" ? "down" : "right";
  isPlacedByHand = false;
  places = undefined;
  if (shown) draw(shown.graph);
}

/** At first along the longer side. */
function currentDirection(): Direction {
  const { width, height } = pageSize();
  direction ??= width > 1.15 * height ? "right" : "down";
  return direction;
}

function reveal(name: string | undefined): void {
  const box = name === undefined ? undefined : places?.nodes.get(name);
  if (box) setView(revealing(view, box, pageSize()));
}

const pageSize = (): Size => ({ width: page.clientWidth, height: page.clientHeight });

let known: Measure | undefined;
function widths(): Measure {
  known ??= measure();
  return known;
}

function keepState(): void {
  if (!shown) return;
  api.setState({
    uri: shown.graph.uri,
    pinned: isPinned,
    view,
    isPlacedByHand,
    ...(direction === undefined ? {} : { direction }),
  });
}

const go = (target: Target, focus: boolean): void => api.postMessage({ type: "reveal", target, focus });

function nodeAt(target: EventTarget | null): string | undefined {
  return target instanceof Element ? target.closest<HTMLElement>("[data-node]")?.dataset.node : undefined;
}

page.addEventListener("click", (event) => {
  const name = nodeAt(event.target);
  const label = event.target instanceof Element ? event.target.closest<HTMLElement>("[data-edge-label]") : null;
  if (name !== undefined) {
    setCurrent(name);
    go({ kind: "node", name }, false);
  } else if (label?.dataset.edgeLabel !== undefined) go({ kind: "edge", id: label.dataset.edgeLabel }, false);
});
page.addEventListener("dblclick", (event) => {
  const name = nodeAt(event.target);
  if (name !== undefined) go({ kind: "node", name }, true);
});
note.addEventListener("click", () => {
  if (shown && shown.graph.problems.length > 0) go({ kind: "problem", name: undefined, index: 0 }, true);
});
page.addEventListener("focusin", (event) => {
  focused = nodeAt(event.target);
  if (focused === undefined) return;
  updateEntry();
  scene.setNear(focused);
  reveal(focused);
});
page.addEventListener("focusout", () => {
  focused = undefined;
  scene.setNear(current);
});

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  const isDone = onKey(event);
  if (isDone) event.preventDefault();
});

function onKey({ key, target }: KeyboardEvent): boolean {
  if (key === "+" || key === "=") zoomBy(1.25);
  else if (key === "-") zoomBy(0.8);
  else if (key === "0") fit();
  else if (key === "d" || key === "D") turn();
  else {
    const name = nodeAt(target);
    return name !== undefined && onNodeKey(name, key);
  }
  return true;
}

/** Enter goes to the text, Space shows the place and stays here. */
function onNodeKey(name: string, key: string): boolean {
  const { nodes = [], edges = [] } = shown?.graph ?? {};
  if (key === "Enter" || key === " ") go({ kind: "node", name }, key === "Enter");
  else if (key === "Home") scene.card(nodes[0]?.name)?.focus();
  else if (key === "End") scene.card(nodes.at(-1)?.name)?.focus();
  else if (isArrow(key) && places)
    scene.card(neighbour(name, key, direction ?? "right", edges, places.nodes))?.focus({ preventScroll: true });
  else return false;
  return true;
}

gestures(
  page,
  () => view,
  (to) => setView(to, true),
);
new ResizeObserver(() => {
  if (places && !isPlacedByHand) setView(firstView(places, pageSize(), current));
}).observe(page);
// The browser scrolls to what has the focus; here the view does.
page.addEventListener("scroll", () => page.scrollTo(0, 0));

function elementOf(id: string): HTMLElement {
  const found = document.getElementById(id);
  if (!found) throw new Error(`bug: the page lacks '${id}'`);
  return found;
}

toolbar.setPinned(isPinned);
api.postMessage({ type: "ready" });
