/**
 * kafkajs sets a timer anew every millisecond for as long as a connection lives, with a negative time, of which Node.js warns on standard error. Only what waits needs one.
 * Source: https://github.com/tulios/kafkajs/issues/1704 and 1751
 */
import RequestQueue from "kafkajs/src/network/requestQueue/index.js";

const leastWaitMs = 10;

/** For all of kafkajs in this process. Idempotent. */
export function keepTimersQuiet(): void {
  RequestQueue.prototype.scheduleCheckPendingRequests = scheduleWhenSomethingWaits;
}

/** For one connection's queue. */
export function scheduleWhenSomethingWaits(this: RequestQueue): void {
  if (this.pending.length === 0 || this.throttleCheckTimeoutId !== null) return;
  const waitMs = Math.max(leastWaitMs, this.throttledUntil - Date.now());
  this.throttleCheckTimeoutId = setTimeout(() => {
    this.throttleCheckTimeoutId = null;
    this.checkPendingRequests();
  }, waitMs);
}
