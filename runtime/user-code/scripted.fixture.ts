/** User code for tests of the engine: answered by a function, or by hand. */
import type { AnsweredEvent, OpenUserCode, Outcome, SentEvent, Unit } from "./user-code.ts";

export interface Scripted {
  readonly open: OpenUserCode;
  /** All that was sent, in order, again included. */
  readonly sent: Unit[];
  /** Sent and not answered. */
  readonly waiting: Unit[];
  /** Answers by hand. */
  answer(unit: Unit, outcome: Outcome): void;
  readonly ended: string[];
}

export interface ScriptedOptions {
  readonly width?: number;
  readonly isOrdered?: boolean;
}

/** @param answer undefined: by hand */
export function scripted(answer?: (unit: Unit, attempt: number) => Outcome, options: ScriptedOptions = {}): Scripted {
  const sent: Unit[] = [];
  const waiting: Unit[] = [];
  const ended: string[] = [];
  const attempts = new WeakMap<Unit, number>();
  const settles = new WeakMap<Unit, (unit: Unit, outcome: Outcome) => void>();
  const give = (unit: Unit, outcome: Outcome) => {
    waiting.splice(waiting.indexOf(unit), 1);
    settles.get(unit)!(unit, outcome);
  };
  return {
    sent,
    waiting,
    ended,
    answer: give,
    open: async (_plan, services) => {
      return {
        width: options.width ?? 4,
        isOrdered: options.isOrdered ?? false,
        send: (unit) => {
          settles.set(unit, services.answered);
          sent.push(unit);
          waiting.push(unit);
          const attempt = (attempts.get(unit) ?? 0) + 1;
          attempts.set(unit, attempt);
          if (answer !== undefined) queueMicrotask(() => give(unit, answer(unit, attempt)));
        },
        close: async () => void ended.push("close"),
        abort: async () => void ended.push("abort"),
      };
    },
  };
}

export const done = (...results: readonly AnsweredEvent[]): Outcome => ({ kind: "done", results });

/** The program passes everything on. */
export const echo = (unit: Unit): Outcome => done(...unit.events.map(({ json }) => json));

/** The data of an event, as JSON. */
export const dataOf = (event: SentEvent): unknown => JSON.parse(String(event.data()));
