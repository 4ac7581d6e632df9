import { describe, expect, it } from "vitest";
import { SourceWatermark, WatermarkTracker } from "./watermark-tracker.ts";

describe("the watermark of several inputs", () => {
  it("is the least of theirs, but not past what was given and not yet processed", () => {
    const tracker = new WatermarkTracker(2);
    tracker.advance(0, 20);
    expect(tracker.input()).toBe(Number.NEGATIVE_INFINITY);
    tracker.buffered(1, 7);
    tracker.advance(1, 30);
    expect(tracker.input()).toBe(7);
    tracker.processed(1, 7);
    expect(tracker.input()).toBe(20);
  });
  it("does not wait for an idle input, and never goes back when that wakes up", () => {
    const tracker = new WatermarkTracker(2);
    tracker.advance(0, 20);
    tracker.idle(1);
    expect(tracker.input()).toBe(20);
    tracker.advance(1, 5);
    expect(tracker.input()).toBe(20);
  });
  it("goes on as the output's up to the earliest hold", () => {
    const tracker = new WatermarkTracker(1);
    tracker.advance(0, 20);
    expect([tracker.output(12), tracker.output(8), tracker.output(Number.POSITIVE_INFINITY)]).toEqual([12, 12, 20]);
  });
});

describe("the watermark of a source", () => {
  it("follows the latest event at the delay, and a wrong clock no further than is believed", () => {
    const source = new SourceWatermark(5, 100);
    expect([source.observe(20, 0), source.observe(10, 0), source.observe(1000, 30)]).toEqual([15, 15, 130]);
  });
  it("refuses a time at the end of time", () => {
    expect(() => new SourceWatermark(0, 0).observe(Number.POSITIVE_INFINITY, 0)).toThrow("before the end of time");
  });
});
