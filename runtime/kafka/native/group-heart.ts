/** Tells the coordinator, as long as a generation lasts, that its member lives; and tells the member what the coordinator says: that the group divides anew, or does without it. */
import type { GroupGeneration } from "../client.ts";
import { KafkaError } from "../kafka-error.ts";
import { type GroupCalls, GroupCode, isLost } from "./group-calls.ts";

export interface HeartEvents {
  /** Once or more. */
  rebalance(): void;
  /** Once; the heart has stopped. */
  lost(): void;
  /** Once; the heart has stopped. */
  failed(error: unknown): void;
}

/** How long a coordinator may be away. */
const patienceMs = 120_000;

export class GroupHeart {
  readonly #calls: GroupCalls;
  readonly #generation: GroupGeneration;
  readonly #sessionTimeoutMs: number;
  readonly #intervalMs: number;
  readonly #events: HeartEvents;
  #timer: NodeJS.Timeout | undefined;
  #isStopped = false;
  #answeredMs = performance.now();

  constructor(calls: GroupCalls, generation: GroupGeneration, sessionTimeoutMs: number, events: HeartEvents) {
    this.#calls = calls;
    this.#generation = generation;
    this.#sessionTimeoutMs = sessionTimeoutMs;
    // Often, since this is also how a member hears that others come and go.
    this.#intervalMs = Math.min(500, sessionTimeoutMs / 5);
    this.#events = events;
    this.#later();
  }

  stop(): void {
    this.#isStopped = true;
    clearTimeout(this.#timer);
  }

  #later(): void {
    this.#timer = setTimeout(() => void this.#beat(), this.#intervalMs);
  }

  async #beat(): Promise<void> {
    try {
      const code = await this.#calls.heartbeat(this.#generation, this.#sessionTimeoutMs);
      if (this.#isStopped) return;
      this.#answeredMs = performance.now();
      if (isLost(code)) {
        this.stop();
        return this.#events.lost();
      }
      if (code === GroupCode.rebalanceInProgress) this.#events.rebalance();
    } catch (error) {
      if (this.#isStopped) return;
      const mayPass = error instanceof KafkaError && error.retryable;
      if (!mayPass || performance.now() - this.#answeredMs > patienceMs) {
        this.stop();
        return this.#events.failed(error);
      }
    }
    this.#later();
  }
}
