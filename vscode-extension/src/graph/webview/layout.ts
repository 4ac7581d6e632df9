/** Asks ELK, in a worker of its own, where things go. Only the last question is answered. */
import type { ELK, ElkNode } from "elkjs/lib/elk-api.js";
import ElkApi from "elkjs/lib/elk-api.js";
import { keepingOrder, type Places, placesOf } from "../layout-input.ts";

type Answer = (places: Places) => void;

export class Layouts {
  readonly #elk: Promise<ELK>;
  #waiting: { readonly input: ElkNode; readonly drawn: Places | undefined; readonly answer: Answer } | undefined;
  #isWorking = false;

  /** A page of VS Code may start a worker only from a blob. */
  constructor(workerUrl: string) {
    this.#elk = fetch(workerUrl)
      .then((response) => response.blob())
      .then((blob) => {
        const url = URL.createObjectURL(new Blob([blob], { type: "text/javascript" }));
        return newElk({ workerFactory: () => new Worker(url) });
      });
  }

  /**
   * Does not answer when another question comes before it is done.
   * @param drawn what is in sight of the same graph, and stays in its order
   */
  ask(input: ElkNode, drawn: Places | undefined, answer: Answer, failed: (reason: unknown) => void): void {
    this.#waiting = { input, drawn, answer };
    if (!this.#isWorking) void this.#work().catch(failed);
  }

  async #work(): Promise<void> {
    this.#isWorking = true;
    try {
      const elk = await this.#elk;
      for (let job = this.#waiting; job; job = this.#waiting) {
        // ELK fails on some graphs with an order: then without.
        const kept = job.drawn && (await elk.layout(keepingOrder(job.input, job.drawn)).catch(() => undefined));
        const root = kept ?? (await elk.layout(job.input));
        if (this.#waiting !== job) continue;
        this.#waiting = undefined;
        job.answer(placesOf(root));
      }
    } finally {
      this.#isWorking = false;
    }
  }
}

/** The package is CommonJS: what a bundler gives for its default is the constructor, or holds it. */
function newElk(options: { readonly workerFactory: () => Worker }): ELK {
  const found: unknown = ElkApi;
  const Elk = isElk(found) ? found : isModule(found) && isElk(found.default) ? found.default : undefined;
  if (!Elk) throw new Error("bug: elkjs has no constructor");
  return new Elk(options);
}

const isElk = (value: unknown): value is new (options: object) => ELK => typeof value === "function";
const isModule = (value: unknown): value is { readonly default: unknown } =>
  typeof value === "object" && value !== null && "default" in value;
