/** What we know of one started program: whether it still counts, whether it gives ids; and what its reader finds, handed on as long as it counts. */
import type { EndFrame } from "./answer-text.ts";
import type { Channel } from "./channel.ts";
import type { AnswerReader, Answers, Framing } from "./framing.ts";
import type { AnsweredEvent } from "./user-code.ts";

/** Who takes the answers of whichever program runs. As `Answers`, with the session where it matters. */
export interface AnswerTaker {
  result(event: AnsweredEvent, size: number): void;
  end(session: Session, frame: EndFrame): void;
  chunkStart(id: string | undefined): void;
  chunkEnd(session: Session, id: string | undefined): void;
  garbage(text: string): void;
  tooMuch(): void;
  inheritedDataType(): string;
}

/** More than are under way at once. */
const mostSettledIds = 128;

export class Session implements Answers {
  isOver = false;
  /** An end line of it had an id: all the others must. */
  givesIds = false;
  /** Units settled last, by their ids. */
  private readonly settledIds: string[] = [];
  readonly channel: Channel;
  readonly reader: AnswerReader;
  private readonly taker: AnswerTaker;

  constructor(taker: AnswerTaker, channel: Channel, framing: Framing) {
    this.taker = taker;
    this.channel = channel;
    this.reader = framing.reader(this);
  }

  get hasAnswered(): boolean {
    return this.settledIds.length > 0;
  }

  settled(id: string): void {
    this.settledIds.push(id);
    if (this.settledIds.length > mostSettledIds) this.settledIds.splice(0, mostSettledIds / 2);
  }

  hasSettled(id: string): boolean {
    return this.settledIds.includes(id);
  }

  /** @returns whether there is room for more */
  write(pieces: readonly Uint8Array[]): boolean {
    return this.channel.input.write(pieces.length === 1 ? pieces[0] : Buffer.concat(pieces));
  }

  result(event: AnsweredEvent, size: number): void {
    if (!this.isOver) this.taker.result(event, size);
  }

  end(frame: EndFrame): void {
    if (!this.isOver) this.taker.end(this, frame);
  }

  chunkStart(id: string | undefined): void {
    if (!this.isOver) this.taker.chunkStart(id);
  }

  chunkEnd(id: string | undefined): void {
    if (!this.isOver) this.taker.chunkEnd(this, id);
  }

  garbage(text: string): void {
    if (!this.isOver) this.taker.garbage(text);
  }

  tooLong(): void {
    if (!this.isOver) this.taker.tooMuch();
  }

  inheritedDataType(): string {
    return this.taker.inheritedDataType();
  }
}
