/** Processing time, handed in so that tests move it by hand. */

export interface Clock {
  /** Milliseconds since 1970. May jump, on and back, as clocks of machines are set. */
  nowMs(): number;
  /** Milliseconds since some time, for periods: runs evenly whatever happens to `nowMs`. */
  elapsedMs(): number;
  /** Calls `wake` once, `delayMs` from now. Returns a function that takes it back; taking back twice does nothing. */
  after(delayMs: number, wake: () => void): () => void;
}

export const systemClock: Clock = {
  nowMs: () => Date.now(),
  elapsedMs: () => performance.now(),
  after: (delayMs, wake) => {
    const timer = setTimeout(wake, delayMs);
    return () => clearTimeout(timer);
  },
};

/**
 * Lets promises run until the engine rests. It gives the event loop a turn between batches, and more of them on a busy
 * machine: after one turn alone what it waits for next might not be known to a manual clock yet.
 */
export async function settle(): Promise<void> {
  for (let turn = 0; turn < 12; turn++) await new Promise<void>((resolve) => setImmediate(resolve));
}

/** A clock that stands still until it is moved. */
export interface ManualClock extends Clock {
  /** Moves time forward, waking what is due in order of time; lets pending promises run after each. */
  advance(byMs: number): Promise<void>;
}

export function manualClock(startMs = 0): ManualClock {
  let now = startMs;
  const timers = new Set<{ readonly at: number; readonly wake: () => void }>();
  return {
    nowMs: () => now,
    elapsedMs: () => now,
    after: (delayMs, wake) => {
      const timer = { at: now + Math.max(0, delayMs), wake };
      timers.add(timer);
      return () => timers.delete(timer);
    },
    advance: async (byMs) => {
      const until = now + byMs;
      await settle();
      for (;;) {
        const due = [...timers].filter((timer) => timer.at <= until).sort((a, b) => a.at - b.at)[0];
        if (!due) break;
        timers.delete(due);
        now = Math.max(now, due.at);
        due.wake();
        await settle();
      }
      now = until;
      await settle();
    },
  };
}

/** Resolves after `delayMs` of the clock; at once, and still normally, when `signal` aborts. */
export function sleep(clock: Clock, delayMs: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal?.aborted) return resolve();
    const done = () => {
      cancel();
      signal?.removeEventListener("abort", done);
      resolve();
    };
    const cancel = clock.after(delayMs, done);
    signal?.addEventListener("abort", done, { once: true });
  });
}
