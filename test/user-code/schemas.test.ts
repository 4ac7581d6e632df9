/** The JSON Schemas of user code take what the contract allows, and nothing else. */
import { describe, expect, it } from "vitest";
import { answerProblems, inputProblems } from "./schemas.ts";

const event = { specversion: "1.0", id: "1", source: "/p/s", type: "t", data: { a: 1 } };

describe("the schema of what is given", () => {
  it.each([
    ["an event", event],
    ["any data", { ...event, data: null }],
    ["bytes", { specversion: "1.0", id: "1", source: "/p/s", type: "t", data_base64: "AAEC" }],
    ["extensions", { ...event, severity: 3, urgent: true, traceparent: "00-1" }],
    ["an event with the type of a frame", { ...event, type: "ChunkEnd" }],
    ["a time with an offset", { ...event, time: "2026-03-01T07:00:00.5+01:00" }],
    ["the start of a chunk", { type: "ChunkStart", id: "c" }],
    ["the start of a chunk with any key", { type: "ChunkStart", id: "c", key: ["a", null] }],
    ["an event of a chunk", { type: "Data", event }],
    ["the end of a chunk", { type: "ChunkEnd", id: "c", count: 2 }],
  ])("takes %s", (_, line) => {
    expect(inputProblems(JSON.stringify(line))).toEqual([]);
  });

  it.each([
    ["an event without an id", { ...event, id: undefined }],
    ["an event with an empty id", { ...event, id: "" }],
    ["another version of CloudEvents", { ...event, specversion: "0.3" }],
    ["two kinds of data", { ...event, data_base64: "AAEC" }],
    ["an extension in capitals", { ...event, traceParent: "1" }],
    ["an extension that is an object", { ...event, trace: {} }],
    ["an extension that is no whole number", { ...event, score: 0.5 }],
    ["a time that is none", { ...event, time: "yesterday" }],
    ["a chunk without an id", { type: "ChunkStart" }],
    ["a chunk with half a window", { type: "ChunkStart", id: "c", window: { start: "2026-03-01T06:00:00Z" } }],
    ["an event of a chunk that lacks attributes", { type: "Data", event: { data: 1 } }],
    ["the end of a chunk without a count", { type: "ChunkEnd", id: "c" }],
    ["a member that frames do not have", { type: "ChunkEnd", id: "c", count: 1, more: 1 }],
    ["the end of a unit, which only programs write", { type: "Ack" }],
    ["a list", [event]],
    ["a text", "ChunkStart"],
  ])("refuses %s", (_, line) => {
    expect(inputProblems(JSON.stringify(line))).not.toEqual([]);
  });
});

describe("the schema of what is answered", () => {
  it.each([
    ["an event as it was given", event],
    ["data alone", { data: 1 }],
    ["null as data", { data: null }],
    ["an event without data", { specversion: "1.0", id: "2" }],
    ["bytes and an attribute", { subject: "a", data_base64: "AAEC" }],
    ["an event of a chunk", { type: "Data", event: { data: 1 } }],
    ["an event with the type of a frame", { type: "Ack", data: 1 }],
    ["frames as they were given", { type: "ChunkStart", id: "c", key: "a" }],
    ["the end of a chunk", { type: "ChunkEnd", id: "c", count: 2 }],
    ["done", { type: "Ack" }],
    ["done, with an id", { type: "Ack", id: "1" }],
    ["try again", { type: "Retry", reason: "busy" }],
    ["bad", { type: "Reject", id: "1", reason: "no celsius" }],
    ["bad without a reason", { type: "Reject" }],
  ])("takes %s", (_, line) => {
    expect(answerProblems(JSON.stringify(line))).toEqual([]);
  });

  it.each([
    ["an object that is nothing", {}],
    ["a line of a logger", { level: "info", message: "started" }],
    ["an event of a chunk without an event", { type: "Data" }],
    ["a frame that there is not", { type: "Nack", id: "1" }],
    ["a reason that is an object", { type: "Retry", reason: { code: 1 } }],
    ["an id that is a number", { type: "Ack", id: 1 }],
    ["two kinds of data", { data: 1, data_base64: "AAEC" }],
    ["an attribute that is a list", { data: 1, tags: ["a"] }],
    ["an attribute in capitals", { data: 1, chunkEnd: true }],
    ["a list", [{ data: 1 }]],
    ["null", null],
  ])("refuses %s", (_, line) => {
    expect(answerProblems(JSON.stringify(line))).not.toEqual([]);
  });
});
