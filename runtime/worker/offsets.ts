/** How far partitions have come, and what of that is news. */
import type { PartitionOffset } from "../kafka/client.ts";

export class Offsets {
  private readonly byPartition = new Map<
    string,
    { readonly topic: string; readonly partition: number; offset: number }
  >();
  private news = new Set<string>();

  set(topic: string, partition: number, offset: number): void {
    const name = `${topic}/${partition}`;
    const known = this.byPartition.get(name);
    if (known === undefined) this.byPartition.set(name, { topic, partition, offset });
    else if (known.offset === offset) return;
    else known.offset = offset;
    this.news.add(name);
  }

  get hasNews(): boolean {
    return this.news.size > 0;
  }

  /** What has moved since the last call. */
  takeNews(): PartitionOffset[] {
    if (this.news.size === 0) return [];
    const names = this.news;
    this.news = new Set();
    return [...names].map((name) => ({ ...this.byPartition.get(name)! }));
  }

  /** These could not be committed: they are news again. */
  giveBack(offsets: readonly PartitionOffset[]): void {
    for (const { topic, partition } of offsets) this.news.add(`${topic}/${partition}`);
  }
}
