/**
 * An event at each time of a schedule. Its position and its time are the scheduled time, not the time at which it came to
 * be sent; times that pass while the engine is busy are sent afterwards, none is skipped. What passed while nothing ran is
 * made up for where the run keeps state, and not otherwise.
 */
import { sleep } from "../engine/clock.ts";
import type { Connector, Message, MessageBatch, MessageSource, OpenContext } from "../engine/connector.ts";
import { messageOf, RuntimeError } from "../engine/runtime-error.ts";
import { type CronSchedule, parseCron } from "./cron-schedule.ts";
import { messageBytes } from "./message-text.ts";
import { optionData } from "./option-data.ts";

export const cron: Connector = { type: "cron", openSource: openCronSource };

/** Node's timers overflow after 24 days: a longer wait is made of several. */
const longestWaitMs = 86_400_000;

function openCronSource(context: OpenContext): MessageSource {
  const schedule = scheduleOf(context);
  const data = optionData(context.options.data, context);
  const stopping = new AbortController();
  const { position } = context.kept ?? {};
  let nextMs = schedule.nextAfterMs(typeof position === "number" ? position : context.clock.nowMs());

  const due = (max: number): MessageBatch | undefined => {
    const messages: Message[] = [];
    while (nextMs !== undefined && nextMs <= context.clock.nowMs() && messages.length < max) {
      const scheduled = new Date(nextMs).toISOString();
      messages.push({ bytes: messageBytes(data ?? { scheduled }, context), position: scheduled, timeMs: nextMs });
      nextMs = schedule.nextAfterMs(nextMs);
    }
    return messages.length > 0 ? { messages } : undefined;
  };
  return {
    kind: "messages",
    acknowledges: false,
    pull: async (max) => {
      while (nextMs !== undefined && !stopping.signal.aborted) {
        const batch = due(max);
        if (batch !== undefined) return batch;
        await sleep(context.clock, Math.min(nextMs - context.clock.nowMs(), longestWaitMs), stopping.signal);
      }
      return undefined;
    },
    ack: () => {},
    positionAfter: ({ timeMs }) => timeMs,
    stop: () => stopping.abort(),
    close: () => {},
  };
}

function scheduleOf(context: OpenContext): CronSchedule {
  try {
    return parseCron(String(context.options.schedule));
  } catch (error) {
    throw new RuntimeError("bad-config", `The schedule of '${context.node}' is wrong. ${messageOf(error)}`, {
      cause: error,
    });
  }
}
