/** Kafka's error codes: what each means in words that name the topic and the cure, and what helps. Both clients use this table. Source: https://kafka.apache.org/protocol#protocol_error_codes */
import { KafkaError, type KafkaErrorKind } from "./kafka-error.ts";

/** What makes the same request succeed later. */
export type Remedy =
  /** Nothing: it is final for whoever asked. */
  | "none"
  /** Waiting. */
  | "wait"
  /** Asking again who leads the partition. */
  | "metadata"
  /** Asking again who coordinates the group or the transactional id. */
  | "coordinator";

/** What was asked for; what is known of it is named in the message. */
export interface ErrorPlace {
  readonly topic?: string;
  readonly partition?: number;
  readonly group?: string;
  readonly transactionalId?: string;
  readonly cause?: unknown;
}

export interface ErrorRow {
  /** Kafka's own name, `NOT_LEADER_OR_FOLLOWER`. */
  readonly name: string;
  readonly kind: KafkaErrorKind;
  readonly remedy: Remedy;
  /** A sentence or two: what is wrong, and what to do. `{subject}` is what was asked for. */
  readonly text: string;
}

const row = (name: string, kind: KafkaErrorKind, remedy: Remedy, text: string): ErrorRow => ({
  name,
  kind,
  remedy,
  text,
});

