/** The part of kafkajs 2.2.4 that sets timers; it has no types. */
declare module "kafkajs/src/network/requestQueue/index.js" {
  class RequestQueue {
    readonly pending: readonly unknown[];
    readonly throttledUntil: number;
    throttleCheckTimeoutId: NodeJS.Timeout | null;
    checkPendingRequests(): void;
    scheduleCheckPendingRequests(): void;
  }
  // biome-ignore lint/style/noDefaultExport: it is kafkajs's own.
  export default RequestQueue;
}
