/** W1, or routing by key, as one writes it with @platformatic/kafka: BOOTSTRAP IN OUT GROUP at_least_once|exactly_once w1|route. Runs until it is killed. */
import { Consumer, Producer } from "@platformatic/kafka";
import { w1 } from "./events.ts";

const [bootstrap = "", input = "", output = "", group = "", delivery, work] = process.argv.slice(2);
const isExact = delivery === "exactly_once";
const base = { clientId: "bench", bootstrapBrokers: bootstrap.split(",") };
const consumer = new Consumer({ ...base, groupId: group });
const producer = new Producer({
  ...base,
  idempotent: true,
  // Its defaults let a transactional id be used once only.
  producerId: -1n,
  producerEpoch: -1,
  timeout: 30_000,
  retries: 100,
  retryDelay: 5,
  ...(isExact ? { transactionalId: group } : {}),
});
const stream = await consumer.consume({
  topics: [input],
  mode: "earliest",
  autocommit: false,
  maxWaitTime: 100,
  maxBytes: 1 << 20,
});

type Message = { key: Buffer; value: Buffer; partition: number; offset: bigint; commit(): void | Promise<void> };
let collected: Message[] = [];
let since = Date.now();
for await (const message of stream as AsyncIterable<Message>) {
  collected.push(message);
  if (collected.length < 1_000 && Date.now() - since < 100) continue;
  await pass(collected);
  collected = [];
  since = Date.now();
}

async function pass(messages: readonly Message[]): Promise<void> {
  const records = [];
  for (const { key, value } of messages) {
    if (work === "route") records.push({ topic: output, key, value });
    else {
      const text = w1(value.toString());
      if (text !== undefined) records.push({ topic: output, key, value: Buffer.from(text) });
    }
  }
  const last = new Map(messages.map((message) => [message.partition, message]));
  if (!isExact) {
    await producer.send({ messages: records });
    for (const message of last.values()) await message.commit();
    return;
  }
  const transaction = await producer.beginTransaction();
  await transaction.addConsumer(consumer);
  await transaction.send({ messages: records });
  // One after the other: of several at a time it keeps the first only.
  for (const message of last.values()) await transaction.addOffset(message as never);
  await transaction.commit();
}
