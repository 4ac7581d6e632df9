/** Drives a real program through its transport as the engine would: as many units as it wants at once, failed ones again, and an account of each at the end. */
import type { OptionValue } from "../../compiler/contract/runtime-config.ts";
import { systemClock } from "../../runtime/engine/clock.ts";
import { openUserCode } from "../../runtime/user-code/open.ts";
import type {
  AnsweredEvent,
  Outcome,
  SentEvent,
  Unit,
  UserCode,
  UserCodePlan,
} from "../../runtime/user-code/user-code.ts";

export interface Account {
  /** By id of the unit: what it gave, as `{ id?, data }` or with more attributes where asked. */
  readonly results: ReadonlyMap<string, readonly AnsweredEvent[]>;
  /** By id of the unit: why it was given up. */
  readonly dead: ReadonlyMap<string, string>;
  /** In the order in which units were settled for good. */
  readonly order: readonly string[];
  /** Reasons of tries that failed, in order; `interrupted` for those that were sent again for no fault of theirs. */
  readonly failures: readonly string[];
  /** `message {fields}` */
  readonly log: readonly string[];
  /** What ended the run. */
  readonly error: unknown;
}

export interface RunOptions {
  readonly tries?: number;
  /** Called with each outcome; may look at the machine. */
  readonly onOutcome?: (unit: Unit, outcome: Outcome) => void;
}

export type StepOptions = Readonly<Record<string, OptionValue>>;

const node = "step";

export function planOf(options: StepOptions): UserCodePlan {
  return { node, pipeline: "test", at: "test.flow:1:1", baseDirectory: process.cwd(), options };
}

/** Resolves when every unit is settled and the program is gone. */
export async function runProgram(
  options: StepOptions,
  units: readonly Unit[],
  { tries = 3, onOutcome }: RunOptions = {},
): Promise<Account> {
  const results = new Map<string, readonly AnsweredEvent[]>();
  const dead = new Map<string, string>();
  const order: string[] = [];
  const failures: string[] = [];
  const log: string[] = [];
  const say = (fields: object, message: string) => void log.push(`${message} ${JSON.stringify(fields)}`);
  const triesByUnit = new Map<Unit, number>();
  const waiting = [...units];
  let underWay = 0;
  let error: unknown;
  let code: UserCode | undefined;
  await new Promise<void>((resolve, reject) => {
    const send = () => {
      while (code !== undefined && underWay < code.width && waiting.length > 0) {
        underWay++;
        code.send(waiting.shift()!);
      }
      if (order.length === units.length) resolve();
    };
    const settle = (unit: Unit) => void order.push(unit.id);
    const again = (unit: Unit) => {
      waiting.push(unit);
      waiting.sort((left, right) => units.indexOf(left) - units.indexOf(right));
    };
    const answered = (unit: Unit, outcome: Outcome) => {
      underWay--;
      onOutcome?.(unit, outcome);
      switch (outcome.kind) {
        case "done":
          if (results.has(unit.id)) reject(new Error(`${unit.id} was settled twice`));
          results.set(unit.id, outcome.results);
          settle(unit);
          break;
        case "rejected":
          dead.set(unit.id, outcome.reason);
          settle(unit);
          break;
        case "interrupted":
          failures.push("interrupted");
          again(unit);
          break;
        case "failed": {
          failures.push(outcome.reason);
          const tried = (triesByUnit.get(unit) ?? 0) + 1;
          triesByUnit.set(unit, tried);
          if (tried < tries) again(unit);
          else {
            dead.set(unit.id, outcome.reason);
            settle(unit);
          }
        }
      }
      queueMicrotask(send);
    };
    const failed = (reason: unknown) => {
      error = reason;
      resolve();
    };
    const services = {
      answered,
      widened: () => queueMicrotask(send),
      failed,
      log: { info: say, warn: say },
      clock: systemClock,
      random: () => 0.5,
    };
    openUserCode(planOf(options), services).then((opened) => {
      code = opened;
      send();
    }, failed);
  });
  if (error === undefined) await code?.close();
  else await code?.abort();
  return { results, dead, order, failures, log, error };
}

/** A program that is ready and idle. */
export async function openProgram(options: StepOptions): Promise<{ readonly code: UserCode }> {
  const nothing = () => {};
  const code = await openUserCode(planOf(options), {
    answered: nothing,
    widened: nothing,
    failed: nothing,
    log: { info: nothing, warn: nothing },
    clock: systemClock,
    random: () => 0.5,
  });
  return { code };
}

/** `{"celsius":…}` with an id, as the engine would give it. */
export function sentEvent(id: string, data: unknown, more: Readonly<Record<string, string>> = {}): SentEvent {
  const attributes = {
    specversion: "1.0",
    source: "/test/readings",
    type: "io.argoproj.dataflow.record",
    id,
    time: "2026-03-01T06:00:00Z",
    datacontenttype: data instanceof Uint8Array ? "application/octet-stream" : "application/json",
    ...more,
  };
  const body = data instanceof Uint8Array ? { data_base64: Buffer.from(data).toString("base64") } : { data };
  return {
    id,
    json: JSON.stringify({ ...attributes, ...body }),
    attributes: () => attributes,
    data: () => (data instanceof Uint8Array ? data : JSON.stringify(data)),
  };
}

export const eventUnit = (id: string, data: unknown): Unit => ({
  id,
  chunk: undefined,
  events: [sentEvent(id, data)],
});

export const chunkUnit = (id: string, items: Readonly<Record<string, unknown>>): Unit => ({
  id,
  chunk: {
    id,
    key: '"Rome"',
    window: { start: "2026-03-01T06:00:00Z", end: "2026-03-01T07:00:00Z" },
  },
  events: Object.entries(items).map(([each, data]) => sentEvent(each, data)),
});

/** A result's id, where it says one, and its data; whatever way the transport has taken it apart. */
export function shownResult(result: AnsweredEvent): { readonly id?: string; readonly data: unknown } {
  if (typeof result !== "string") {
    const { id } = result.attributes;
    const data = typeof result.data === "string" && !result.isText ? (JSON.parse(result.data) as unknown) : result.data;
    return id === undefined ? { data } : { id, data };
  }
  const parsed = JSON.parse(result) as {
    type?: string;
    event?: { id?: string; data: unknown };
    id?: string;
    data: unknown;
  };
  const event = "specversion" in parsed || parsed.event === undefined ? parsed : parsed.event;
  return event.id === undefined ? { data: event.data } : { id: event.id, data: event.data };
}
