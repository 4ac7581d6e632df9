/** Tries again what may pass: quickly first, then once a second, with a warning in the log. */
import { setTimeout as delay } from "node:timers/promises";
import type { Log } from "../../engine/connector.ts";
import { KafkaError } from "../kafka-error.ts";

export interface RetryOptions {
  readonly forMs: number;
  readonly signal: AbortSignal;
  readonly log?: Log;
}

const firstDelayMs = 10;
const longestDelayMs = 1_000;
/** Brokers learn of a new topic within milliseconds: what is unknown for longer is not being made. */
const unknownForMs = 5_000;
/** Short troubles are of no interest: a leader that is just being chosen. */
const quietMs = 2_000;
const warnEveryMs = 10_000;

/** One thing that does not work for some time. */
export class Trouble {
  readonly #doing: string;
  readonly #options: RetryOptions;
  #sinceMs = 0;
  #unknownSinceMs: number | undefined;
  #warnedMs = 0;
  #tries = 0;

  /** @param doing what does not work, for the log: `fetch partition 3 of topic 'a'` */
  constructor(doing: string, options: RetryOptions) {
    this.#doing = doing;
    this.#options = options;
  }

  /**
   * It failed. @returns after how many milliseconds to try again
   * @throws what was given, final, where nothing helps or it went on for too long; the signal's reason when that is aborted
   */
  failed(error: unknown): number {
    this.#options.signal.throwIfAborted();
    if (!(error instanceof KafkaError && error.retryable)) throw error;
    const nowMs = performance.now();
    if (this.#tries === 0) {
      this.#sinceMs = nowMs;
      this.#warnedMs = nowMs + quietMs - warnEveryMs;
    }
    const isUnknown = error.kind === "unknown-topic";
    // Brokers that come back one by one may first not answer and then not know.
    this.#unknownSinceMs = isUnknown ? (this.#unknownSinceMs ?? nowMs) : undefined;
    const forMs = isUnknown ? Math.min(unknownForMs, this.#options.forMs) : this.#options.forMs;
    if (nowMs - (this.#unknownSinceMs ?? this.#sinceMs) >= forMs) throw givenUp(error, forMs);
    if (nowMs - this.#warnedMs >= warnEveryMs) this.#warn(error, nowMs);
    this.#tries += 1;
    return delayMs(this.#tries);
  }

  /** It works. */
  passed(): void {
    this.#tries = 0;
    this.#unknownSinceMs = undefined;
  }

  #warn({ message, topic, partition }: KafkaError, nowMs: number): void {
    this.#warnedMs = nowMs;
    const fields = { doing: this.#doing, error: message, ...placeOf(topic, partition) };
    this.#options.log?.warn(fields, "Kafka does not answer as it should; trying again");
  }
}

/** @throws the last error of `attempt`, final then; the signal's reason when that is aborted */
export async function retrying<T>(doing: string, attempt: () => Promise<T>, options: RetryOptions): Promise<T> {
  const trouble = new Trouble(doing, options);
  for (;;) {
    options.signal.throwIfAborted();
    try {
      return await attempt();
    } catch (error) {
      const waitMs = trouble.failed(error);
      await delay(waitMs, undefined, { signal: options.signal }).catch(() => options.signal.throwIfAborted());
    }
  }
}

function delayMs(tries: number): number {
  const full = Math.min(longestDelayMs, firstDelayMs * 2 ** Math.min(tries - 1, 10));
  return full * (0.5 + Math.random() / 2);
}

function givenUp({ kind, message, topic, partition }: KafkaError, afterMs: number): KafkaError {
  const place = placeOf(topic, partition);
  return new KafkaError(kind, afterMs === 0 ? message : `${message} Given up after ${afterMs / 1000} s.`, place);
}

function placeOf(
  topic: string | undefined,
  partition: number | undefined,
): { readonly topic?: string; readonly partition?: number } {
  return { ...(topic === undefined ? {} : { topic }), ...(partition === undefined ? {} : { partition }) };
}
