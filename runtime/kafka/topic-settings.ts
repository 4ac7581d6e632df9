/**
 * How the topics that a pipeline makes for itself are set, and why. The cluster's defaults are not relied on: they are made for topics that people read.
 * Source: https://kafka.apache.org/documentation/#topicconfigs
 */

export type TopicRole = "intermediary" | "changelog" | "dead_letter";

interface Setting {
  readonly value: string;
  readonly why: string;
}

export type TopicSettings = Readonly<Record<string, Setting>>;

const mebibyte = 1024 * 1024;
const hourMs = 60 * 60 * 1000;

/** Values that are larger are split by whoever writes a changelog; batches stay below what brokers take by default. */
export const changelogBatchBytes = 512 * 1024;
/** A copy of a changelog that is older must not go on from where it was: it may have missed that something was deleted. */
export const changelogTombstonesKeptMs = 24 * hourMs;

const ofBoth: TopicSettings = {
  "compression.type": {
    value: "producer",
    why: "What is written is compressed already, or is not worth it: the broker keeps it as it is.",
  },
  "message.timestamp.type": {
    value: "LogAppendTime",
    why: "Retention goes by the timestamps of records. Events of last year that are replayed, or a worker whose clock is wrong, would be deleted before they are read.",
  },
  "unclean.leader.election.enable": {
    value: "false",
    why: "A replica that lacks records must not take over: better the stage waits than that events or state are gone.",
  },
};

const byRole: Readonly<Record<TopicRole, TopicSettings>> = {
  intermediary: {
    ...ofBoth,
    "cleanup.policy": {
      value: "delete",
      why: "All events count, also those with equal keys; control records have none.",
    },
    "retention.ms": {
      value: String(7 * 24 * hourMs),
      why: "So long the stage that reads may be down. It fails loudly when it comes back later, and nothing is skipped in silence.",
    },
    "retention.bytes": { value: "-1", why: "A limit would delete what a slow stage has not read yet." },
    "segment.bytes": {
      value: String(128 * mebibyte),
      why: "Space is given back a segment at a time: with the default of 1 GiB late.",
    },
    "max.message.bytes": {
      value: String(16 * mebibyte),
      why: "What a source took must go through, with its headers: records of 10 MB and more.",
    },
  },
  changelog: {
    ...ofBoth,
    "cleanup.policy": {
      value: "compact",
      why: "Of each value and page of cells the last one is the state; nothing of it may go by age.",
    },
    "segment.bytes": {
      value: String(16 * mebibyte),
      why: "The newest segment is never compacted, and is read whole when state is restored.",
    },
    "min.cleanable.dirty.ratio": {
      value: "0.2",
      why: "A restore then reads a quarter more than the state at most, instead of twice as much with the default of 0.5.",
    },
    "delete.retention.ms": {
      value: String(changelogTombstonesKeptMs),
      why: "A copy of the state that goes on from where it was must still see what was deleted meanwhile.",
    },
    "max.message.bytes": { value: String(2 * mebibyte), why: "Batches have half a mebibyte and a little." },
  },
  dead_letter: {
    ...ofBoth,
    "message.timestamp.type": {
      value: "CreateTime",
      why: "A bad event is kept as it came, with its own time.",
    },
    "cleanup.policy": { value: "delete", why: "Bad events with equal keys all count." },
    "retention.ms": { value: "-1", why: "What somebody must look at waits until somebody does." },
    "retention.bytes": { value: "-1", why: "The same." },
    "max.message.bytes": { value: String(16 * mebibyte), why: "It takes whatever a source took." },
  },
};

/** @param replication 1 up to the number of brokers */
export function topicSettings(role: TopicRole, replication: number): TopicSettings {
  return {
    ...byRole[role],
    "min.insync.replicas": {
      value: String(replication >= 3 ? 2 : 1),
      why: "With three replicas a written record outlives the loss of any broker, and one may be down. With two or one this would stop the pipeline whenever a broker restarts.",
    },
  };
}

/** Without three there is no room for one to be down and two to have the record. */
export const replicationFor = (brokers: number): number => Math.min(3, brokers);
