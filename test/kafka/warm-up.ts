/** The first group and the first transaction on a new broker wait for their internal topics: done once, before anything is measured. */
import { Records } from "./records.ts";

export async function warmUp(bootstrap: string): Promise<void> {
  const records = new Records(bootstrap);
  const topic = `warm-up-${Math.random().toString(36).slice(2)}`;
  await records.makeTopic(topic, 1);
  await records.produce(topic, [{ value: "1" }], { transaction: "committed" });
  await records.asAdmin(async (admin) => {
    await admin.setOffsets({ groupId: topic, topic, partitions: [{ partition: 0, offset: "1" }] });
    await admin.deleteTopics({ topics: [topic] });
  });
}
