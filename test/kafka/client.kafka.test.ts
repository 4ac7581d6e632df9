/** Both clients keep the same promises, and work side by side in one group. */
import { afterEach, describe, expect, it, vi } from "vitest";
import { openKafkaClient } from "../../runtime/kafka/open-client.ts";
import { bootstrap, newName, newTopic } from "./broker.ts";
import { describeClient, failure, joinRecorded, pullRecords, send, soon } from "./client-suite.ts";

describe.each(["kafkajs", "native"] as const)("with %s", (kind) => {
  describeClient(kind);
});

describe("the two together", () => {
  const ending: (() => Promise<void>)[] = [];
  afterEach(async () => {
    for (const end of ending.splice(0).reverse()) await end();
  });

  async function both() {
    const [one, other] = await Promise.all(
      (["kafkajs", "native"] as const).map((kind) => openKafkaClient(kind, { brokers: [bootstrap()], clientId: kind })),
    );
    if (one === undefined || other === undefined) throw new Error("Both are opened");
    ending.push(
      () => one.close(),
      () => other.close(),
    );
    return [one, other] as const;
  }

  it("are members of one group, whoever leads it, and hand partitions over with what was committed", async () => {
    const topic = await newTopic(4);
    const of = [...Array(4).keys()].map((partition) => ({ topic, partition }));
    for (const clients of [await both(), [...(await both())].reverse()]) {
      const group = newName("group");
      const first = await joinRecorded(clients[0]!, group, [topic], {
        revoked: () => first.member.commit(of.map((at) => ({ ...at, offset: 10 + at.partition }))),
      });
      await vi.waitFor(() => expect(first.owned.length).toBe(4), soon);
      const second = await joinRecorded(clients[1]!, group, [topic]);
      await vi.waitFor(() => expect([first.owned.length, second.owned.length]).toEqual([2, 2]), soon);
      expect(await second.member.committed(of)).toEqual([10, 11, 12, 13]);
      const kept = second.owned;
      await first.member.leave();
      await vi.waitFor(() => expect(second.owned.length).toBe(4), soon);
      expect(second.owned).toEqual(expect.arrayContaining([...kept]));
    }
  });

  it("fence one another by the transactional id", async () => {
    const topic = await newTopic(1);
    const transactionalId = newName("transaction");
    const [one, other] = await both();
    const old = await one.producer({ transactionalId });
    await send(old, topic, [{ value: "old" }]);
    const heir = await other.producer({ transactionalId });
    await send(heir, topic, [{ value: "new" }]);
    expect(await failure(send(old, topic, [{ value: "old" }]))).toMatchObject({ kind: "fenced" });
    await heir.commit([], { group: "", generation: -1, member: "" });
    for (const client of [one, other]) {
      const reader = (await client.reader({})).open({ topic, partition: 0, offset: 0 });
      expect((await pullRecords(reader, 1)).map(({ value }) => value)).toEqual(["new"]);
    }
  });
});
