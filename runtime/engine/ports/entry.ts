/** A unit on its way through a port: what went out, what came back, and how often it was tried. */
import type { Outcome, SentChunk, Unit } from "../../user-code/user-code.ts";
import type { Chunk } from "../chunk.ts";
import type { HeldEvent } from "./held-event.ts";

/** Knows its entry itself: a Map that entries come into and go out of makes itself anew all the time, and what it was keeps the next one alive in old memory. */
export class HeldUnit implements Unit {
  readonly id: string;
  readonly chunk: SentChunk | undefined;
  readonly events: readonly HeldEvent[];
  /** Until it has been given out. */
  entry: Entry | undefined;

  constructor(chunk: SentChunk | undefined, events: readonly HeldEvent[]) {
    this.id = chunk?.id ?? events[0]!.id;
    this.chunk = chunk;
    this.events = events;
  }
}

export interface Entry {
  readonly unit: HeldUnit;
  readonly events: readonly HeldEvent[];
  readonly chunk: Chunk | undefined;
  /** Of the node's input when its first event came. */
  readonly watermarkMs: number;
  readonly weight: number;
  /** Its place in the order of sending. */
  readonly number: number;
  /** Characters, or bytes, of what came back. */
  answerWeight: number;
  tries: number;
  isWaiting: boolean;
  settled: Settled | undefined;
}

export type Settled =
  | Extract<Outcome, { kind: "done" }>
  | { readonly kind: "bad" | "dropped"; readonly reason: string };
