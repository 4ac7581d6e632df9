/** One bad record as `flow deadletter` sees it, wherever it is kept. */
import type { HeaderEntry } from "../../runtime/engine/record-headers.ts";

export interface Entry {
  /** Where it is kept: `orders-dead-letter/0/3`, or the byte offset of its line. Unique in its dead letter. */
  readonly place: string;
  readonly node: string;
  readonly operator?: string | undefined;
  readonly at?: string | undefined;
  readonly reason: string;
  /** Where it was read from: `orders/0/12`, `orders.ndjson:1204`. */
  readonly position: string;
  readonly time?: string | undefined;
  /** Only a topic keeps these. */
  readonly key?: Uint8Array | null | undefined;
  readonly headers?: readonly HeaderEntry[] | undefined;
  readonly timestampMs?: number;
  /** null: a record without a value. */
  readonly bytes: Uint8Array | null;
  /** The bytes are what a sink was given, and not what came. */
  readonly isOutput: boolean;
  readonly wasReplayed: boolean;
}

export interface Filter {
  readonly node: string | undefined;
  readonly reason: string | undefined;
  readonly position: string | undefined;
  readonly limit: number;
  readonly withReplayed: boolean;
}

export function filterOf({ node, reason, position, limit, replayed }: Readonly<Record<string, unknown>>): Filter {
  const text = (value: unknown) => (typeof value === "string" ? value : undefined);
  return {
    node: text(node)?.replaceAll("-", "_"),
    reason: text(reason)?.toLowerCase(),
    position: text(position),
    limit: typeof limit === "number" ? limit : Number.POSITIVE_INFINITY,
    withReplayed: replayed === true,
  };
}

export const isWanted = (entry: Entry, { node, reason, position, withReplayed }: Filter): boolean =>
  (withReplayed || !entry.wasReplayed) &&
  (node === undefined || entry.node === node) &&
  (reason === undefined || entry.reason.toLowerCase().includes(reason)) &&
  (position === undefined || entry.position.startsWith(position));
