/**
 * Which member of a group gets which partitions: partitions stay where they are as far as the balance allows, and partition p of all topics goes to one member,
 * because p is one task with one state. A pure function, so that every leader comes to the same answer.
 */
import type { TopicPartition } from "../client.ts";

export interface GroupSubscriber {
  readonly member: string;
  readonly topics: readonly string[];
  /** What it had in `generation`. A member that comes back late still names what others have by now: the later generation counts. */
  readonly owned: readonly TopicPartition[];
  readonly generation: number;
}

/** Partitions with one number, of topics that one member reads. */
interface Unit {
  readonly partition: number;
  readonly topics: readonly string[];
  /** Indices of members that read all of them. */
  readonly eligible: readonly number[];
}

/**
 * Every partition of a topic that somebody reads goes to exactly one member that reads it; each member is in the answer. Where all read the same topics, as they do
 * except while a new version is rolled out, nobody has two partition numbers more than another, and no fewer could have moved.
 * @param partitionCounts by topic; a topic that is not in it has none
 */
export function assignSticky(
  subscribers: readonly GroupSubscriber[],
  partitionCounts: ReadonlyMap<string, number>,
): ReadonlyMap<string, readonly TopicPartition[]> {
  const members = [...subscribers].sort((a, b) => compareText(a.member, b.member));
  const units = unitsOf(members, partitionCounts);
  const ownerOf = ownersOf(members);
  const unitsByMember = members.map(() => new Set<Unit>());
  const free: Unit[] = [];
  for (const unit of units) {
    const owner = ownerOf(unit);
    if (owner === undefined) free.push(unit);
    else unitsByMember[owner]!.add(unit);
  }
  for (const unit of free) unitsByMember[leastLoaded(unit.eligible, unitsByMember)]!.add(unit);
  balance(unitsByMember);
  return new Map(members.map(({ member }, i) => [member, partitionsOf(unitsByMember[i]!)]));
}

function unitsOf(members: readonly GroupSubscriber[], partitionCounts: ReadonlyMap<string, number>): Unit[] {
  const topics = [...new Set(members.flatMap((member) => member.topics))].sort(compareText);
  const readBy = members.map((member) => new Set(member.topics));
  const most = topics.reduce((count, topic) => Math.max(count, partitionCounts.get(topic) ?? 0), 0);
  /** Partition numbers with the same topics have the same members. */
  const splits = new Map<string, readonly Omit<Unit, "partition">[]>();
  const units: Unit[] = [];
  for (let partition = 0; partition < most; partition++) {
    const there = topics.filter((topic) => partition < (partitionCounts.get(topic) ?? 0));
    const name = there.join("\n");
    const split = splits.get(name) ?? splitByMembers(there, readBy);
    splits.set(name, split);
    for (const part of split) units.push({ partition, ...part });
  }
  return units;
}

/** One part where somebody reads all topics. Else as few as can be, largest first: a partition number is then with several members, which only different programs in one group bring about. */
function splitByMembers(
  topics: readonly string[],
  readBy: readonly ReadonlySet<string>[],
): readonly Omit<Unit, "partition">[] {
  const parts: Omit<Unit, "partition">[] = [];
  let left = topics;
  while (left.length > 0) {
    let most: readonly string[] = [];
    for (const read of readBy) {
      const covered = left.filter((topic) => read.has(topic));
      if (covered.length > most.length) most = covered;
    }
    const part = most;
    const eligible = [...readBy.keys()].filter((i) => part.every((topic) => readBy[i]!.has(topic)));
    parts.push({ topics: part, eligible });
    left = left.filter((topic) => !part.includes(topic));
  }
  return parts;
}

/** Who has a unit now: of the latest generation that names one of its partitions. */
function ownersOf(members: readonly GroupSubscriber[]): (unit: Unit) => number | undefined {
  const claims = new Map<string, Map<number, { readonly owner: number; readonly generation: number }>>();
  members.forEach(({ owned, generation }, owner) => {
    for (const { topic, partition } of owned) {
      const ofTopic = claims.get(topic) ?? new Map<number, { owner: number; generation: number }>();
      claims.set(topic, ofTopic);
      if ((ofTopic.get(partition)?.generation ?? Number.NEGATIVE_INFINITY) < generation)
        ofTopic.set(partition, { owner, generation });
    }
  });
  return ({ topics, partition, eligible }) => {
    let best: { readonly owner: number; readonly generation: number } | undefined;
    for (const topic of topics) {
      const claim = claims.get(topic)?.get(partition);
      if (claim === undefined || !eligible.includes(claim.owner)) continue;
      if (best === undefined || claim.generation > best.generation) best = claim;
    }
    return best?.owner;
  };
}

/** Moves units from those who have most to those who have at least two fewer. The sum of squares falls with each move, so it ends. */
function balance(unitsByMember: readonly Set<Unit>[]): void {
  for (let moved = true; moved; ) {
    const fromMost = [...unitsByMember].sort((a, b) => b.size - a.size);
    moved = fromMost.some((from) => moveOne(from, unitsByMember));
  }
}

function moveOne(from: Set<Unit>, unitsByMember: readonly Set<Unit>[]): boolean {
  // The last ones go first, so that what is left stays together.
  for (const unit of [...from].reverse()) {
    const to = unitsByMember[leastLoaded(unit.eligible, unitsByMember)]!;
    if (to.size > from.size - 2) continue;
    from.delete(unit);
    to.add(unit);
    return true;
  }
  return false;
}

function leastLoaded(eligible: readonly number[], unitsByMember: readonly ReadonlySet<Unit>[]): number {
  let least = eligible[0]!;
  for (const i of eligible) if (unitsByMember[i]!.size < unitsByMember[least]!.size) least = i;
  return least;
}

function partitionsOf(units: ReadonlySet<Unit>): TopicPartition[] {
  return [...units]
    .flatMap(({ partition, topics }) => topics.map((topic) => ({ topic, partition })))
    .sort((a, b) => compareText(a.topic, b.topic) || a.partition - b.partition);
}

const compareText = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
