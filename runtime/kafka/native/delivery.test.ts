/** Delivery against brokers that answer as the test says: what goes again, to whom, and what an answer means. */
import { describe, expect, it } from "vitest";
import { kafkaError } from "../error-table.ts";
import { KafkaError } from "../kafka-error.ts";
import type { BrokerApi } from "./broker-connection.ts";
import { Delivery, newParcel, type Parcel } from "./delivery.ts";
import type { BatchBytes } from "./produce-request.ts";
import { retrying } from "./retry.ts";

const done = 0;
const notLeader = 6;
const tooLarge = 10;
const outOfOrder = 45;
const duplicate = 46;
const storageError = 56;
const lost = "lost";

/** What the broker says to one partition in one request, in order; the last one again and again. `lost`: the connection ends. */
type Answer = number | typeof lost;

class Brokers {
  /** `leader: partition partition`, each request. */
  readonly requests: string[] = [];
  readonly forgotten: string[] = [];
  readonly bytesSent = new Map<number, Set<Buffer>>();
  readonly #leaders: Map<number, number>;
  readonly #answers: Map<number, Answer[]>;
  readonly #moves: Map<number, number>;
  readonly delivery: Delivery;

  constructor(
    leaders: readonly number[],
    answers: readonly Answer[][],
    moves: ReadonlyMap<number, number> = new Map(),
  ) {
    this.#leaders = new Map(leaders.entries());
    this.#answers = new Map(answers.map((list, partition) => [partition, [...list]]));
    this.#moves = new Map(moves);
    const signal = new AbortController().signal;
    const partitions = () => leaders.map((_, partition) => ({ leader: this.#leaders.get(partition)!, leaderEpoch: 0 }));
    this.delivery = new Delivery({
      cluster: {
        retry: (doing, attempt) => retrying(doing, attempt, { forMs: 500, signal }),
        knownTopic: (name) => ({ name, id: "", partitions: partitions() }),
        leaderOf: async (topic, partition) => {
          const leader = this.#leaders.get(partition);
          if (leader === undefined) throw kafkaError(3, { topic, partition });
          return leader;
        },
        forgetTopic: (name) => {
          this.forgotten.push(name);
          for (const [partition, leader] of this.#moves) this.#leaders.set(partition, leader);
        },
      },
      channel: {
        call: async <Arguments extends unknown[], Said>(
          node: number,
          _api: BrokerApi<Arguments, Said>,
          args: Arguments,
        ) => this.#answer(node, args[2] as readonly BatchBytes[]) as Said,
      },
      transactionalId: undefined,
      signal,
    });
  }

  #answer(node: number, batches: readonly BatchBytes[]): unknown {
    this.requests.push(`${node}: ${batches.map(({ partition }) => partition).join(" ")}`);
    const said = batches.map(({ topic, partition, bytes }) => {
      const before = this.bytesSent.get(partition) ?? new Set();
      this.bytesSent.set(partition, before.add(bytes));
      const answers = this.#answers.get(partition)!;
      return { topic, partition, answer: answers.length > 1 ? answers.shift()! : answers[0]! };
    });
    if (said.some(({ answer }) => answer === lost)) throw new KafkaError("unavailable", "hung up", { retryable: true });
    return said.map(({ topic, partition, answer }) => ({ topic, partition, errorCode: answer }));
  }
}

const parcel = (partition: number, sizeBytes = 10): Parcel =>
  newParcel({ topic: "t", partition, bytes: Buffer.alloc(sizeBytes), count: 1 });

async function deliver(brokers: Brokers, count: number): Promise<readonly Parcel[]> {
  const parcels = Array.from({ length: count }, (_, partition) => parcel(partition));
  await brokers.delivery.deliver(parcels);
  return parcels;
}

const failure = (brokers: Brokers, count: number): Promise<unknown> =>
  deliver(brokers, count).then(
    () => undefined,
    (error: unknown) => error,
  );

describe("delivery", () => {
  it("puts all batches of a leader into one request", async () => {
    const brokers = new Brokers([1, 2, 1, 2], [[done], [done], [done], [done]]);
    const parcels = await deliver(brokers, 4);
    expect(brokers.requests).toEqual(["1: 0 2", "2: 1 3"]);
    expect(parcels.every(({ isStored }) => isStored)).toBe(true);
  });

  it("sends only what is not stored again, the same bytes, to whoever leads then", async () => {
    const brokers = new Brokers(
      [1, 1, 1],
      [[done], [notLeader, done], [notLeader, done]],
      new Map([
        [1, 2],
        [2, 3],
      ]),
    );
    await deliver(brokers, 3);
    expect(brokers.requests).toEqual(["1: 0 1 2", "2: 1", "3: 2"]);
    expect(brokers.forgotten).toContain("t");
    expect([...brokers.bytesSent.values()].map((bytes) => bytes.size)).toEqual([1, 1, 1]);
  });

  it("does not wait for one leader before it tries another again", async () => {
    const brokers = new Brokers([1, 2], [[done], [lost, storageError, done]]);
    await deliver(brokers, 2);
    expect(brokers.requests).toEqual(["1: 0", "2: 1", "2: 1", "2: 1"]);
  });

  it("takes a duplicate for stored when the batch was sent before", async () => {
    const [one] = await deliver(new Brokers([1], [[lost, duplicate]]), 1);
    expect(one?.isStored).toBe(true);
  });

  it("fails on a duplicate that was never sent before: it would be lost", async () => {
    const error = await failure(new Brokers([1], [[duplicate]]), 1);
    expect(error).toMatchObject({ kind: "protocol", topic: "t", partition: 0 });
  });

  it("fails when the broker lacks a batch that came before", async () => {
    expect(await failure(new Brokers([1], [[outOfOrder]]), 1)).toMatchObject({ kind: "fenced", retryable: false });
  });

  it("keeps what was refused apart from what is stored", async () => {
    const [first, second] = await deliver(new Brokers([1, 1], [[tooLarge], [done]]), 2);
    expect(first?.refusal).toMatchObject({ kind: "record-too-large", topic: "t", partition: 0 });
    expect([first?.isStored, second?.isStored]).toEqual([false, true]);
  });

  it("says at the end what was wrong all the time, and with which topic", async () => {
    expect(await failure(new Brokers([1], [[storageError]]), 1)).toMatchObject({
      kind: "storage",
      topic: "t",
      partition: 0,
      retryable: false,
      message: expect.stringMatching(/disk.*topic 't'|topic 't'.*disk/s),
    });
    expect(await failure(new Brokers([1], [[lost]]), 1)).toMatchObject({
      kind: "unavailable",
      message: expect.stringContaining("topic 't'"),
    });
  });

  it("remembers a full disk when the partition has no leader after that", async () => {
    expect(await failure(new Brokers([1], [[storageError, lost]]), 1)).toMatchObject({
      kind: "storage",
      message: expect.stringMatching(/disk is full.*Since then: hung up/s),
    });
  });

  it("is not done before all leaders have answered, also where one has failed", async () => {
    const brokers = new Brokers([1, 2], [[outOfOrder], [storageError, storageError, done]]);
    await failure(brokers, 2);
    expect(brokers.requests).toEqual(["1: 0", "2: 1", "2: 1", "2: 1"]);
  });

  it("makes several requests of what would be too much for one", async () => {
    const brokers = new Brokers([1, 1, 1], [[done], [done], [done]]);
    await brokers.delivery.deliver([parcel(0, 20 << 20), parcel(1, 20 << 20), parcel(2, 1 << 20)]);
    expect(brokers.requests).toEqual(["1: 0", "1: 1 2"]);
  });

  it("refuses a batch that no broker would read", async () => {
    const brokers = new Brokers([1], [[done]]);
    const large = parcel(0, 100 << 20);
    await brokers.delivery.deliver([large]);
    expect(large.refusal?.kind).toBe("record-too-large");
    expect(brokers.requests).toEqual([]);
  });
});
