/** What goes wrong with Kafka, in words that name the topic and the cure. Classified by `kind`, never by text. */
import { RuntimeError } from "../engine/runtime-error.ts";

export type KafkaErrorKind =
  /** Nobody answers, or the answer did not come: tried again. */
  | "unavailable"
  /** Another producer has the transactional id. */
  | "fenced"
  /** The group has divided anew, or taken this member out. */
  | "rebalanced"
  | "unknown-topic"
  | "offset-out-of-range"
  | "authorization"
  | "authentication"
  | "record-too-large"
  /** The broker cannot store: full disk, too few replicas. */
  | "storage"
  /** Bytes that are no batch, or whose checksum is wrong. */
  | "corrupt"
  /** Anything else: a bug, or a broker too old. */
  | "protocol";

export class KafkaError extends RuntimeError {
  readonly kind: KafkaErrorKind;
  readonly topic: string | undefined;
  readonly partition: number | undefined;
  /** Of a send, "record-too-large": the batches that were not stored, all others were. */
  readonly refused: readonly { readonly topic: string; readonly partition: number }[];

  constructor(
    kind: KafkaErrorKind,
    message: string,
    options: {
      readonly retryable?: boolean;
      readonly cause?: unknown;
      readonly topic?: string;
      readonly partition?: number;
      readonly refused?: readonly { readonly topic: string; readonly partition: number }[];
    } = {},
  ) {
    super(`kafka-${kind}`, message, options);
    this.name = "KafkaError";
    this.kind = kind;
    this.topic = options.topic;
    this.partition = options.partition;
    this.refused = options.refused ?? [];
  }
}
