/** The bar above the picture: the pipeline's name and count, and the buttons. */
import { element, icon, setAttribute, setText } from "./element.ts";

export interface Actions {
  readonly zoomIn: () => void;
  readonly zoomOut: () => void;
  readonly fit: () => void;
  readonly turn: () => void;
  readonly pin: () => void;
}

const buttons: readonly (readonly [keyof Actions, string, string])[] = [
  ["zoomOut", "Zoom out (-)", "M3.5 8h9"],
  ["zoomIn", "Zoom in (+)", "M3.5 8h9M8 3.5v9"],
  ["fit", "Show the whole graph (0)", "M2.5 6V2.5H6M10 2.5h3.5V6M13.5 10v3.5H10M6 13.5H2.5V10"],
  ["turn", "Turn the graph (D)", "M3 3v7a2 2 0 0 0 2 2h8M10.3 9.3 13 12l-2.7 2.7M8 3h5M8 6.5h3"],
  ["pin", "Stay with this file", "M6 2.5h4M6.7 2.5v4L4.5 9h7L9.3 6.5v-4M8 9v5"],
];

export class Toolbar {
  readonly #title = element("span", "title");
  readonly #summary = element("span", "summary", { id: "summary" });
  readonly #pin: HTMLElement;

  constructor(bar: HTMLElement, actions: Actions) {
    const group = element("div", "buttons", { role: "toolbar", "aria-label": "Graph" });
    for (const [action, title, path] of buttons) {
      const button = element("button", "", { type: "button", title, "aria-label": title, "data-action": action });
      button.append(icon(path));
      button.addEventListener("click", actions[action]);
      group.append(button);
    }
    this.#pin = group.querySelector<HTMLElement>("[data-action=pin]") ?? group;
    const heading = element("div", "heading");
    heading.append(this.#title, this.#summary);
    bar.append(heading, group);
  }

  setWords(title: string, summary: string): void {
    setText(this.#title, title);
    setText(this.#summary, summary);
  }

  setPinned(isPinned: boolean): void {
    setAttribute(this.#pin, "aria-pressed", String(isPinned));
  }
}
