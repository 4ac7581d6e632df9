/** The counts of several tasks as those of one run. */
import type { RuntimeConfig } from "../../compiler/contract/runtime-config.ts";
import type { ReasonCount } from "../engine/failures.ts";
import type { NodeStats, RunStats } from "../engine/run-stats.ts";

export function sumStats({ nodes }: RuntimeConfig, tasks: readonly RunStats[], elapsedMs: number): RunStats {
  const sum = (count: (stats: RunStats) => number): number => tasks.reduce((total, stats) => total + count(stats), 0);
  return {
    elapsedMs,
    nodes: nodes.map((node, index) =>
      sumNode(
        node,
        tasks.map((stats) => stats.nodes[index]!),
      ),
    ),
    badEvents: sum(({ badEvents }) => badEvents),
    deadLetters: sum(({ deadLetters }) => deadLetters),
  };
}

/** Equal ones of several tasks are one; the most frequent first. */
export function sumReasons(reasons: readonly ReasonCount[]): readonly ReasonCount[] {
  const sums = new Map<string, ReasonCount>();
  for (const one of reasons) {
    const name = JSON.stringify([one.node, one.operator, one.reason]);
    sums.set(name, { ...one, count: (sums.get(name)?.count ?? 0) + one.count });
  }
  return [...sums.values()].sort((a, b) => b.count - a.count);
}

const counted = ["eventsIn", "eventsOut", "errors", "bytes", "dropped", "retries", "open", "ahead"] as const;

function sumNode({ name, kind }: RuntimeConfig["nodes"][number], tasks: readonly NodeStats[]): NodeStats {
  const sums: Partial<Record<(typeof counted)[number], number>> = {};
  for (const field of counted)
    for (const task of tasks) {
      const value = task[field];
      if (value !== undefined) sums[field] = (sums[field] ?? 0) + value;
    }
  return {
    node: name,
    kind,
    eventsIn: 0,
    eventsOut: 0,
    errors: 0,
    ...sums,
    ...lateOf(tasks),
    ...watermarkOf(tasks),
  };
}

function lateOf(tasks: readonly NodeStats[]): Pick<NodeStats, "late"> {
  const late = tasks.flatMap((task) => task.late ?? []);
  if (late.length === 0) return {};
  const sum = (count: (one: (typeof late)[number]) => number): number =>
    late.reduce((total, one) => total + count(one), 0);
  return {
    late: {
      lateness: sum(({ lateness }) => lateness),
      closedWindow: sum(({ closedWindow }) => closedWindow),
      readers: late[0]!.readers,
    },
  };
}

/** Of all tasks the least. */
function watermarkOf(tasks: readonly NodeStats[]): Pick<NodeStats, "watermark"> {
  const marks = tasks.flatMap(({ watermark }) => (watermark === undefined ? [] : [watermark]));
  if (marks.length === 0) return {};
  const known = marks.filter((mark) => mark !== null).sort();
  return { watermark: known.length < marks.length ? null : known[0]! };
}
