/** The table of Kafka's error codes: complete, named as Kafka names them, and in words that name the topic. */
import { protocolErrors, protocolErrorsCodesById } from "@platformatic/kafka";
import { describe, expect, it } from "vitest";
import { errorRow, kafkaError } from "./error-table.ts";

const named = Object.entries(protocolErrorsCodesById).map(([code, name]) => ({
  code: Number(code),
  name: String(name),
}));
const known = named.filter(({ code }) => !errorRow(code).name.startsWith("ERROR_"));

describe("Kafka's error codes", () => {
  it("are named as the protocol names them", () => {
    expect(known.map(({ code }) => [code, errorRow(code).name])).toEqual(known.map(({ code, name }) => [code, name]));
    expect(known.length).toBeGreaterThan(80);
  });

  it("that the protocol says to try again are tried again, but those that the group or the member must see", () => {
    const retried = new Map(Object.values(protocolErrors).map(({ code, canRetry }) => [code, canRetry]));
    const final = known.filter(({ code }) => retried.get(code) && errorRow(code).remedy === "none");
    expect(final.map(({ name }) => name)).toEqual([]);
  });

  it("that are not in the table are protocol errors with their number", () => {
    expect(kafkaError(999, { topic: "orders" }).message).toBe(
      "The broker answers with the error code 999 for topic 'orders', which is not known here. (ERROR_999)",
    );
  });

  it("name topic, partition, group and transactional id", () => {
    const messages = [
      kafkaError(3, { topic: "orders" }),
      kafkaError(1, { topic: "orders", partition: 2 }),
      kafkaError(30, { group: "billing" }),
      kafkaError(90, { transactionalId: "billing-0" }),
      kafkaError(35),
    ].map(({ kind, retryable, message }) => ({ kind, retryable, message }));
    expect(messages).toEqual([
      {
        kind: "unknown-topic",
        retryable: true,
        message: "There is no topic 'orders'. Create the topic, or correct its name. (UNKNOWN_TOPIC_OR_PARTITION)",
      },
      {
        kind: "offset-out-of-range",
        retryable: false,
        message:
          "Partition 2 of topic 'orders' no longer has the offset: retention took it away, or the topic was made anew. Nothing is passed over in silence: to go on without what is gone reset the group (kafka-consumer-groups.sh --reset-offsets --to-earliest), and keep records longer (retention.ms). (OFFSET_OUT_OF_RANGE)",
      },
      {
        kind: "authorization",
        retryable: false,
        message:
          "This user may not use group 'billing'. Grant it READ on the group (kafka-acls). (GROUP_AUTHORIZATION_FAILED)",
      },
      {
        kind: "fenced",
        retryable: false,
        message: "Another producer has taken over transactional id 'billing-0'. (PRODUCER_FENCED)",
      },
      {
        kind: "protocol",
        retryable: false,
        message: "The broker is too old for this request: Kafka 3.9 or newer is needed. (UNSUPPORTED_VERSION)",
      },
    ]);
  });

  it("carry topic and partition as fields", () => {
    expect(kafkaError(6, { topic: "orders", partition: 1 })).toMatchObject({ topic: "orders", partition: 1 });
  });
});
