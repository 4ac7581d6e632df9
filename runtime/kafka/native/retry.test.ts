/** Trying again: what passes is never seen, what does not comes out as the last error, in words of its own. */
import { describe, expect, it } from "vitest";
import { kafkaError } from "../error-table.ts";
import { KafkaError } from "../kafka-error.ts";
import { retrying, Trouble } from "./retry.ts";

const never = new AbortController().signal;

function failing(times: number, error: Error): () => Promise<string> {
  let tries = 0;
  return async () => {
    tries += 1;
    if (tries <= times) throw error;
    return `after ${tries} tries`;
  };
}

describe("trying again", () => {
  it("goes on until it works", async () => {
    const attempt = failing(3, kafkaError(6, { topic: "a", partition: 0 }));
    expect(await retrying("fetch", attempt, { forMs: 10_000, signal: never })).toBe("after 4 tries");
  });

  it("gives up at once where nothing helps", async () => {
    const attempt = failing(1, kafkaError(29, { topic: "a" }));
    await expect(retrying("fetch", attempt, { forMs: 10_000, signal: never })).rejects.toMatchObject({
      kind: "authorization",
    });
  });

  it("gives up when the time is over, with an error that is final and says so", async () => {
    const attempt = failing(1_000, kafkaError(6, { topic: "a", partition: 0 }));
    await expect(retrying("fetch", attempt, { forMs: 50, signal: never })).rejects.toMatchObject({
      kind: "unavailable",
      retryable: false,
      topic: "a",
      partition: 0,
      message: "Partition 0 of topic 'a' has another leader now. (NOT_LEADER_OR_FOLLOWER) Given up after 0.05 s.",
    });
  });

  it("does not touch errors that are not Kafka's", async () => {
    const attempt = failing(1, new TypeError("a bug"));
    await expect(retrying("fetch", attempt, { forMs: 10_000, signal: never })).rejects.toThrow(TypeError);
  });

  it("ends with its signal, in the middle of a wait too", async () => {
    const controller = new AbortController();
    const reason = new KafkaError("unavailable", "closed");
    const attempt = failing(1_000_000, kafkaError(6));
    const running = retrying("fetch", attempt, { forMs: 100_000, signal: controller.signal });
    controller.abort(reason);
    await expect(running).rejects.toBe(reason);
  });

  it("warns only where it takes long", () => {
    const warned: unknown[] = [];
    const log = { info: () => {}, warn: (fields: unknown) => warned.push(fields) };
    const trouble = new Trouble("fetch", { forMs: 60_000, signal: never, log });
    for (let tries = 0; tries < 50; tries += 1) trouble.failed(kafkaError(6, { topic: "a" }));
    expect(warned).toEqual([]);
  });

  it("waits longer each time, and no longer than a second", () => {
    const trouble = new Trouble("fetch", { forMs: 60_000, signal: never });
    const waits = Array.from({ length: 20 }, () => trouble.failed(kafkaError(6)));
    expect(waits[0]).toBeLessThanOrEqual(10);
    expect(Math.max(...waits)).toBeLessThanOrEqual(1_000);
    expect(waits.at(-1)).toBeGreaterThanOrEqual(500);
  });
});