const rowByCode: ReadonlyMap<number, ErrorRow> = new Map<number, ErrorRow>([
  [
    -1,
    row(
      "UNKNOWN_SERVER_ERROR",
      "protocol",
      "none",
      "The broker failed on {subject} in a way that it does not name. Its log says why.",
    ),
  ],
  [
    1,
    row(
      "OFFSET_OUT_OF_RANGE",
      "offset-out-of-range",
      "none",
      "{subject} no longer has the offset: retention took it away, or the topic was made anew. Nothing is passed over in silence: to go on without what is gone reset the group (kafka-consumer-groups.sh --reset-offsets --to-earliest), and keep records longer (retention.ms).",
    ),
  ],
  [2, row("CORRUPT_MESSAGE", "corrupt", "wait", "The broker found a wrong checksum in records for {subject}.")],
  [
    3,
    row(
      "UNKNOWN_TOPIC_OR_PARTITION",
      "unknown-topic",
      "metadata",
      "There is no {subject}. Create the topic, or correct its name.",
    ),
  ],
  [5, row("LEADER_NOT_AVAILABLE", "unavailable", "metadata", "{subject} has no leader now. Its brokers may be down.")],
  [6, row("NOT_LEADER_OR_FOLLOWER", "unavailable", "metadata", "{subject} has another leader now.")],
  [7, row("REQUEST_TIMED_OUT", "unavailable", "wait", "The broker took too long for {subject}.")],
  [8, row("BROKER_NOT_AVAILABLE", "unavailable", "metadata", "The broker of {subject} is not there.")],
  [9, row("REPLICA_NOT_AVAILABLE", "unavailable", "metadata", "A replica of {subject} is not there.")],
  [
    10,
    row(
      "MESSAGE_TOO_LARGE",
      "record-too-large",
      "none",
      "A batch is larger than {subject} takes. Raise max.message.bytes of the topic.",
    ),
  ],
  [13, row("NETWORK_EXCEPTION", "unavailable", "metadata", "The broker of {subject} hung up.")],
  [14, row("COORDINATOR_LOAD_IN_PROGRESS", "unavailable", "wait", "The coordinator of {subject} is still loading.")],
  [15, row("COORDINATOR_NOT_AVAILABLE", "unavailable", "coordinator", "{subject} has no coordinator now.")],
  [16, row("NOT_COORDINATOR", "unavailable", "coordinator", "{subject} has another coordinator now.")],
  [
    17,
    row(
      "INVALID_TOPIC_EXCEPTION",
      "unknown-topic",
      "none",
      "{subject} has a name that Kafka does not take: letters, digits, '.', '_' and '-', at most 249.",
    ),
  ],
  [
    18,
    row(
      "RECORD_LIST_TOO_LARGE",
      "record-too-large",
      "none",
      "A batch is larger than a log segment of {subject}. Raise segment.bytes of the topic.",
    ),
  ],
  [
    19,
    row(
      "NOT_ENOUGH_REPLICAS",
      "storage",
      "wait",
      "Too few replicas of {subject} are in sync (min.insync.replicas). Bring the brokers back.",
    ),
  ],
  [
    20,
    row(
      "NOT_ENOUGH_REPLICAS_AFTER_APPEND",
      "storage",
      "wait",
      "Too few replicas of {subject} are in sync (min.insync.replicas). Bring the brokers back.",
    ),
  ],
  [21, row("INVALID_REQUIRED_ACKS", "protocol", "none", "The broker does not take acks for {subject}.")],
  [22, row("ILLEGAL_GENERATION", "rebalanced", "none", "{subject} has divided its partitions anew.")],
  [
    23,
    row(
      "INCONSISTENT_GROUP_PROTOCOL",
      "protocol",
      "none",
      "Members of another kind are in {subject}: their way to divide partitions is another. Choose a group of its own.",
    ),
  ],
  [24, row("INVALID_GROUP_ID", "protocol", "none", "{subject} has a name that Kafka does not take.")],
  [
    25,
    row(
      "UNKNOWN_MEMBER_ID",
      "rebalanced",
      "none",
      "{subject} has taken this member out: it was not heard of for longer than the session time-out.",
    ),
  ],
  [
    26,
    row(
      "INVALID_SESSION_TIMEOUT",
      "protocol",
      "none",
      "The session time-out for {subject} is outside of what the broker allows (group.min.session.timeout.ms, group.max.session.timeout.ms).",
    ),
  ],
  [27, row("REBALANCE_IN_PROGRESS", "rebalanced", "none", "{subject} is dividing its partitions anew.")],
  [
    28,
    row(
      "INVALID_COMMIT_OFFSET_SIZE",
      "protocol",
      "none",
      "The committed offset of {subject} carries too much metadata.",
    ),
  ],
  [
    29,
    row(
      "TOPIC_AUTHORIZATION_FAILED",
      "authorization",
      "none",
      "This user may not use {subject}. Grant it READ, WRITE, DESCRIBE or, to make it, CREATE on the topic (kafka-acls).",
    ),
  ],
  [
    30,
    row(
      "GROUP_AUTHORIZATION_FAILED",
      "authorization",
      "none",
      "This user may not use {subject}. Grant it READ on the group (kafka-acls).",
    ),
  ],
  [
    31,
    row(
      "CLUSTER_AUTHORIZATION_FAILED",
      "authorization",
      "none",
      "This user may not do that in the cluster ({subject}). Grant it IDEMPOTENT_WRITE or ALTER on the cluster (kafka-acls).",
    ),
  ],
  [
    32,
    row(
      "INVALID_TIMESTAMP",
      "protocol",
      "none",
      "{subject} refuses the timestamp of a record (message.timestamp.before.max.ms, message.timestamp.after.max.ms).",
    ),
  ],
  [
    33,
    row(
      "UNSUPPORTED_SASL_MECHANISM",
      "authentication",
      "none",
      "The broker does not know this SASL mechanism. Choose one that it has (sasl.enabled.mechanisms).",
    ),
  ],
  [
    34,
    row(
      "ILLEGAL_SASL_STATE",
      "authentication",
      "none",
      "The broker does not expect SASL at this port. Leave out `sasl`, or use the port with SASL.",
    ),
  ],
  [
    35,
    row(
      "UNSUPPORTED_VERSION",
      "protocol",
      "none",
      "The broker is too old for {subject}: Kafka 3.9 or newer is needed.",
    ),
  ],
  [36, row("TOPIC_ALREADY_EXISTS", "protocol", "none", "{subject} exists already.")],
  [
    37,
    row("INVALID_PARTITIONS", "protocol", "none", "{subject} cannot have this number of partitions: it can only grow."),
  ],
  [
    38,
    row(
      "INVALID_REPLICATION_FACTOR",
      "protocol",
      "none",
      "{subject} cannot have so many replicas: the cluster has fewer brokers.",
    ),
  ],
  [39, row("INVALID_REPLICA_ASSIGNMENT", "protocol", "none", "The replicas of {subject} cannot be placed like that.")],
  [40, row("INVALID_CONFIG", "protocol", "none", "A setting of {subject} is not one that Kafka takes.")],
  [41, row("NOT_CONTROLLER", "unavailable", "metadata", "The cluster has another controller now ({subject}).")],
  [42, row("INVALID_REQUEST", "protocol", "none", "The broker does not understand the request for {subject}.")],
  [
    43,
    row(
      "UNSUPPORTED_FOR_MESSAGE_FORMAT",
      "protocol",
      "none",
      "{subject} holds records of an old format. Kafka 3.9 or newer writes the new one.",
    ),
  ],
  [44, row("POLICY_VIOLATION", "authorization", "none", "A policy of the cluster forbids this for {subject}.")],
  [
    45,
    row(
      "OUT_OF_ORDER_SEQUENCE_NUMBER",
      "fenced",
      "none",
      "{subject} lacks a batch of this producer that came before: it must begin anew.",
    ),
  ],
  [46, row("DUPLICATE_SEQUENCE_NUMBER", "protocol", "none", "{subject} has this batch already.")],
  [
    47,
    row(
      "INVALID_PRODUCER_EPOCH",
      "fenced",
      "none",
      "Another producer has taken over {subject}, or its transaction took longer than the transaction time-out.",
    ),
  ],
  [
    48,
    row(
      "INVALID_TXN_STATE",
      "fenced",
      "none",
      "The transaction of {subject} is not in a state for that: the broker has ended it.",
    ),
  ],
  [
    49,
    row(
      "INVALID_PRODUCER_ID_MAPPING",
      "fenced",
      "none",
      "The broker no longer knows the producer of {subject} (transactional.id.expiration.ms).",
    ),
  ],
  [
    50,
    row(
      "INVALID_TRANSACTION_TIMEOUT",
      "protocol",
      "none",
      "The transaction time-out of {subject} is longer than the broker allows (transaction.max.timeout.ms).",
    ),
  ],
  [
    51,
    row("CONCURRENT_TRANSACTIONS", "unavailable", "wait", "The transaction before of {subject} is still being ended."),
  ],
  [52, row("TRANSACTION_COORDINATOR_FENCED", "unavailable", "coordinator", "{subject} has another coordinator now.")],
  [
    53,
    row(
      "TRANSACTIONAL_ID_AUTHORIZATION_FAILED",
      "authorization",
      "none",
      "This user may not use {subject}. Grant it WRITE and DESCRIBE on the transactional id (kafka-acls).",
    ),
  ],
  [54, row("SECURITY_DISABLED", "protocol", "none", "The broker has no authorizer ({subject}).")],
  [
    55,
    row(
      "OPERATION_NOT_ATTEMPTED",
      "unavailable",
      "wait",
      "The broker did not try {subject}, since something else in the request failed.",
    ),
  ],
  [
    56,
    row(
      "KAFKA_STORAGE_ERROR",
      "storage",
      "metadata",
      "The broker cannot write or read {subject}: its disk is full or broken. Free space, or move the partition.",
    ),
  ],
  [57, row("LOG_DIR_NOT_FOUND", "storage", "none", "The broker does not have the folder of {subject}.")],
  [
    58,
    row("SASL_AUTHENTICATION_FAILED", "authentication", "none", "The broker refuses the user name or the password."),
  ],
  [59, row("UNKNOWN_PRODUCER_ID", "fenced", "none", "{subject} no longer knows this producer: it must begin anew.")],
  [60, row("REASSIGNMENT_IN_PROGRESS", "unavailable", "wait", "{subject} is being moved.")],
  [68, row("NON_EMPTY_GROUP", "protocol", "none", "{subject} still has members. Stop them first.")],
  [69, row("GROUP_ID_NOT_FOUND", "protocol", "none", "There is no {subject}.")],
  [70, row("FETCH_SESSION_ID_NOT_FOUND", "unavailable", "wait", "The fetch session of {subject} is gone.")],
  [71, row("INVALID_FETCH_SESSION_EPOCH", "unavailable", "wait", "The fetch session of {subject} is another.")],
  [
    72,
    row(
      "LISTENER_NOT_FOUND",
      "unavailable",
      "metadata",
      "The leader of {subject} has no address that this client can use (advertised.listeners).",
    ),
  ],
  [
    73,
    row(
      "TOPIC_DELETION_DISABLED",
      "authorization",
      "none",
      "The cluster does not let {subject} be deleted (delete.topic.enable).",
    ),
  ],
  [74, row("FENCED_LEADER_EPOCH", "unavailable", "metadata", "{subject} has another leader now.")],
  [75, row("UNKNOWN_LEADER_EPOCH", "unavailable", "metadata", "The broker does not know yet who leads {subject}.")],
  [
    76,
    row("UNSUPPORTED_COMPRESSION_TYPE", "protocol", "none", "The broker does not know this compression ({subject})."),
  ],
  [77, row("STALE_BROKER_EPOCH", "unavailable", "metadata", "The broker of {subject} is just starting.")],
  [
    78,
    row("OFFSET_NOT_AVAILABLE", "unavailable", "wait", "The leader of {subject} is new and does not know its end yet."),
  ],
  [79, row("MEMBER_ID_REQUIRED", "rebalanced", "none", "{subject} wants to give this member an id first.")],
  [80, row("PREFERRED_LEADER_NOT_AVAILABLE", "unavailable", "metadata", "{subject} has no leader now.")],
  [
    81,
    row(
      "GROUP_MAX_SIZE_REACHED",
      "authorization",
      "none",
      "{subject} has as many members as the broker allows (group.max.size).",
    ),
  ],
  [82, row("FENCED_INSTANCE_ID", "fenced", "none", "Another member has the same instance id in {subject}.")],
  [
    83,
    row(
      "ELIGIBLE_LEADERS_NOT_AVAILABLE",
      "unavailable",
      "metadata",
      "No replica of {subject} may lead now. Bring its brokers back.",
    ),
  ],
  [86, row("GROUP_SUBSCRIBED_TO_TOPIC", "protocol", "none", "{subject} is being read by the group.")],
  [
    87,
    row(
      "INVALID_RECORD",
      "protocol",
      "none",
      "{subject} refuses a record: where it is compacted, every record needs a key.",
    ),
  ],
  [
    88,
    row("UNSTABLE_OFFSET_COMMIT", "unavailable", "wait", "A transaction over the offsets of {subject} is still open."),
  ],
  [89, row("THROTTLING_QUOTA_EXCEEDED", "unavailable", "wait", "This user is over its quota ({subject}).")],
  [90, row("PRODUCER_FENCED", "fenced", "none", "Another producer has taken over {subject}.")],
  [91, row("RESOURCE_NOT_FOUND", "protocol", "none", "There is no {subject}.")],
  [
    100,
    row(
      "UNKNOWN_TOPIC_ID",
      "unknown-topic",
      "metadata",
      "{subject} is gone, or was made anew. Create the topic, or correct its name.",
    ),
  ],
  [103, row("INCONSISTENT_TOPIC_ID", "unknown-topic", "metadata", "{subject} was made anew.")],
  [105, row("TRANSACTIONAL_ID_NOT_FOUND", "fenced", "none", "The broker does not know {subject}.")],
  [106, row("FETCH_SESSION_TOPIC_ID_ERROR", "unavailable", "metadata", "{subject} was made anew.")],
  [108, row("NEW_LEADER_ELECTED", "unavailable", "metadata", "{subject} has another leader now.")],
  [
    109,
    row(
      "OFFSET_MOVED_TO_TIERED_STORAGE",
      "unavailable",
      "metadata",
      "The offset of {subject} has moved to tiered storage.",
    ),
  ],
  [110, row("FENCED_MEMBER_EPOCH", "rebalanced", "none", "{subject} has taken this member out.")],
  [112, row("UNSUPPORTED_ASSIGNOR", "protocol", "none", "The broker does not know how {subject} divides partitions.")],
  [113, row("STALE_MEMBER_EPOCH", "rebalanced", "none", "{subject} has divided its partitions anew.")],
  [120, row("TRANSACTION_ABORTABLE", "fenced", "none", "The transaction of {subject} must be aborted.")],
  [
    129,
    row(
      "REBOOTSTRAP_REQUIRED",
      "unavailable",
      "metadata",
      "The broker wants clients to look up the cluster again ({subject}).",
    ),
  ],
]);

