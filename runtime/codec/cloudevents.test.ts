import { CloudEvent, HTTP } from "cloudevents";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { cloudevents } from "./cloudevents.ts";
import type { FormatContext } from "./format.ts";
import { noEvent } from "./format.ts";

function context(options: FormatContext["options"] = {}): FormatContext {
  return { options, type: undefined, resolve: (type) => type, parseJson: JSON.parse, toJson: JSON.stringify };
}

interface Decoded {
  readonly data: unknown;
  readonly attributes: Readonly<Record<string, string>> | undefined;
}

function decode(text: string, headers?: Readonly<Record<string, string>>): Decoded {
  const decoder = cloudevents.decoder(context());
  const message = headers && { bytes: new TextEncoder().encode(text), position: "1", headers };
  const data = decoder.decode(text, message);
  return { data, attributes: { ...decoder.attributes?.() } };
}

const minimal = { specversion: "1.0", id: "1", source: "/a", type: "t" };
const minimalHeaders = { "ce-specversion": "1.0", "ce-id": "1", "ce-source": "/a", "ce-type": "t" };

describe("reading CloudEvents", () => {
  it("takes attributes, extensions and data from a structured event", () => {
    expect(
      decode(
        JSON.stringify({
          ...minimal,
          time: "2026-01-01T00:00:00.123456789Z",
          retries: 3,
          sampled: true,
          data: { n: 1 },
        }),
      ),
    ).toEqual({
      data: { n: 1 },
      attributes: { ...minimal, time: "2026-01-01T00:00:00.123456789Z", retries: "3", sampled: "true" },
    });
  });

  it("keeps falsy data and takes missing data as null", () => {
    expect([0, false, "", null].map((data) => decode(JSON.stringify({ ...minimal, data })).data)).toEqual([
      0,
      false,
      "",
      null,
    ]);
    expect(decode(JSON.stringify(minimal)).data).toBeNull();
  });

  it("gives bytes for data_base64", () => {
    expect(decode(JSON.stringify({ ...minimal, data_base64: "/wA=" })).data).toEqual(
      expect.objectContaining({ 0: 255, 1: 0, length: 2 }),
    );
    expect(() => decode(JSON.stringify({ ...minimal, data_base64: "?" }))).toThrow("is not base64");
  });

  it("reads the binary mode from headers and decodes percent sequences", () => {
    expect(
      decode('{"n":1}', { ...minimalHeaders, "ce-subject": "caf%C3%A9%20%22x%22", "content-type": "application/json" }),
    ).toEqual({
      data: { n: 1 },
      attributes: { ...minimal, subject: 'café "x"', datacontenttype: "application/json" },
    });
  });

  it("keeps text that is not JSON as a string, and other bytes as bytes", () => {
    expect(decode("1,2", { ...minimalHeaders, "content-type": "text/csv" }).data).toBe("1,2");
    expect(decode("ab", { ...minimalHeaders, "content-type": "application/octet-stream" }).data).toEqual(
      expect.objectContaining({ 0: 97, 1: 98, length: 2 }),
    );
    expect(decode("", minimalHeaders).data).toBeNull();
  });

  it("takes the structured mode where the content type says so, whatever other headers there are", () => {
    expect(
      decode(JSON.stringify({ ...minimal, data: 1 }), {
        ...minimalHeaders,
        "ce-id": "2",
        "content-type": "application/cloudevents+json; charset=UTF-8",
      }).attributes?.id,
    ).toBe("1");
  });

  it("skips an empty line of a file", () => {
    expect(cloudevents.decoder(context()).decode("", undefined)).toBe(noEvent);
  });

  it.each([
    [{ ...minimal, specversion: "0.3" }, "The CloudEvent is of version '0.3'; only 1.0 is read."],
    [{ id: "1" }, "The CloudEvent has no 'specversion'."],
    [{ ...minimal, id: "" }, "The CloudEvent has no 'id'."],
    [{ ...minimal, id: null }, "The CloudEvent has no 'id'."],
    [{ specversion: "1.0", id: "1", source: "/a" }, "The CloudEvent has no 'type'."],
    [{ ...minimal, time: "yesterday" }, "The CloudEvent is not valid: 'time' must match format \"date-time\"."],
    [{ ...minimal, source: "a b" }, "The CloudEvent is not valid: 'source' must match format \"uri-reference\"."],
    [{ ...minimal, Upper: "x" }, "The CloudEvent is not valid: invalid extension name: Upper."],
    [{ ...minimal, x: 1.5 }, "The attribute 'x' of the CloudEvent is neither a string, an integer nor a boolean."],
    [{ ...minimal, x: {} }, "The attribute 'x' of the CloudEvent is neither a string, an integer nor a boolean."],
    [[1], "A CloudEvent in JSON is an object."],
  ])("refuses %j", (event, reason) => {
    expect(() => decode(JSON.stringify(event))).toThrow(reason);
  });

  it("does not let an attribute reach a prototype", () => {
    expect(() => decode('{"specversion":"1.0","id":"1","source":"/a","type":"t","__proto__":"x"}')).toThrow(
      "invalid extension name: __proto__",
    );
    expect(Object.prototype).not.toHaveProperty("id");
  });
});

