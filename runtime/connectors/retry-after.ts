/** The header `retry-after` of HTTP. */

/** A server may ask for at most this much patience. */
const longestMs = 300_000;

/** Seconds, or an HTTP date; 0 where there is neither. */
export function retryAfterMs(header: string | null | undefined, nowMs: number): number {
  if (header === null || header === undefined) return 0;
  const waitMs = /^\d+$/.test(header) ? Number(header) * 1000 : Date.parse(header) - nowMs;
  return Number.isNaN(waitMs) ? 0 : Math.min(Math.max(0, waitMs), longestMs);
}
