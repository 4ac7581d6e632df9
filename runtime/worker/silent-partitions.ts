/**
 * Tells of a partition that gives nothing while another one of its topic does: windows wait for it, and without `idle` they wait for ever. Told once for each partition, as
 * users see nothing come out and no reason.
 */
import type { NodePlan, RuntimeConfig, SourcePlan } from "../../compiler/contract/runtime-config.ts";
import type { Clock } from "../engine/clock.ts";
import type { Log } from "../engine/connector.ts";
import { isKafkaSource } from "./kafka-sources.ts";

const silentMs = 30_000;

export class SilentPartitions {
  private readonly clock: Pick<Clock, "elapsedMs">;
  private readonly log: Log;
  /** Sources for which something waits, by topic. */
  private readonly waitedFor: ReadonlyMap<string, SourcePlan>;
  /** By topic, then partition: when it gave something last, or was opened. */
  private readonly lastMs = new Map<string, Map<number, number>>();
  private readonly told = new Set<string>();

  constructor(config: RuntimeConfig, clock: Pick<Clock, "elapsedMs">, log: Log) {
    this.clock = clock;
    this.log = log;
    const isAwaited = config.nodes.some(waitsForWatermarks);
    this.waitedFor = new Map(
      config.nodes
        .filter(isKafkaSource)
        .filter((source) => isAwaited && source.watermark?.idleMs === undefined && !isBetweenStages(source))
        .map((source) => [String(source.connector.options.topic), source]),
    );
  }

  /** Opened, or has given something. */
  gave(topic: string, partition: number): void {
    if (!this.waitedFor.has(topic)) return;
    const partitions = this.lastMs.get(topic) ?? new Map<number, number>();
    this.lastMs.set(topic, partitions.set(partition, this.clock.elapsedMs()));
  }

  closed(topic: string, partition: number): void {
    this.lastMs.get(topic)?.delete(partition);
  }

  /** Cheap: to be called now and then. */
  check(): void {
    const nowMs = this.clock.elapsedMs();
    for (const [topic, partitions] of this.lastMs) {
      if (![...partitions.values()].some((ms) => nowMs - ms < silentMs / 3)) continue;
      for (const [partition, ms] of partitions) if (nowMs - ms >= silentMs) this.tell(topic, partition);
    }
  }

  private tell(topic: string, partition: number): void {
    const name = `${topic}/${partition}`;
    if (this.told.has(name)) return;
    this.told.add(name);
    const source = this.waitedFor.get(topic)!;
    this.log.warn(
      { partition: name },
      `partition ${partition} of '${topic}' has given nothing for 30 s, and everything that lives by event time waits for it; 'watermark 5s idle 30s' in source '${source.name}' (${source.at}) says that it need not`,
    );
  }
}

const isBetweenStages = ({ connector }: SourcePlan): boolean => connector.options.watermarks === true;

function waitsForWatermarks(node: NodePlan): boolean {
  if (node.kind === "window") return node.assign.kind !== "global" && node.assign.kind !== "count";
  return node.kind === "sink" && node.connector.options.watermarks === true;
}
