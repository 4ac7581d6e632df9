/** Modules of `code javascript` run for tests: events in, what is answered out. */
import { systemClock } from "../engine/clock.ts";
import { openJavascript } from "./javascript.ts";
import type { AnsweredEvent, Outcome, SentEvent, Unit, UserCode } from "./user-code.ts";

export interface Ran {
  /** In the order of the units. */
  readonly outcomes: readonly Outcome[];
  readonly said: readonly string[];
  readonly warnings: readonly string[];
}

export interface Limits {
  /** ms */
  readonly timeout?: number;
  /** Bytes. */
  readonly memory?: number;
}

/** An event with this JSON text as `data`. */
export const eventOf = (id: string, data: string): SentEvent => ({
  id,
  json: `{"specversion":"1.0","source":"/orders","type":"order","id":${JSON.stringify(id)},"datacontenttype":"application/json","data":${data}}`,
  attributes: () => ({ specversion: "1.0", source: "/orders", type: "order", id, datacontenttype: "application/json" }),
  data: () => data,
});

export const single = (id: string, data: string): Unit => ({ id, chunk: undefined, events: [eventOf(id, data)] });

export const chunkOf = (id: string, data: readonly string[]): Unit => ({
  id,
  chunk: { id, key: undefined, window: undefined },
  events: data.map((each, n) => eventOf(`${id}-${n}`, each)),
});

/** What is interrupted is sent again, as the engine does. */
export async function runUnits(source: string, units: readonly Unit[], limits: Limits = {}): Promise<Ran> {
  const outcomes = new Map<Unit, Outcome>();
  const said: string[] = [];
  const warnings: string[] = [];
  let code: UserCode | undefined;
  await new Promise<void>((resolve, reject) => {
    const services = {
      answered: (unit: Unit, outcome: Outcome) => {
        if (outcome.kind === "interrupted") {
          setImmediate(() => code?.send(unit));
          return;
        }
        outcomes.set(unit, outcome);
        if (outcomes.size === units.length) resolve();
      },
      widened: () => {},
      failed: reject,
      log: {
        info: (fields: Readonly<Record<string, unknown>>) => void said.push(String(fields.line)),
        warn: (fields: Readonly<Record<string, unknown>>) => void warnings.push(String(fields.reason)),
      },
      clock: systemClock,
      random: () => 0.5,
    };
    const plan = {
      node: "score",
      at: "a.flow:3:3",
      options: { ...limits },
      code: { language: "javascript", source },
    } as const;
    openJavascript(plan, services).then((opened) => {
      code = opened;
      for (const unit of units) opened.send(unit);
    }, reject);
  }).finally(() => code?.close());
  return {
    outcomes: units.map((unit) => outcomes.get(unit)!),
    said: said.filter((line) => line !== "undefined"),
    warnings,
  };
}

/** Each unit in short: its results as they were written, or what became of it. */
export async function run(
  source: string,
  data: readonly string[],
  limits?: Limits,
): Promise<readonly (readonly AnsweredEvent[] | string)[]> {
  const { outcomes } = await runUnits(
    source,
    data.map((each, n) => single(String(n), each)),
    limits,
  );
  return outcomes.map(inShort);
}

/** Of an event whose attributes are as they were. */
const head =
  /^{"specversion":"1.0","source":"\/orders","type":"order","id":"[^"]*","datacontenttype":"application\/json",(?="data)/;

export function inShort(outcome: Outcome): readonly AnsweredEvent[] | string {
  switch (outcome.kind) {
    case "done":
      return outcome.results.map((result) => String(result).replace(head, "{"));
    case "rejected":
    case "failed":
      return `${outcome.kind}: ${outcome.reason}`;
    case "interrupted":
      return "interrupted";
  }
}