describe("reading one CloudEvent after the other", () => {
  it("refuses exactly what it would refuse alone", () => {
    const value = fc.constantFrom(
      "",
      "a",
      "/a",
      "a b",
      "2026-01-31T00:00:00Z",
      "2026-01-01T00:00:00.5Z",
      "2026-02-30T00:00:00Z",
      "2026-13-01T00:00:00Z",
      "1.0",
    );
    const event = fc
      .record(
        {
          id: value,
          source: value,
          type: value,
          subject: value,
          time: value,
          ext: value,
          Bad: value,
          specversion: fc.constantFrom("1.0", "0.3"),
        },
        { requiredKeys: ["specversion"] },
      )
      .map((attributes) => JSON.stringify({ ...minimal, ...attributes }));
    const verdict = (decoder: ReturnType<typeof cloudevents.decoder>, text: string): string => {
      try {
        decoder.decode(text, undefined);
        return "good";
      } catch (error) {
        return String(error);
      }
    };
    fc.assert(
      fc.property(fc.array(event), (events) => {
        const decoder = cloudevents.decoder(context());
        const inRow = events.map((text) => verdict(decoder, text));
        expect(inRow).toEqual(events.map((text) => verdict(cloudevents.decoder(context()), text)));
      }),
      { numRuns: 500 },
    );
  });
});

describe("writing CloudEvents", () => {
  const structured = cloudevents.encoder(context());
  const binary = cloudevents.encoder(context({ mode: "binary" }));

  it("writes one JSON object in structured mode", () => {
    expect(structured.encode({ n: 1 }, { id: "f:0", source: "/p/n", type: "t", subject: "s" })).toBe(
      '{"specversion":"1.0","id":"f:0","source":"/p/n","type":"t","subject":"s","data":{"n":1}}',
    );
    expect(structured.headers?.(undefined)).toEqual({ "content-type": "application/cloudevents+json; charset=utf-8" });
  });

  it("writes bytes as data_base64", () => {
    expect(structured.encode(Uint8Array.of(255, 0), minimal)).toBe(
      '{"specversion":"1.0","id":"1","source":"/a","type":"t","datacontenttype":"application/octet-stream","data_base64":"/wA="}',
    );
  });

  it("does not call data text that the pipeline has made a record", () => {
    expect(JSON.parse(structured.encode({ n: 1 }, { ...minimal, datacontenttype: "text/plain" })).datacontenttype).toBe(
      "application/json",
    );
    expect(JSON.parse(structured.encode("n", { ...minimal, datacontenttype: "text/plain" })).datacontenttype).toBe(
      "text/plain",
    );
  });

  it("writes headers and data in binary mode", () => {
    const attributes = { ...minimal, subject: 'café "x"' };
    expect([binary.encode({ n: 1 }, attributes), binary.headers?.(attributes)]).toEqual([
      '{"n":1}',
      { ...minimalHeaders, "ce-subject": "caf%C3%A9%20%22x%22", "content-type": "application/json" },
    ]);
    const text = { ...minimal, datacontenttype: "text/plain" };
    expect([binary.encode("hi", text), binary.headers?.(text)]).toEqual([
      "hi",
      { ...minimalHeaders, "content-type": "text/plain" },
    ]);
  });

  it("refuses attributes that are not valid", () => {
    expect(() => structured.encode(1, { ...minimal, source: "" })).toThrow("has no 'source'");
    expect(() => structured.encode(1, { ...minimal, order_id: "1" })).toThrow("invalid extension name: order_id");
  });

  it("writes what the cloudevents package reads, in both modes", () => {
    const text = fc.string({ minLength: 1, unit: "grapheme-ascii" }).filter((each) => each.trim() === each);
    fc.assert(
      fc.property(text, text, fc.jsonValue(), (id, subject, data) => {
        fc.pre(Boolean(data));
        const attributes = { ...minimal, id, subject };
        const viaJson = HTTP.toEvent({
          headers: { "content-type": "application/cloudevents+json" },
          body: structured.encode(data, attributes),
        });
        const body = binary.encode(data, attributes);
        const viaHeaders = HTTP.toEvent({ headers: { ...binary.headers?.(attributes) }, body });
        const seen = (event: unknown) => {
          if (!(event instanceof CloudEvent)) throw new Error("one event");
          return [decodeURIComponent(event.id.replaceAll(/%(?![0-9A-F]{2})/g, "%25")), event.source, event.type];
        };
        expect(viaJson).toMatchObject({ id, subject, data: JSON.parse(JSON.stringify(data)) });
        expect(seen(viaHeaders)).toEqual([id, "/a", "t"]);
      }),
    );
  });

  it("reads back what it wrote, in both modes", () => {
    const text = fc.string({ minLength: 1, unit: "grapheme" });
    fc.assert(
      fc.property(text, text, fc.jsonValue(), (id, subject, value) => {
        const data: unknown = JSON.parse(JSON.stringify(value));
        const attributes = { ...minimal, id, subject };
        expect(decode(structured.encode(data, attributes))).toEqual({ data, attributes });
        const body = binary.encode(data, attributes);
        expect(decode(body, binary.headers?.(attributes))).toEqual({
          data,
          attributes: { ...attributes, datacontenttype: "application/json" },
        });
      }),
    );
  });
});
