/** Made-up events: `data` is an expression over `i`, which counts from 0. The position is `i`, so every run gives the same ids. */

import type { OptionValue } from "../../compiler/contract/runtime-config.ts";
import { sleep } from "../engine/clock.ts";
import type { Connector, Message, MessageBatch, MessageSource, OpenContext } from "../engine/connector.ts";
import { RuntimeError } from "../engine/runtime-error.ts";
import { messageBytes } from "./message-text.ts";
import { isExpression } from "./option-data.ts";

export const generate: Connector = { type: "generate", replayable: true, openSource: openGenerateSource };

interface Rate {
  readonly count: number;
  readonly perMs: number;
}

function openGenerateSource(context: OpenContext): MessageSource {
  const count = typeof context.options.count === "number" ? context.options.count : Number.POSITIVE_INFINITY;
  const rate = rateOf(context.options.rate);
  const dataAt = compileData(context);
  const stopping = new AbortController();
  let next = Number(context.kept?.position ?? 0);
  // Going on, it keeps its rate and does not make up for the time when nothing ran.
  const startMs = context.clock.nowMs() - (rate === undefined ? 0 : Math.floor((next * rate.perMs) / rate.count));

  const batchOf = (size: number): MessageBatch => {
    const messages: Message[] = [];
    for (const end = next + size; next < end; next++)
      messages.push({ bytes: messageBytes(dataAt(next), context), position: String(next) });
    return { messages };
  };
  /** Event `i` is due `i / rate` after the start. */
  const dueAtMs = (i: number): number =>
    rate === undefined ? startMs : startMs + Math.ceil((i * rate.perMs) / rate.count);
  const dueNow = (max: number): number => {
    if (rate === undefined) return Math.min(max, count - next);
    const due = Math.floor(((context.clock.nowMs() - startMs) * rate.count) / rate.perMs) + 1 - next;
    return Math.min(max, count - next, Math.max(0, due));
  };
  const pullLater = async (max: number): Promise<MessageBatch | undefined> => {
    while (!stopping.signal.aborted) {
      const size = dueNow(max);
      if (size > 0) return batchOf(size);
      await sleep(context.clock, dueAtMs(next) - context.clock.nowMs(), stopping.signal);
    }
    return undefined;
  };
  return {
    kind: "messages",
    acknowledges: false,
    pull: (max) => {
      if (next >= count || stopping.signal.aborted) return undefined;
      const size = dueNow(max);
      return size > 0 ? batchOf(size) : pullLater(max);
    },
    ack: () => {},
    positionAfter: (message) => Number(message.position) + 1,
    stop: () => stopping.abort(),
    close: () => {},
  };
}

function compileData(context: OpenContext): (i: number) => unknown {
  const data = context.options.data;
  if (isExpression(data)) return context.compile(data.expr, ["i"]);
  // A constant reaches the connector as the value itself.
  return () => data ?? null;
}

function rateOf(value: OptionValue | undefined): Rate | undefined {
  if (value === undefined || value === null) return undefined;
  if (typeof value === "object" && "count" in value && "perMs" in value) {
    const { count, perMs } = value;
    if (typeof count === "number" && typeof perMs === "number" && count > 0 && perMs > 0) return { count, perMs };
  }
  throw new RuntimeError("bad-config", "The rate of 'generate' is more than 0 events in some time, such as 100/s.");
}
