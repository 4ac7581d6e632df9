/** What a window gives for made-up events of its source: tries kinds and numbers of them until the rows are known. */
import type { ValueType } from "../../contract/value-type.ts";
import type { Model, ModelNode } from "../../semantics/model.ts";
import { without } from "./data-paths.ts";
import { rowsOf } from "./foreseen-rows.ts";
import { Unforeseen, type Value } from "./foreseen-value.ts";
import { conditions, keyPaths, satisfied, sharing, timePaths, withTimes } from "./made-up-events.ts";
import { sampleOf } from "./sample-record.ts";
import { through } from "./through-steps.ts";
import { usedType } from "./used-type.ts";
import type { Cut, Way } from "./way-to-window.ts";

export interface Foreseen {
  readonly source: ModelNode;
  readonly events: readonly { readonly atMs: number; readonly data: Value }[];
  /** When the window has ended; undefined where the events alone, or the end of the input, close it. */
  readonly watermarkMs: number | undefined;
  readonly endsInput: boolean;
  readonly rows: readonly Value[];
}

/** Texts that stand for any text, until one goes through: conversions take some only. */
const texts = ["a", "1", "2024-01-01T00:00:00Z"];
const mostEvents = 12;

/** Undefined where it cannot be foreseen. */
export function foresee(way: Way, cut: Cut, model: Model): Foreseen | undefined {
  const type = typeOfEvents(way.source, model);
  for (const text of type ? texts : []) {
    for (
      let count = cut.kind === "count" ? cut.count : 2;
      count <= (cut.kind === "count" ? cut.count : mostEvents);
      count++
    ) {
      const found = attempt(way, cut, model, type!, text, count);
      if (found === "fails") break;
      if (found) return found;
    }
  }
  return undefined;
}

function typeOfEvents(source: ModelNode, model: Model): ValueType | undefined {
  return source.inputType.kind === "any" ? usedType(source, model) : source.inputType;
}

function attempt(
  way: Way,
  cut: Cut,
  model: Model,
  type: ValueType,
  text: string,
  count: number,
): Foreseen | "fails" | undefined {
  const stepMs =
    cut.kind === "fixed" || cut.kind === "session" ? Math.max(1, Math.floor(cut.sizeMs / (2 * count))) : 1000;
  const same = keyPaths(way);
  try {
    const events = Array.from({ length: count }, (_, i) => {
      const [first, own] = [sampleOf(type, 1, text, model.types), sampleOf(type, i + 1, text, model.types)];
      const data = conditions(way).reduce((all, one) => satisfied(one, all), sharing(own, first, same));
      const atMs = cut.offsetMs + i * stepMs;
      return {
        atMs,
        data: timePaths(way.source).reduce((all, path) => without(all, path), data),
        full: withTimes(way.source, data, atMs),
      };
    });
    const arrived = events.flatMap(({ full }) => through(way, full, model));
    const last = events.at(-1)!.atMs;
    const endMs =
      cut.kind === "fixed" ? cut.offsetMs + cut.sizeMs : cut.kind === "session" ? last + cut.sizeMs : undefined;
    if (cut.kind === "count" && arrived.length !== cut.count) return "fails";
    const bounds = cut.kind === "fixed" ? { start: cut.offsetMs, end: endMs! } : undefined;
    const rows = rowsOf(way.window, arrived, bounds, model);
    if (cut.kind === "count" && rows.groups > 1) return "fails";
    if (rows.values.length === 0) return undefined;
    return {
      source: way.source,
      events: events.map(({ atMs, data }) => ({ atMs, data })),
      watermarkMs: endMs,
      endsInput: cut.kind === "global",
      rows: rows.values,
    };
  } catch (error) {
    if (error instanceof Unforeseen) return "fails";
    throw error;
  }
}
