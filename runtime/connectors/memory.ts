/**
 * Values in memory, for tests: a source gives its `events`, or what a test pushes; a sink keeps what it took. `memoryBroker`
 * is what a test holds; each run gets a broker of its own.
 */
import type {
  Connector,
  Message,
  MessageBatch,
  MessageSink,
  MessageSource,
  OpenContext,
  OutputMessage,
  Refusal,
} from "../engine/connector.ts";
import { RuntimeError } from "../engine/runtime-error.ts";
import { messageBytes } from "./message-text.ts";
import { optionData } from "./option-data.ts";

export interface MemoryBroker {
  readonly connector: Connector;
  /**
   * From now on the source `node` gives what is pushed, after its `events`, and ends only when told to. Call it before the run.
   * `push` takes the bytes of a message as text, or a whole message.
   */
  input(node: string): MemoryInput;
  /** What the sink `node` has taken, in order. */
  received(node: string): readonly OutputMessage[];
  /** The same as text. */
  receivedText(node: string): readonly string[];
  /** `answer` is asked before each batch the sink `node` takes: it may throw, wait, or refuse some. */
  onSend(
    node: string,
    answer: (
      batch: readonly OutputMessage[],
    ) => undefined | readonly Refusal[] | Promise<undefined | readonly Refusal[]>,
  ): void;
}

export interface MemoryInput {
  push(message: string | Message): void;
  end(): void;
  /** Positions, in the order in which they were acknowledged. */
  readonly acknowledged: readonly string[];
}

/** What a memory sink outside a test keeps before it gives up: bounded, as all memory is. */
const keptBytesLimit = 256 * 1024 * 1024;

export function memoryBroker(): MemoryBroker {
  const inputs = new Map<string, InputQueue>();
  const outputs = new Map<string, OutputMessage[]>();
  const answers = new Map<string, Parameters<MemoryBroker["onSend"]>[1]>();
  const received = (node: string) => entry(outputs, node, () => []);
  return {
    connector: {
      type: "memory",
      replayable: true,
      openSource: (context) => openMemorySource(context, inputs.get(context.node)),
      openSink: (context) =>
        openMemorySink(received(context.node), context, (batch) => answers.get(context.node)?.(batch)),
    },
    input: (node) => entry(inputs, node, () => new InputQueue()),
    received,
    receivedText: (node) => received(node).map((message) => new TextDecoder().decode(message.bytes)),
    onSend: (node, answer) => {
      answers.set(node, answer);
    },
  };
}

function entry<T>(map: Map<string, T>, name: string, make: () => T): T {
  const found = map.get(name) ?? make();
  map.set(name, found);
  return found;
}

class InputQueue implements MemoryInput {
  readonly acknowledged: string[] = [];
  readonly waiting: Message[] = [];
  private pushed = 0;
  private ended = false;
  private wake: (() => void) | undefined;

  push(message: string | Message): void {
    const position = `pushed/${this.pushed++}`;
    this.waiting.push(typeof message === "string" ? { bytes: new TextEncoder().encode(message), position } : message);
    this.wake?.();
  }

  end(): void {
    this.ended = true;
    this.wake?.();
  }

  async next(max: number): Promise<MessageBatch | undefined> {
    while (this.waiting.length === 0 && !this.ended) {
      await new Promise<void>((resolve) => {
        this.wake = resolve;
      });
    }
    const messages = this.waiting.splice(0, max);
    return messages.length > 0 ? { messages } : undefined;
  }
}

function openMemorySource(context: OpenContext, queue: InputQueue | undefined): MessageSource {
  const events = optionData(context.options.events, context) ?? [];
  if (!Array.isArray(events)) throw new RuntimeError("bad-config", `The events of '${context.node}' are a list.`);
  const { position } = context.kept ?? {};
  let next = typeof position === "number" ? position : 0;
  return {
    kind: "messages",
    // What a test pushed and was not acknowledged is gone with the run that took it: it pushes it again.
    positionAfter: (message) => (isPushed(message) ? events.length : Number(message.position) + 1),
    pull: (max) => {
      if (next >= events.length) return queue?.next(max);
      const messages = events
        .slice(next, next + max)
        .map((event, i) => ({ bytes: messageBytes(event, context), position: String(next + i) }));
      next += messages.length;
      return { messages };
    },
    ack: (batch) => {
      queue?.acknowledged.push(...batch.messages.map((message) => message.position));
    },
    stop: () => {
      next = events.length;
      queue?.end();
    },
    close: () => {},
  };
}

function openMemorySink(
  kept: OutputMessage[],
  context: OpenContext,
  answer: (batch: readonly OutputMessage[]) => undefined | readonly Refusal[] | Promise<undefined | readonly Refusal[]>,
): MessageSink {
  const { position } = context.kept ?? {};
  if (typeof position === "number") kept.length = position;
  let keptBytes = kept.reduce((sum, { bytes }) => sum + bytes.length, 0);
  return {
    kind: "messages",
    attributes: true,
    send: async (batch) => {
      const refusals = await answer(batch);
      const refused = new Set(refusals?.map((refusal) => refusal.index));
      for (const [index, message] of batch.entries()) {
        if (refused.has(index)) continue;
        keptBytes += message.bytes.length;
        if (keptBytes > keptBytesLimit) {
          throw new RuntimeError(
            "sink-unavailable",
            `'${context.node}' keeps its events in memory and has no room for more than 256 MiB. Use a file.`,
          );
        }
        kept.push(message);
      }
      return refusals;
    },
    flush: () => {},
    commit: () => {},
    abort: () => {},
    checkpoint: () => kept.length,
    leave: () => {},
  };
}

const isPushed = ({ position }: Message): boolean => !/^\d+$/.test(position);
