/** The topics that a pipeline makes for itself, on a real broker. */
import { describe, expect, it } from "vitest";
import { deleteTopics, describeTopics, ensureTopics } from "../../runtime/kafka/topics.ts";
import { bootstrap, newName, newTopic, produce } from "./broker.ts";

const connection = () => ({ brokers: [bootstrap()], clientId: "topics-test" });
const one = async (topic: string) => (await describeTopics(connection(), [topic]))[0];

describe("topics of a pipeline", () => {
  it("are made with the settings of their role, once", async () => {
    const between = { topic: newName("between"), role: "intermediary", partitions: 3 } as const;
    const changelog = { topic: newName("changelog"), role: "changelog", partitions: 2 } as const;
    expect(await ensureTopics(connection(), [between, changelog])).toEqual([between.topic, changelog.topic]);
    expect(await ensureTopics(connection(), [between, changelog])).toEqual([]);
    expect(await one(between.topic)).toMatchObject({
      partitions: 3,
      replication: 1,
      settings: {
        "cleanup.policy": "delete",
        "retention.ms": "604800000",
        "message.timestamp.type": "LogAppendTime",
        "min.insync.replicas": "1",
        "compression.type": "producer",
      },
    });
    expect(await one(changelog.topic)).toMatchObject({
      partitions: 2,
      settings: { "cleanup.policy": "compact", "segment.bytes": "16777216", "min.cleanable.dirty.ratio": "0.2" },
    });
  });

  it("are made by one of several that begin at the same time", async () => {
    const wanted = [{ topic: newName("between"), role: "intermediary", partitions: 2 } as const];
    const made = await Promise.all([1, 2, 3].map(() => ensureTopics(connection(), wanted)));
    expect(made.flat()).toEqual([wanted[0]?.topic]);
  });

  it("take settings of their own", async () => {
    const topic = newName("changelog");
    await ensureTopics(connection(), [{ topic, role: "changelog", partitions: 1, settings: { "segment.ms": "1000" } }]);
    expect((await one(topic))?.settings).toMatchObject({ "segment.ms": "1000", "cleanup.policy": "compact" });
  });

  it("between stages are refused with another number of partitions, with the cure", async () => {
    const topic = await newTopic(3);
    await expect(ensureTopics(connection(), [{ topic, role: "intermediary", partitions: 4 }])).rejects.toMatchObject({
      code: "topic-differs",
      message: expect.stringContaining(`Topic '${topic}' has 3 partitions, and 4 are wanted`),
    });
  });

  it("that hold state get more partitions when there is more input", async () => {
    const wanted = { topic: newName("changelog"), role: "changelog" } as const;
    for (const partitions of [2, 5, 3]) await ensureTopics(connection(), [{ ...wanted, partitions }]);
    expect((await one(wanted.topic))?.partitions).toBe(5);
  });

  it("that hold state are refused where they are not compacted, with the cure", async () => {
    const topic = await newTopic(1);
    await expect(ensureTopics(connection(), [{ topic, role: "changelog", partitions: 1 }])).rejects.toMatchObject({
      code: "topic-differs",
      message: expect.stringContaining("--add-config cleanup.policy=compact"),
    });
  });

  it("may not have more replicas than there are brokers", async () => {
    const topic = newName("between");
    const wanted = { topic, role: "intermediary", partitions: 1, replication: 3 } as const;
    await expect(ensureTopics(connection(), [wanted])).rejects.toMatchObject({ code: "kafka-protocol", topic });
  });

  it("with a name that Kafka does not take are refused by name", async () => {
    const wanted = { topic: "not a name", role: "changelog", partitions: 1 } as const;
    await expect(ensureTopics(connection(), [wanted])).rejects.toMatchObject({ topic: "not a name" });
  });

  it("keep events with old timestamps", async () => {
    const topic = newName("between");
    await ensureTopics(connection(), [{ topic, role: "intermediary", partitions: 1 }]);
    await produce(topic, [{ value: "of 1970", timestampMs: 1000 }]);
    const { readAll } = await import("./broker.ts");
    const [record] = await readAll(topic);
    expect(record?.timestampMs).toBeGreaterThan(Date.parse("2020-01-01"));
  });

  it("are deleted where they are there", async () => {
    const topic = await newTopic(1);
    expect(await deleteTopics(connection(), [topic, "never-was"])).toEqual([topic]);
    expect(await one(topic)).toBe(undefined);
    expect(await deleteTopics(connection(), [topic])).toEqual([]);
  });

  it("of a broker that is not there: the error names it", async () => {
    const nowhere = { brokers: ["127.0.0.1:1"], clientId: "topics-test" };
    await expect(describeTopics(nowhere, ["a"])).rejects.toMatchObject({
      code: "kafka-unavailable",
      message: expect.stringContaining("127.0.0.1:1"),
    });
  });
});
