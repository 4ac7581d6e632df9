/** The connector of a test: its sources give what they are told and say when they are at rest; its sinks take everything at once. */
import type { Connector, Message, MessageBatch, MessageSink, MessageSource } from "../engine/connector.ts";

/** Everything that a test has sent to a source. Each run of the test reads it through a source of its own. */
export class TestInput {
  hasEnded = false;
  private readonly log: Message[] = [];
  private readonly numbers = new Map<string, number>();
  private readonly batch: number;
  private reader: Reader | undefined;

  /** @param batch messages that are given at once, at most */
  constructor(batch: number) {
    this.batch = batch;
  }

  push(messages: readonly Message[]): void {
    for (const message of messages) {
      this.numbers.set(message.position, this.log.length);
      this.log.push(message);
    }
    this.reader?.answer();
  }

  end(): void {
    this.hasEnded = true;
    this.reader?.answer();
  }

  /** Everything has been given, and more has been asked for: all that was given has been through the stage. */
  get isAtRest(): boolean {
    return this.left === 0 && (this.hasEnded || this.reader?.isWaiting === true);
  }

  /** A run reads it. */
  get isOpen(): boolean {
    return this.reader !== undefined;
  }

  close(): void {
    this.reader = undefined;
  }

  /** Messages that were not given yet. */
  get left(): number {
    return this.log.length - (this.reader?.next ?? 0);
  }

  /** @param from the number of the first message that is to be read */
  open(from: number): MessageSource {
    const reader = new Reader(this.log, from, this.batch, () => this.hasEnded);
    this.reader = reader;
    return {
      kind: "messages",
      pull: (max) => reader.pull(max),
      ack: () => {},
      positionAfter: ({ position }) => (this.numbers.get(position) ?? -1) + 1,
      stop: () => reader.stop(),
      close: () => {},
    };
  }
}

class Reader {
  next: number;
  private readonly log: readonly Message[];
  private readonly batch: number;
  private readonly hasEnded: () => boolean;
  private stopped = false;
  private max = 0;
  private pulled: ((batch: MessageBatch | undefined) => void) | undefined;

  constructor(log: readonly Message[], from: number, batch: number, hasEnded: () => boolean) {
    this.log = log;
    this.next = from;
    this.batch = batch;
    this.hasEnded = hasEnded;
  }

  get isWaiting(): boolean {
    return this.pulled !== undefined;
  }

  pull(max: number): Promise<MessageBatch | undefined> {
    return new Promise((resolve) => {
      this.max = max;
      this.pulled = resolve;
      this.answer();
    });
  }

  stop(): void {
    this.stopped = true;
    this.answer();
  }

  answer(): void {
    const { pulled } = this;
    if (pulled === undefined) return;
    const messages = this.stopped ? [] : this.log.slice(this.next, this.next + Math.min(this.max, this.batch));
    if (messages.length === 0 && !this.stopped && !this.hasEnded()) return;
    this.pulled = undefined;
    this.next += messages.length;
    pulled(messages.length === 0 ? undefined : { messages });
  }
}

/** Of the type `memory`. */
export function testConnector(inputs: ReadonlyMap<string, TestInput>): Connector {
  return {
    type: "memory",
    replayable: true,
    openSource: ({ node, kept }) => {
      const position = kept?.position;
      return (inputs.get(node) ?? new TestInput(1)).open(typeof position === "number" ? position : 0);
    },
    openSink: () => testSink,
  };
}

const testSink: MessageSink = {
  kind: "messages",
  attributes: true,
  send: () => undefined,
  flush: () => {},
  commit: () => {},
  abort: () => {},
};
