/** Drives user code as the engine does, for tests: at most `width` units under way, answers and log kept. */
import { fileURLToPath } from "node:url";
import type { OptionValue } from "../../compiler/contract/runtime-config.ts";
import { systemClock } from "../engine/clock.ts";
import { openUserCode } from "./open.ts";
import type { Outcome, SentEvent, Unit, UserCode, UserCodePlan } from "./user-code.ts";

/** Does what `data.do` of its events says. */
export const obedient = [process.execPath, fileURLToPath(new URL("program.fixture.mjs", import.meta.url))];

export interface Driven {
  readonly code: UserCode;
  /** Sends all, as many at once as there is room for, and again what was interrupted; the last outcome of each, as text. */
  settle(...units: readonly Unit[]): Promise<readonly string[]>;
  /** What was settled, in order: `id kind`. */
  readonly order: string[];
  readonly log: string[];
  readonly failed: Promise<unknown>;
  /** Resolves once a line of the log contains it, also one that was there before. */
  logged(part: string): Promise<string>;
  /** How many units have been under way at once, at most. */
  readonly most: number;
}

export async function drive(
  options: Readonly<Record<string, OptionValue>>,
  plan: Partial<UserCodePlan> = {},
): Promise<Driven> {
  const order: string[] = [];
  const log: string[] = [];
  const settlers = new Map<Unit, (outcome: Outcome) => void>();
  const watchers = new Set<() => void>();
  const failure = Promise.withResolvers<unknown>();
  const write = (fields: object, message: string) => {
    log.push(`${message} ${JSON.stringify(fields)}`);
    for (const look of watchers) look();
  };
  let most = 0;
  const code = await openUserCode(
    { node: "score", at: "a.flow:1:1", pipeline: "shop", options: { command: obedient, ...options }, ...plan },
    {
      answered: (unit, outcome) => {
        order.push(`${unit.id} ${outcome.kind}`);
        const settle = settlers.get(unit);
        settlers.delete(unit);
        settle?.(outcome);
      },
      widened: () => {},
      failed: (error) => failure.resolve(error),
      log: { info: write, warn: write },
      clock: systemClock,
      random: () => 0.5,
    },
  );
  const send = (unit: Unit) =>
    new Promise<Outcome>((resolve) => {
      settlers.set(unit, resolve);
      most = Math.max(most, settlers.size);
      code.send(unit);
    });
  const settle = async (...units: readonly Unit[]) => {
    const outcomes = new Map<Unit, Outcome>();
    let waiting = [...units];
    const underWay = new Set<Promise<void>>();
    while (waiting.length > 0 || underWay.size > 0) {
      while (waiting.length > 0 && underWay.size < code.width) {
        const unit = waiting.shift()!;
        const done: Promise<void> = send(unit).then((outcome) => {
          underWay.delete(done);
          if (outcome.kind === "interrupted") {
            // In their order, before those behind them.
            waiting = [...waiting, unit].sort((a, b) => units.indexOf(a) - units.indexOf(b));
          } else outcomes.set(unit, outcome);
        });
        underWay.add(done);
      }
      await Promise.race(underWay);
    }
    return units.map((unit) => outcomeText(outcomes.get(unit)!));
  };
  return {
    code,
    settle,
    order,
    log,
    failed: failure.promise,
    logged: (part) =>
      new Promise((resolve) => {
        const look = () => {
          const line = log.find((entry) => entry.includes(part));
          if (line === undefined) return;
          watchers.delete(look);
          resolve(line);
        };
        watchers.add(look);
        look();
      }),
    get most() {
      return most;
    },
  };
}

/** `done 1 2`: the data of the results; otherwise the kind and the reason. */
export function outcomeText(outcome: Outcome): string {
  switch (outcome.kind) {
    case "done":
      return ["done", ...outcome.results.map(resultText)].join(" ");
    case "interrupted":
      return outcome.kind;
    default:
      return `${outcome.kind}: ${outcome.reason}`;
  }
}

function resultText(result: unknown): string {
  if (typeof result !== "string") return JSON.stringify(result);
  const value = JSON.parse(result);
  return JSON.stringify((value.event ?? value).data);
}

/** An event; `what` is for the obedient program. */
export function event(id: string, what?: readonly string[], more: Readonly<Record<string, unknown>> = {}): SentEvent {
  const attributes = { specversion: "1.0", id, source: "test", type: "order" };
  const data = { n: id, ...(what && { do: what }), ...more };
  return {
    id,
    json: JSON.stringify({ ...attributes, data }),
    attributes: () => attributes,
    data: () => JSON.stringify(data),
  };
}

export function single(id: string, ...what: readonly string[]): Unit {
  return { id, chunk: undefined, events: [event(id, what.length > 0 ? what : undefined)] };
}

export function chunk(id: string, events: readonly SentEvent[], key?: string): Unit {
  return { id, chunk: { id, key, window: undefined }, events };
}
