/** How units become bytes and bytes become answers: JSON lines (lines.ts), or frames with a length before each (length-frames.ts). */
import type { EndFrame } from "./answer-text.ts";
import type { AnsweredEvent, Unit } from "./user-code.ts";

export interface Framing {
  /**
   * The bytes of `unit` from its event number `from` (0: and what comes before), as many events as make up about `aboutBytes`, and behind the last what ends the
   * unit. `next` is the event to go on with; the number of events once the unit is complete.
   */
  encode(unit: Unit, from: number, aboutBytes: number): { readonly bytes: Uint8Array; readonly next: number };
  /** One for each started program. */
  reader(answers: Answers): AnswerReader;
}

export interface AnswerReader {
  /** Takes what came, cut anywhere. The bytes are not used after the call. */
  push(block: Buffer): void;
}

/** What a reader finds, in order. */
export interface Answers {
  /** Nobody listens any more: the reader may stop. */
  readonly isOver: boolean;
  /** `size` in bytes, about. */
  result(event: AnsweredEvent, size: number): void;
  end(frame: EndFrame): void;
  chunkStart(id: string | undefined): void;
  chunkEnd(id: string | undefined): void;
  /** Neither an event nor a frame; `text` is its beginning. */
  garbage(text: string): void;
  /** A line or frame longer than is allowed. */
  tooLong(): void;
  /** The media type of the data of a result that does not say its own. */
  inheritedDataType(): string;
}

/** A line, or a frame with its data. */
export const longestMessageBytes = 16 * 1024 * 1024;
