/** Which partitions a leader is asked for, and for how much: what bounds memory. Pure. */
import type { ReaderOptions } from "../client.ts";
import type { FetchPartition, FetchRequest, FetchTopic } from "./fetch-request.ts";
import type { FetchedPartition } from "./fetched-partition.ts";
import type { Trouble } from "./retry.ts";

/** A partition, and how fetching it goes. */
export interface Source {
  readonly reader: FetchedPartition;
  readonly trouble: Trouble;
  /** Of the topic when it was first fetched. */
  topicId: string | undefined;
  isUnderWay: boolean;
  /** `performance.now()` */
  notBeforeMs: number;
}

export interface Ask {
  readonly source: Source;
  readonly topicId: string;
  readonly request: FetchPartition;
}

export interface FetchPlan {
  readonly request: FetchRequest;
  readonly asks: readonly Ask[];
}

export interface FetchBounds {
  readonly options: Required<ReaderOptions>;
  /** See `limitOf`. */
  readonly limitBytes: number;
  /** All together hold as much as they may: only those that somebody waits for are fetched. */
  readonly isFull: boolean;
  readonly nowMs: number;
}

/** Of one partition in one answer, at most. */
const partitionMaxBytes = 1 << 20;
/** Where partitions of the same leader have no room: they may have it soon, and the request under way does not name them. */
const shortWaitMs = 5;

/** Of one partition in one answer; one that holds less is fetched. Twice that for each is all that may be held, so none takes the room of another. */
export function limitOf(maxBytes: number, partitions: number): number {
  const fairBytes = Math.floor(maxBytes / (2 * Math.max(1, partitions)));
  return Math.max(1, Math.min(partitionMaxBytes, fairBytes));
}

/**
 * Undefined where there is nothing to ask for.
 * @param sources of one leader. The broker gives the first ones first, and the first batch of all whole even where it is too large
 */
export function planFetch(
  sources: readonly Source[],
  bounds: FetchBounds,
  leaderEpochOf: (source: Source) => number,
): FetchPlan | undefined {
  const { options, limitBytes, isFull, nowMs } = bounds;
  const hasRoom = ({ reader }: Source) => reader.untouchedBytes < limitBytes && (!isFull || reader.isAwaited);
  const asks = sources
    .filter((source) => !source.isUnderWay && source.notBeforeMs <= nowMs && hasRoom(source))
    .map((source) => askFor(source, limitBytes, leaderEpochOf(source)));
  if (asks.length === 0) return undefined;
  const request = {
    maxWaitMs: sources.every(hasRoom) ? options.maxWaitMs : Math.min(shortWaitMs, options.maxWaitMs),
    maxBytes: asks.reduce((sum, { request: { maxBytes } }) => sum + maxBytes, 0),
    isolation: options.isolation,
    topics: byTopic(asks),
  };
  return { request, asks };
}

function askFor(source: Source, limitBytes: number, leaderEpoch: number): Ask {
  const { partition, fetchOffset: offset, neededBytes } = source.reader;
  const request = { partition, leaderEpoch, offset, maxBytes: Math.max(limitBytes, neededBytes) };
  return { source, topicId: source.topicId ?? "", request };
}

function byTopic(asks: readonly Ask[]): readonly FetchTopic[] {
  const asksById = Map.groupBy(asks, ({ topicId }) => topicId);
  return [...asksById].map(([id, its]) => ({ id, partitions: its.map(({ request }) => request) }));
}
