/** A promise with an end. */
import { setTimeout as sleep } from "node:timers/promises";

/** @throws "<text> in <n> s" */
export async function within<T>(promise: Promise<T>, limitMs: number, text: string): Promise<T> {
  const timer = new AbortController();
  const late = sleep(limitMs, undefined, { signal: timer.signal }).then(() => {
    throw new Error(`${text} in ${Math.round(limitMs / 1_000)} s`);
  });
  late.catch(() => {});
  try {
    return await Promise.race([promise, late]);
  } finally {
    timer.abort();
  }
}
