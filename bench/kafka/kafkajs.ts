/** W1, or routing by key, as one writes it with kafkajs: BOOTSTRAP IN OUT GROUP at_least_once|exactly_once w1|route. Runs until it is killed. */
import { Kafka, logLevel } from "kafkajs";
import { w1 } from "./events.ts";

const [bootstrap = "", input = "", output = "", group = "", delivery, work] = process.argv.slice(2);
const kafka = new Kafka({ brokers: bootstrap.split(","), logLevel: logLevel.NOTHING });
const consumer = kafka.consumer({ groupId: group, maxWaitTimeInMs: 100 });
const isExact = delivery === "exactly_once";
const producer = kafka.producer({
  idempotent: true,
  maxInFlightRequests: 1,
  ...(isExact ? { transactionalId: group } : {}),
});
await Promise.all([consumer.connect(), producer.connect()]);
await consumer.subscribe({ topic: input, fromBeginning: true });
await consumer.run({
  autoCommit: !isExact,
  autoCommitInterval: 100,
  eachBatch: async ({ batch: { messages, partition, lastOffset } }) => {
    const records = [];
    for (const { key, value } of messages) {
      if (work === "route") {
        if (key !== null) records.push({ key, value });
        continue;
      }
      const text = value === null ? undefined : w1(value.toString());
      if (text !== undefined) records.push({ key, value: text });
    }
    if (!isExact) {
      if (records.length > 0) await producer.send({ topic: output, messages: records });
      return;
    }
    const transaction = await producer.transaction();
    if (records.length > 0) await transaction.send({ topic: output, messages: records });
    const offset = String(BigInt(lastOffset()) + 1n);
    await transaction.sendOffsets({
      consumerGroupId: group,
      topics: [{ topic: input, partitions: [{ partition, offset }] }],
    });
    await transaction.commit();
  },
});
