/** What a line of a program is: an event, a frame, or neither. */
import { describe, expect, it } from "vitest";
import { frameIn } from "./answer-text.ts";

/** `event`, `garbage`, or the frame as JSON. */
function kind(text: string): string {
  const frame = frameIn(text);
  if (frame === undefined) return "event";
  return frame.type === "garbage" ? "garbage" : JSON.stringify(frame);
}

describe("a line of a program", () => {
  it.each([
    ['{"type":"Ack"}', '{"type":"Ack"}'],
    ['{ "id": "7", "type" : "Ack" }', '{"type":"Ack","id":"7"}'],
    ['  {"type":"Ack","id":null}\t', '{"type":"Ack"}'],
    ['{"type":"Retry","reason":"busy"}', '{"type":"Retry","reason":"busy"}'],
    ['{"type":"Reject","id":"1"}', '{"type":"Reject","id":"1","reason":"the program gave no reason"}'],
    ['{"type":"Reject","reason":{"code":7}}', '{"type":"Reject","reason":"{\\"code\\":7}"}'],
    ['{"type":"ChunkStart","id":"c"}', '{"type":"ChunkStart","id":"c"}'],
    ['{"type":"ChunkEnd","id":"c","count":2}', '{"type":"ChunkEnd","id":"c"}'],
    ['{"\\u0074ype":"Ack"}', '{"type":"Ack"}'],
    ['{"type":"\\u0041ck"}', '{"type":"Ack"}'],
  ])("is a frame: %s", (text, frame) => expect(kind(text)).toBe(frame));

  it.each([
    '{"specversion":"1.0","id":"1","source":"s","type":"Ack"}',
    '{"type":"Ack","data":1}',
    '{"type":"Ack","data_base64":"AA=="}',
    '{"specversion":"1.0","id":"1","source":"s","type":"order","data":{"type":"Ack"}}',
    '{"data":{"a":1}}',
    '{"data" : 1}',
    '{"id":"1","data_base64":"AA=="}',
    '{"type":"Data","event":{"data":1}}',
    '{"type":"Data","event":{"specversion":"1.0","type":"Reject"}}',
    '{"event":{},"type":"Data"}',
  ])("is an event: %s", (text) => expect(kind(text)).toBe("event"));

  it("is a frame although its reason quotes an event", () => {
    const quoted = JSON.stringify('{"specversion":"1.0","data":1}');
    expect(kind(`{"type":"Reject","reason":${quoted}}`)).toContain('"type":"Reject"');
    expect(kind(`{"type":"Reject","reason":"no","was":{"specversion":"1.0","data":1}}`)).toContain('"type":"Reject"');
  });

  it.each([
    "hello",
    "[]",
    "null",
    "{}",
    "{",
    '{"type":"Ack"',
    '{"level":"info","time":1,"msg":"started"}',
    '{"id":"1","type":"order"}',
    '{"type":"Ack","id":7}',
    '{"type":"Data"}',
    '{"type":"Data","event":7}',
    "[".repeat(200_000),
  ])("is garbage: %.40s", (text) => expect(kind(text)).toBe("garbage"));
});
