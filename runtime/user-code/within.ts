/** Waiting with an end to it. */
import type { Clock } from "../engine/clock.ts";

/** Settles when `promise` resolves, or after `ms`. */
export async function within(ms: number, promise: Promise<unknown>, clock: Clock): Promise<void> {
  let cancel = () => {};
  const late = new Promise<void>((resolve) => {
    cancel = clock.after(ms, resolve);
  });
  await Promise.race([promise, late]);
  cancel();
}