export function errorRow(code: number): ErrorRow {
  return (
    rowByCode.get(code) ??
    row(
      `ERROR_${code}`,
      "protocol",
      "none",
      `The broker answers with the error code ${code} for {subject}, which is not known here.`,
    )
  );
}

/** The error of a code (not 0) that a broker gave. `retryable` where anything but changing something helps. */
export function kafkaError(code: number, place: ErrorPlace = {}): KafkaError {
  const { name, kind, remedy, text } = errorRow(code);
  const sentence = text.replace("{subject}", subjectOf(place));
  return new KafkaError(kind, `${sentence.charAt(0).toUpperCase()}${sentence.slice(1)} (${name})`, {
    retryable: remedy !== "none",
    ...(place.cause === undefined ? {} : { cause: place.cause }),
    ...(place.topic === undefined ? {} : { topic: place.topic }),
    ...(place.partition === undefined ? {} : { partition: place.partition }),
  });
}

function subjectOf({ topic, partition, group, transactionalId }: ErrorPlace): string {
  const named = [
    ...(topic === undefined
      ? []
      : [partition === undefined ? `topic '${topic}'` : `partition ${partition} of topic '${topic}'`]),
    ...(group === undefined ? [] : [`group '${group}'`]),
    ...(transactionalId === undefined ? [] : [`transactional id '${transactionalId}'`]),
  ];
  return named.length === 0 ? "this request" : named.join(", ");
}
