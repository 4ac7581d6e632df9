/** One timer for the oldest unit under way. */
import { expect, it } from "vitest";
import { manualClock } from "../engine/clock.ts";
import { Deadline } from "./deadline.ts";

function run() {
  const clock = manualClock();
  const lateAt: number[] = [];
  return { clock, lateAt, deadline: new Deadline(100, clock, () => lateAt.push(clock.nowMs())) };
}

it("is over when the time is over since the last start", async () => {
  const { clock, lateAt, deadline } = run();
  deadline.start();
  await clock.advance(60);
  deadline.start();
  await clock.advance(60);
  expect(lateAt).toEqual([]);
  await clock.advance(40);
  expect(lateAt).toEqual([160]);
});

it("does not run while there is nothing to wait for, and runs again after", async () => {
  const { clock, lateAt, deadline } = run();
  deadline.start();
  deadline.stop();
  await clock.advance(500);
  expect(lateAt).toEqual([]);
  deadline.start();
  await clock.advance(100);
  expect(lateAt).toEqual([600]);
});

it("says nothing once it is closed", async () => {
  const { clock, lateAt, deadline } = run();
  deadline.start();
  deadline.close();
  await clock.advance(500);
  expect(lateAt).toEqual([]);
});
