/** JSON lines: the same however the bytes are cut. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { EndFrame } from "./answer-text.ts";
import { chunk, event, single } from "./drive.fixture.ts";
import { type AnswerReader, type Answers, longestMessageBytes } from "./framing.ts";
import { frameBytes, lengthFraming } from "./length-frames.ts";
import { lineFraming } from "./lines.ts";
import type { AnsweredEvent } from "./user-code.ts";

/** Notes what a reader finds. */
class Notes implements Answers {
  readonly found: unknown[] = [];
  isOver = false;
  result(result: AnsweredEvent): void {
    this.found.push(typeof result === "string" ? JSON.parse(result) : result);
  }
  end(frame: EndFrame): void {
    this.found.push(frame);
  }
  chunkStart(id: string | undefined): void {
    this.found.push(["start", id]);
  }
  chunkEnd(id: string | undefined): void {
    this.found.push(["end", id]);
  }
  garbage(text: string): void {
    this.found.push(["garbage", text]);
  }
  tooLong(): void {
    this.isOver = true;
    this.found.push("too long");
  }
  inheritedDataType(): string {
    return "application/json";
  }
}

function read(framing: { reader(answers: Answers): AnswerReader }, blocks: readonly Uint8Array[]): unknown[] {
  const notes = new Notes();
  const reader = framing.reader(notes);
  for (const block of blocks) if (!notes.isOver) reader.push(Buffer.from(block));
  return notes.found;
}

/** Cut at these places. */
function cut(bytes: Uint8Array, places: readonly number[]): Uint8Array[] {
  const ends = [...new Set(places.map((place) => place % (bytes.length + 1)))].sort((a, b) => a - b);
  return [...ends, bytes.length].map((end, index) => bytes.subarray(ends[index - 1] ?? 0, end));
}

const places = fc.array(fc.nat(10_000), { maxLength: 20 });
const texts = fc.array(fc.oneof(fc.string(), fc.string({ unit: "grapheme" })), { maxLength: 10 });

describe("JSON lines", () => {
  it("are an event as it is, or the frames of a chunk", () => {
    expect(Buffer.from(lineFraming.encode(single("1"), 0, 1_000).bytes).toString()).toBe(`${event("1").json}\n`);
    const unit = {
      id: "c",
      chunk: { id: "c", key: '"k"', window: { start: "a", end: "b" } },
      events: [event("1"), event("2")],
    };
    expect(
      Buffer.from(lineFraming.encode(unit, 0, 1_000).bytes)
        .toString()
        .split("\n"),
    ).toEqual([
      '{"type":"ChunkStart","id":"c","key":"k","window":{"start":"a","end":"b"}}',
      `{"type":"Data","event":${event("1").json}}`,
      `{"type":"Data","event":${event("2").json}}`,
      '{"type":"ChunkEnd","id":"c","count":2}',
      "",
    ]);
  });

  it.each([
    ["lines", lineFraming],
    ["length", lengthFraming],
  ])("as %s are the same in pieces as in one", (_name, framing) => {
    const unit = chunk(
      "c",
      Array.from({ length: 50 }, (_, i) => event(`${i}`)),
    );
    const whole = framing.encode(unit, 0, Number.POSITIVE_INFINITY);
    const pieces: Uint8Array[] = [];
    for (let from = 0; from < 50; ) {
      const { bytes, next } = framing.encode(unit, from, 500);
      pieces.push(bytes);
      from = next;
    }
    expect(pieces.length).toBeGreaterThan(5);
    expect(Buffer.concat(pieces)).toEqual(Buffer.from(whole.bytes));
  });

  it("are read the same however they are cut", () => {
    fc.assert(
      fc.property(texts, places, fc.constantFrom("\n", "\r\n", "\n\n"), (data, at, end) => {
        const lines = data.map((text) => `{"data":${JSON.stringify(text)}}${end}`).join("");
        const bytes = new TextEncoder().encode(`${lines}{"type":"Ack"}${end}`);
        const expected = [...data.map((text) => ({ data: text })), { type: "Ack", id: undefined }];
        // A lone surrogate is no UTF-8 and becomes the replacement character on its way.
        if (data.every((text) => text.isWellFormed())) expect(read(lineFraming, cut(bytes, at))).toEqual(expected);
      }),
    );
  });

  it("that are no UTF-8 are garbage, the lines beside them are not", () => {
    const bytes = Buffer.concat([
      Buffer.from('{"data":1}\n{"data":"'),
      Buffer.from([0xff]),
      Buffer.from('"}\n{"data":2}\n'),
    ]);
    expect(read(lineFraming, [bytes])).toEqual([{ data: 1 }, ["garbage", '{"data":"\ufffd"}'], { data: 2 }]);
  });

  it("of the greatest length in the smallest blocks take no quadratic time", () => {
    const block = Buffer.alloc(1_024, 0x78);
    const blocks = Array.from({ length: longestMessageBytes / 1_024 - 1 }, () => block);
    const found = read(lineFraming, [...blocks, Buffer.from("\n")]);
    expect(found.map((each) => (each as [string, string])[0])).toEqual(["garbage"]);
    expect(read(lineFraming, [...blocks, block, block])).toEqual(["too long"]);
  });
});

