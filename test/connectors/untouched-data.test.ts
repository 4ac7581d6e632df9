/** Data that the pipeline does not touch leaves exactly as it came, through every pair of `json` and `cloudevents`. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { FormatPlan, OperatorPlan, RuntimeConfig } from "../../compiler/contract/runtime-config.ts";
import type { Message, OutputMessage } from "../../runtime/engine/connector.ts";
import { drive } from "../../runtime/engine/drive.ts";

const json: FormatPlan = { type: "json", options: {} };
const structured: FormatPlan = { type: "cloudevents", options: { mode: "structured" } };
const binary: FormatPlan = { type: "cloudevents", options: { mode: "binary" } };
const data = '{ "b":1.0, "a":"\\u0041", "n":9007199254740993, "1":1e2 }';
const event = `{"specversion":"1.0", "type":"t","source":"/s","id":"1","data":${data}}`;
const setsType: OperatorPlan = {
  op: "attributes",
  at: "shop.flow:2:3",
  values: [{ name: "type", value: { op: "const", kind: "string", value: "u" } }],
};

function copy(from: FormatPlan, to: FormatPlan, operators: readonly OperatorPlan[] = []): RuntimeConfig {
  return {
    apiVersion: "dataflow.argoproj.io/runtime/v1alpha1",
    pipeline: "shop",
    stage: "shop",
    delivery: "at_least_once",
    errors: { policy: "dead_letter", connector: { type: "memory", options: {} } },
    types: {},
    tables: [],
    nodes: [
      { kind: "source", name: "in", at: "shop.flow:1:1", connector: { type: "memory", options: {} }, format: from },
      { kind: "step", name: "same", at: "shop.flow:2:1", from: [{ node: "in", output: "main" }], operators },
      {
        kind: "sink",
        name: "out",
        at: "shop.flow:3:1",
        from: [{ node: "same", output: "main" }],
        connector: { type: "memory", options: {} },
        format: to,
        retry: { count: 3, backoffMs: [1, 2], else: "dead_letter" },
      },
    ],
  };
}

async function through(config: RuntimeConfig, record: string | Message): Promise<string> {
  return Buffer.from((await messageThrough(config, record)).bytes).toString();
}

async function messageThrough(config: RuntimeConfig, record: string | Message): Promise<OutputMessage> {
  const driven = drive(config);
  if (typeof record === "string") await driven.send("in", record);
  else await driven.sendMessage("in", record);
  await driven.finish();
  expect(driven.deadLetters()).toEqual([]);
  return driven.receivedMessages("out")[0]!;
}

const headers = { "ce-specversion": "1.0", "ce-id": "1", "ce-source": "/s", "ce-type": "t" };
const inBinary = (body: string | Uint8Array, contentType = "application/json"): Message => ({
  bytes: Buffer.from(body),
  position: "1",
  headers: { ...headers, "content-type": contentType },
});

describe("data that nobody touched", () => {
  it("leaves with its whole event where that stays a structured CloudEvent", async () => {
    expect(await through(copy(structured, structured), event)).toBe(event);
  });

  it("becomes the data of a CloudEvent as it is spelled", async () => {
    expect(await through(copy(json, structured), ` ${data} `)).toContain(`,"data":${data}}`);
    expect(await through(copy(json, binary), data)).toBe(data);
  });

  it("is taken out of a CloudEvent as it is spelled", async () => {
    expect(await through(copy(structured, json), event)).toBe(data);
    expect(await through(copy(structured, binary), event)).toBe(data);
    expect(await through(copy(structured, json), event.replace('"data"', '"d\\u0061ta"'))).toBe(data);
  });

  it("leaves as it came, whatever JSON it is", async () => {
    await fc.assert(
      fc.asyncProperty(fc.json(), fc.constantFrom("", " ", "  "), async (text, blank) => {
        const record = `{"data":${blank}${text}${blank},"specversion":"1.0","type":"t","source":"/s","id":"1"}`;
        expect(await through(copy(structured, json), record)).toBe(text.trim());
        expect(await through(copy(structured, structured), record)).toBe(record);
      }),
      { numRuns: 25 },
    );
  });

  it("is the same body in binary mode, be it JSON, text or bytes", async () => {
    for (const [body, contentType] of [
      [data, "application/json"],
      ["a,b\r\n", "text/csv"],
      [Uint8Array.of(255, 0, 10), "application/octet-stream"],
      ["", "application/json"],
    ] as const) {
      const sent = await messageThrough(copy(binary, binary), inBinary(body, contentType));
      expect(Buffer.from(sent.bytes)).toEqual(Buffer.from(body));
      expect(sent.headers).toEqual({ ...headers, "content-type": contentType });
    }
  });

  it("refuses bytes that call themselves text but are no UTF-8", async () => {
    const driven = drive(copy(binary, binary));
    await driven.sendMessage("in", inBinary(Uint8Array.of(255), "text/plain"));
    await driven.finish();
    expect(driven.deadLetters()).toMatchObject([{ reason: "not valid UTF-8", base64: "/w==" }]);
  });

  it("keeps its spelling where only attributes were set", async () => {
    expect(await through(copy(structured, structured, [setsType]), event)).toBe(
      `{"specversion":"1.0","source":"/s","type":"u","id":"1","data":${data}}`,
    );
  });
});

describe("the attributes of a CloudEvent", () => {
  it("keep being an integer or a boolean", async () => {
    const typed = event.replace('"data"', '"retries":3,"sampled":true,"text":"3","data"');
    expect(await through(copy(structured, structured, [setsType]), typed)).toContain(
      '"retries":3,"sampled":true,"text":"3",',
    );
  });

  it("have no time that nobody gave, unless the record was no event", async () => {
    expect((await messageThrough(copy(structured, binary), event)).headers).not.toHaveProperty("ce-time");
    expect(JSON.parse(await through(copy(json, structured), "1"))).toHaveProperty("time");
  });

  it("come without data where there is none", async () => {
    const bare = '{"specversion":"1.0","source":"/s","type":"t","id":"1"}';
    expect(await through(copy(structured, structured, [setsType]), bare)).toBe(bare.replace('"t"', '"u"'));
    expect(await through(copy(structured, json), bare)).toBe("null");
  });
});
