/** Nothing is read while a commit has to wait for brokers. */
import { expect, it } from "vitest";
import { manualClock } from "../engine/clock.ts";
import type { PartitionReader } from "../kafka/client.ts";
import { blockOfRecords } from "../kafka/codec/block-of-records.ts";
import { CommitGate } from "./commit-gate.ts";
import { Offsets } from "./offsets.ts";
import { TaskSource } from "./task-source.ts";

function full(): PartitionReader {
  let position = 0;
  return {
    topic: "t",
    partition: 0,
    endOffset: 1_000,
    get position() {
      return position;
    },
    pull: () => blockOfRecords("t", 0, [{ offset: position++, timestampMs: 0, key: null, value: "v" }])!,
    close: () => {},
  };
}

function source() {
  const clock = manualClock();
  const gate = new CommitGate(clock, 1_000);
  const silent = { gave: () => {}, closed: () => {} };
  const services = { hasWatermarks: false, skipsNull: false, passed: new Offsets(), acked: new Offsets(), silent };
  return { clock, gate, source: new TaskSource({ readers: [full()], gate, ...services }) };
}

it("goes on reading while a commit is on its way, and stops where that takes long", async () => {
  const { clock, gate, source: task } = source();
  gate.begin();
  await clock.advance(900);
  expect(task.pull()).toMatchObject({ baseOffset: 0 });
  await clock.advance(200);
  const waiting = task.pull();
  expect(waiting).toBeInstanceOf(Promise);
  // It has not become idle: nobody has looked.
  expect(task.isUnanswered).toBe(true);
  gate.end();
  expect(await waiting).toMatchObject({ baseOffset: 1 });
  expect(task.isUnanswered).toBe(false);
  expect(task.pull()).toMatchObject({ baseOffset: 2 });
});

it("ends what waits when it is stopped", async () => {
  const { clock, gate, source: task } = source();
  gate.begin();
  await clock.advance(2_000);
  const waiting = task.pull();
  task.stop();
  expect(await waiting).toBe(undefined);
});