describe("frames with a length", () => {
  it("carry an event's data behind its attributes", () => {
    const bytes = Buffer.from(
      lengthFraming.encode({ id: "1", chunk: undefined, events: [binaryEvent] }, 0, 1_000).bytes,
    );
    const header = '{"specversion":"1.0","id":"1","source":"s","type":"t","datacontenttype":"image/png"}';
    expect(bytes.readUInt32BE(0)).toBe(bytes.length - 4);
    expect(bytes.readUInt32BE(4)).toBe(header.length);
    expect(bytes.subarray(8, 8 + header.length).toString()).toBe(header);
    expect([...bytes.subarray(8 + header.length)]).toEqual([0, 10, 255, 123]);
  });

  it("are read the same however they are cut, binary data as it is", () => {
    fc.assert(
      fc.property(fc.array(fc.uint8Array({ minLength: 1, maxLength: 300 }), { maxLength: 8 }), places, (data, at) => {
        const frames = data.map((each, i) => frameBytes(`{"id":"${i}","datacontenttype":"image/png"}`, each));
        const bytes = Buffer.concat([...frames, frameBytes('{"type":"Ack"}')]);
        expect(read(lengthFraming, cut(bytes, at))).toEqual([
          ...data.map((each, i) => ({ attributes: { id: `${i}`, datacontenttype: "image/png" }, data: each })),
          { type: "Ack", id: undefined },
        ]);
      }),
    );
  });

  it("hold JSON and text by their content type", () => {
    const results = [
      frameBytes('{"id":"1"}', '{"a":1}'),
      frameBytes('{"type":"Data","event":{"id":"2","datacontenttype":"application/vnd.x+json; v=1"}}', "7"),
      frameBytes('{"id":"3","datacontenttype":"text/plain","count":3,"ok":true}', "seven"),
      frameBytes('{"id":"4","data":{"b":2}}'),
    ];
    expect(read(lengthFraming, results)).toEqual([
      { attributes: { id: "1" }, data: '{"a":1}' },
      { attributes: { id: "2", datacontenttype: "application/vnd.x+json; v=1" }, data: "7" },
      {
        attributes: { id: "3", datacontenttype: "text/plain", count: "3", ok: "true" },
        data: "seven",
        isText: true,
      },
      { id: "4", data: { b: 2 } },
    ]);
  });

  it("that make no sense are garbage, and those behind them are read", () => {
    const wrongHeader = Buffer.from([0, 0, 0, 4, 0, 0, 1, 0]);
    const short = Buffer.from([0, 0, 0, 2, 1, 1]);
    const found = read(lengthFraming, [wrongHeader, short, frameBytes("[]"), frameBytes('{"type":"Ack"}')]);
    expect(found).toEqual([
      ["garbage", "a frame whose header is longer than itself"],
      ["garbage", "a frame whose header is longer than itself"],
      ["garbage", "[]"],
      { type: "Ack", id: undefined },
    ]);
    expect(read(lengthFraming, [Buffer.from("HTTP/1.1 200 OK\r\n")])).toEqual(["too long"]);
  });
});

const binaryEvent = {
  id: "1",
  json: "",
  attributes: () => ({ specversion: "1.0", id: "1", source: "s", type: "t", datacontenttype: "image/png" }),
  data: () => Uint8Array.of(0, 10, 255, 123),
};
