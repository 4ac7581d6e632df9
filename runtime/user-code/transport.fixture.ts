/** For tests of transports: units, real programs, and what became of both. Waits for events, never for time. */

import type { OptionValue } from "../../compiler/contract/runtime-config.ts";
import { type Clock, systemClock } from "../engine/clock.ts";
import type { OpenUserCode, Outcome, SentChunk, SentEvent, Unit, UserCode } from "./user-code.ts";

export interface Opened {
  readonly code: UserCode;
  /** Sends it and resolves with its outcome. */
  ask(unit: Unit): Promise<Outcome>;
  readonly logged: readonly (readonly [message: string, fields: Readonly<Record<string, unknown>>])[];
  /** Resolves when a line of the log says this. */
  says(text: string): Promise<void>;
  readonly failures: readonly unknown[];
}

export interface Openings {
  readonly options: Readonly<Record<string, OptionValue>>;
  readonly clock?: Clock;
}

export async function opened(open: OpenUserCode, { options, clock = systemClock }: Openings): Promise<Opened> {
  const settles = new Map<Unit, (outcome: Outcome) => void>();
  const logged: [string, Readonly<Record<string, unknown>>][] = [];
  const listeners = new Set<() => void>();
  const failures: unknown[] = [];
  const note = (fields: Readonly<Record<string, unknown>>, message: string) => {
    logged.push([message, fields]);
    for (const listener of listeners) listener();
  };
  const code = await open(
    { node: "score", pipeline: "shop", at: "a.flow:1:1", options: { timeout: 10_000, ...options } },
    {
      answered: (unit, outcome) => {
        const settle = settles.get(unit);
        if (settle === undefined) throw new Error(`${unit.id} was answered twice`);
        settles.delete(unit);
        settle(outcome);
      },
      widened: () => {},
      failed: (error) => failures.push(error),
      log: { info: note, warn: note },
      clock,
      random: () => 0,
    },
  );
  return {
    code,
    logged,
    failures,
    ask: (unit) =>
      new Promise((resolve) => {
        settles.set(unit, resolve);
        code.send(unit);
      }),
    says: (text) =>
      new Promise((resolve) => {
        const look = () => {
          if (!logged.some(([message, fields]) => `${message} ${JSON.stringify(fields)}`.includes(text))) return;
          listeners.delete(look);
          resolve();
        };
        listeners.add(look);
        look();
      }),
  };
}

/** Time runs `times` as fast. */
export function fastClock(times: number): Clock {
  return {
    nowMs: () => systemClock.nowMs() * times,
    elapsedMs: () => systemClock.elapsedMs() * times,
    after: (delayMs, wake) => systemClock.after(delayMs / times, wake),
  };
}

/** An event whose data is JSON. */
export function event(id: string, data: unknown, more: Readonly<Record<string, string>> = {}): SentEvent {
  const attributes = { specversion: "1.0", id, source: "shop", type: "order", ...more };
  const text = JSON.stringify(data);
  return {
    id,
    json: `${JSON.stringify(attributes).slice(0, -1)},"data":${text}}`,
    attributes: () => attributes,
    data: () => text,
  };
}

export function one(id: string, data: unknown = { id }, more: Readonly<Record<string, string>> = {}): Unit {
  return { id, chunk: undefined, events: [event(id, data, more)] };
}

export function chunkOf(count: number, chunk: Partial<SentChunk> = {}): Unit {
  const id = chunk.id ?? "chunk/1";
  const events = Array.from({ length: count }, (_, i) => event(`e${i}`, { n: i }));
  return { id, chunk: { key: undefined, window: undefined, ...chunk, id }, events };
}
