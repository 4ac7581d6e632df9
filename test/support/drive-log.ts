/** A log in memory, for tests: text in, text out. Its partitions are pushed to by hand; what sinks write is kept, record by record. */
import { isUtf8 } from "node:buffer";
import { builtInConnectors } from "../../runtime/connectors/index.ts";
import { memoryBroker } from "../../runtime/connectors/memory.ts";
import { manualClock, settle } from "../../runtime/engine/clock.ts";
import {
  type Connector,
  type RecordBlock,
  RecordField,
  type RecordRound,
  type RecordSink,
  type RecordSource,
  recordStride,
} from "../../runtime/engine/connector.ts";
import { encodeHeaders, readHeaders } from "../../runtime/engine/record-headers.ts";
import { type Run, runPipeline } from "../../runtime/engine/run.ts";
import type { RunServices } from "../../runtime/engine/run-services.ts";
import { stageOf } from "./drive-flow.ts";

export interface LogRecord {
  readonly key?: string | Uint8Array | null;
  readonly value: string | Uint8Array | null;
  readonly headers?: Readonly<Record<string, string>>;
  readonly timestampMs?: number;
}

/** A block by hand, as the codec of a log gives it. */
export function blockOf(topic: string, partition: number, baseOffset: number, records: readonly LogRecord[]) {
  const parts: Buffer[] = [];
  let at = 0;
  const put = (bytes: Uint8Array | string | null | undefined): readonly [number, number] => {
    if (bytes === null || bytes === undefined) return [-1, -1];
    const buffer = Buffer.from(bytes);
    parts.push(buffer);
    at += buffer.length;
    return [at - buffer.length, at];
  };
  const index = new Int32Array(records.length * recordStride);
  for (const [n, { key, value, headers }] of records.entries()) {
    const entries = Object.entries(headers ?? {});
    const i = n * recordStride;
    // Bytes that are no text stand between the parts, as in a real batch.
    put(Uint8Array.of(0xff, n & 0xff));
    [index[i + RecordField.keyStart], index[i + RecordField.keyEnd]] = put(key);
    [index[i + RecordField.valueStart], index[i + RecordField.valueEnd]] = put(value);
    [index[i + RecordField.headersStart], index[i + RecordField.headersEnd]] = put(
      encodeHeaders(entries) ?? Uint8Array.of(0),
    );
    index[i + RecordField.headerCount] = entries.length;
    index[i + RecordField.offsetDelta] = n;
  }
  const block: RecordBlock = {
    topic,
    partition,
    bytes: Buffer.concat(parts),
    count: records.length,
    index,
    baseOffset,
    timestamps: Float64Array.from(records, ({ timestampMs }) => timestampMs ?? 1_000),
    nextOffset: baseOffset + records.length,
  };
  return block;
}

/** What a sink wrote. `copied`: ranges of the block that it came in, without a text in between. */
export interface Written {
  readonly key: string | null;
  readonly value: string | null;
  readonly timestampMs: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly partition?: number;
  readonly copied?: true;
  readonly toAll?: true;
}

class MemoryRound implements RecordRound {
  count = 0;
  sizeBytes = 0;
  readonly written: Written[] = [];

  add(
    key: string | Uint8Array | null,
    value: string | Uint8Array | null,
    timestampMs: number,
    headers: Uint8Array | undefined,
    partition: number | undefined,
  ): string | undefined {
    if (value !== null && value.length > 100_000) return "larger than 100000 bytes";
    return this.put(key, value, timestampMs, headers, partition, {});
  }

  addUntouched(block: RecordBlock, record: number, partition: number | undefined): string | undefined {
    const range = (start: number, end: number) => {
      const from = block.index[record * recordStride + start]!;
      return from < 0 ? null : block.bytes.subarray(from, block.index[record * recordStride + end]!);
    };
    const headers = range(RecordField.headersStart, RecordField.headersEnd) ?? undefined;
    const key = range(RecordField.keyStart, RecordField.keyEnd);
    const value = range(RecordField.valueStart, RecordField.valueEnd);
    return this.put(key, value, block.timestamps[record]!, headers, partition, { copied: true });
  }

  addToAll(value: Uint8Array | null, timestampMs: number, headers: Uint8Array): void {
    this.put(null, value, timestampMs, headers, undefined, { toAll: true });
  }

  values() {
    return this.written.map(({ value }, index) => ({ position: `round:${index}`, bytes: Buffer.from(value ?? "") }));
  }

  private put(
    key: string | Uint8Array | null,
    value: string | Uint8Array | null,
    timestampMs: number,
    headers: Uint8Array | undefined,
    partition: number | undefined,
    how: { readonly copied?: true; readonly toAll?: true },
  ): undefined {
    this.count++;
    this.sizeBytes += (value?.length ?? 0) + 20;
    const read = headers === undefined ? new Map() : readHeaders(Buffer.from(headers));
    const texts = Object.fromEntries([...read].map(([name, bytes]) => [name, Buffer.from(bytes).toString()]));
    this.written.push({
      key: key === null ? null : Buffer.from(key).toString(),
      value: value === null ? null : Buffer.from(value).toString(isUtf8(Buffer.from(value)) ? "utf8" : "hex"),
      timestampMs,
      ...(read.size === 0 ? {} : { headers: texts }),
      ...(partition === undefined ? {} : { partition }),
      ...how,
    });
    return undefined;
  }
}

