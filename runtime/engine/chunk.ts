/** A run of events that belongs together. It is delivered, acknowledged, tried again and given up whole. */
import type { TimeWindow } from "../windows/cell.ts";

export interface Chunk {
  /** The same when the same input is read again: `node/key/id of its first event`. */
  readonly id: string;
  /** A runtime value; undefined where the chunk has no `key`. */
  readonly key: unknown;
  /** Of the panes in it, where it was made of panes. */
  readonly window: TimeWindow | undefined;
  /** How many events it had when it closed. */
  readonly count: number;
}

/** What of a sink or of user code takes chunks as such. Between the two calls everything put in belongs to the chunk; a chunk of which nothing came is nothing. */
export interface ChunkTaker {
  beginChunk(chunk: Chunk): void;
  endChunk(): void;
}