class MemoryLogSource implements RecordSource {
  readonly kind = "records";
  readonly partitions: readonly string[];
  readonly hasWatermarks?: true;
  readonly skipsNull?: true;
  readonly passes: string[] = [];
  readonly acks: string[] = [];
  readonly kept: unknown;
  private readonly blocks: RecordBlock[] = [];
  private ended = false;
  private wake: () => void = () => {};
  released = 0;

  constructor(partitions: readonly string[], options: Readonly<Record<string, unknown>>, kept: unknown) {
    this.partitions = partitions;
    this.kept = kept;
    if (options.watermarks === true) this.hasWatermarks = true;
    if (options.tombstones === "skip") this.skipsNull = true;
  }

  /** @param isWiped what is looked at after its release is nonsense */
  push(block: RecordBlock, isWiped: boolean): void {
    const release = () => {
      this.released++;
      block.bytes.fill(0xff);
      block.index.fill(0x7fff_ffff);
      block.timestamps.fill(Number.NaN);
    };
    this.blocks.push(isWiped ? { ...block, release } : block);
    this.wake();
  }

  end(): void {
    this.ended = true;
    this.wake();
  }

  pull(): RecordBlock | undefined | Promise<RecordBlock | undefined> {
    const block = this.blocks.shift();
    if (block !== undefined || this.ended) return block;
    return new Promise<void>((resolve) => {
      this.wake = resolve;
    }).then(() => this.pull());
  }

  passed(topic: string, partition: number, offset: number): void {
    this.passes.push(`${topic}/${partition}/${offset}`);
  }

  ack(topic: string, partition: number, offset: number): void {
    this.acks.push(`${topic}/${partition}/${offset}`);
  }

  stop(): void {
    this.end();
  }

  close(): void {}
}

export interface DriveLogOptions extends Partial<RunServices> {
  /** Of each topic; 1 if not given. */
  readonly partitions?: number;
  readonly startMs?: number;
  /** Blocks stay as they are when they were released. */
  readonly keepsReleased?: boolean;
  /** Is awaited before a round is taken. */
  readonly onSend?: (round: RecordRound) => Promise<void> | undefined;
  /** More options of the source's connector, and of the sink's. */
  readonly sourceOptions?: Readonly<Record<string, boolean | string>>;
  readonly sinkOptions?: Readonly<Record<string, boolean | string>>;
}

/** Runs a .flow whose sources and sinks of `kafka` are the log in memory. */
export function driveLog(flow: string, options: DriveLogOptions = {}) {
  const config = stageOf(flow);
  const nodes = config.nodes.map((node) => {
    const more = node.kind === "source" ? options.sourceOptions : options.sinkOptions;
    if (!("connector" in node) || node.connector.type !== "kafka" || more === undefined) return node;
    return { ...node, connector: { ...node.connector, options: { ...node.connector.options, ...more } } };
  });
  const sources = new Map<string, MemoryLogSource>();
  const written = new Map<string, Written[]>();
  const rounds: number[] = [];
  const opened = Promise.withResolvers<void>();
  const count = nodes.filter((node) => node.kind === "source" && node.connector.type === "kafka").length;
  const offsets = new Map<string, number>();
  const connector: Connector = {
    type: "kafka",
    replayable: true,
    openSource: ({ options: { topic, ...rest }, node, kept }) => {
      const names = Array.from({ length: options.partitions ?? 1 }, (_, n) => `${topic}/${n}`);
      const source = new MemoryLogSource(names, rest, kept?.position);
      sources.set(node, source);
      if (sources.size === count) opened.resolve();
      return source;
    },
    openSink: ({ node }): RecordSink => ({
      kind: "records",
      newRound: () => new MemoryRound(),
      send: (round) => {
        const take = (): undefined => {
          rounds.push(round.count);
          written.set(node, [...(written.get(node) ?? []), ...(round as MemoryRound).written]);
          return undefined;
        };
        const waits = options.onSend?.(round);
        return waits === undefined ? take() : waits.then(take);
      },
      flush: () => {},
      commit: () => {},
      abort: () => {},
      leave: () => {},
    }),
  };
  const clock = manualClock(options.startMs ?? 0);
  const broker = memoryBroker();
  const run: Run = runPipeline(
    { ...config, nodes },
    {
      connectors: new Map([...builtInConnectors(broker.connector), ["kafka", connector]]),
      baseDirectory: "/",
      clock,
      deadLetter: { type: "kafka", options: { topic: "dead" } },
      ...options,
    },
  );
  run.done.catch(() => {});
  const source = (name: string) => sources.get(name)!;
  return {
    run,
    clock,
    rounds,
    source,
    broker,
    push: async (name: string, records: readonly (LogRecord | string)[], partition = 0) => {
      await Promise.race([opened.promise, run.done]);
      const all = records.map((record) => (typeof record === "string" ? { value: record } : record));
      const from = offsets.get(`${name}/${partition}`) ?? 0;
      offsets.set(`${name}/${partition}`, from + all.length);
      const topic = source(name).partitions[0]!.replace(/\/\d+$/, "");
      source(name).push(blockOf(topic, partition, from, all), options.keepsReleased !== true);
      await settle();
    },
    advanceMs: async (ms: number) => {
      await clock.advance(ms);
      await settle();
    },
    written: (sink: string): readonly Written[] => written.get(sink) ?? [],
    values: (sink: string) => (written.get(sink) ?? []).map(({ value }) => value),
    finish: async () => {
      for (const each of sources.values()) each.end();
      return run.done;
    },
  };
}
