import { connect } from "node:net";
import { describe, expect, it, onTestFinished } from "vitest";
import type { MessageBatch, MessageSource, OpenContext } from "../engine/connector.ts";
import { http } from "./http.ts";
import { type Fixture, fixture, openSource } from "./open-context.fixture.ts";

interface Running {
  readonly source: MessageSource;
  readonly logged: Fixture["logged"];
  readonly url: string;
  post(body: string | Uint8Array, headers?: Record<string, string>): Promise<Response>;
}

async function start(
  options: OpenContext["options"] = {},
  format: OpenContext["format"] = { type: "json", options: {} },
): Promise<Running> {
  const { context, logged } = fixture(
    { port: 0, host: "127.0.0.1", path: "/orders", max_body: 1000, ...options },
    { format },
  );
  const source = await openSource(http, context);
  if (source.kind !== "messages") throw new Error("not messages");
  onTestFinished(async () => {
    await source.close(false);
  });
  const url = String(logged[0]?.[2].url);
  return {
    source,
    logged,
    url,
    post: (body, headers = {}) =>
      fetch(url, { method: "POST", body: typeof body === "string" ? body : new Uint8Array(body), headers }),
  };
}

/** Takes what is there and acknowledges it. */
async function take(source: MessageSource): Promise<readonly unknown[]> {
  const batch = (await source.pull(100))!;
  source.ack(batch);
  return shown(batch);
}

function shown(batch: MessageBatch): readonly unknown[] {
  return batch.messages.map((message) => ({
    text: new TextDecoder().decode(message.bytes),
    ...(message.attributes ? { attributes: { ...message.attributes } } : {}),
  }));
}

const answer = async (response: Response) => [response.status, await response.text()];
const event = { specversion: "1.0", id: "1", source: "/a", type: "t" };
const eventHeaders = { "ce-specversion": "1.0", "ce-id": "1", "ce-source": "/a", "ce-type": "t" };

describe("an http source", () => {
  it("prints its address and answers 202 only after the event was acknowledged", async () => {
    const { source, url, post } = await start();
    expect(url).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/orders$/);
    let answered = false;
    const posted = post('{"id": 12345678901234567890}').then((response) => {
      answered = true;
      return response;
    });
    const batch = (await source.pull(10))!;
    expect(shown(batch)).toEqual([{ text: '{"id": 12345678901234567890}' }]);
    expect(answered).toBe(false);
    source.ack(batch);
    expect(await answer(await posted)).toEqual([202, ""]);
  });

  it("gives each request an id of its own", async () => {
    const { source, post } = await start();
    const posted = [post("1"), post("2")];
    const messages = [];
    while (messages.length < 2) {
      const batch = (await source.pull(10))!;
      messages.push(...batch.messages);
      source.ack(batch);
    }
    await Promise.all(posted);
    expect(new Set(messages.map((message) => message.position)).size).toBe(2);
  });

  it("takes POST at its path only", async () => {
    const { url } = await start();
    const get = await fetch(url);
    expect([get.status, get.headers.get("allow"), await get.text()]).toEqual([
      405,
      "POST",
      "Events are taken by POST.\n",
    ]);
    expect(await answer(await fetch(`${url}/more`, { method: "POST", body: "1" }))).toEqual([
      404,
      "Events are taken at /orders.\n",
    ]);
  });

  it("ignores the query", async () => {
    const { source, url } = await start();
    const posted = fetch(`${url}?source=hook`, { method: "POST", body: "1" });
    expect(await take(source)).toEqual([{ text: "1" }]);
    expect((await posted).status).toBe(202);
  });

  it("refuses a body that is too large, said beforehand or not", async () => {
    const { post, url } = await start();
    const large = `"${"x".repeat(1000)}"`;
    expect(await answer(await post(large))).toEqual([413, "A body has at most 1000 bytes here.\n"]);
    const stream = new Blob([large]).stream();
    const init: RequestInit & { duplex: "half" } = { method: "POST", body: stream, duplex: "half" };
    expect(await answer(await fetch(url, init))).toEqual([413, "A body has at most 1000 bytes here.\n"]);
  });

  it("warns of the first request it refuses, and says at the end how many there were", async () => {
    const { source, logged, post } = await start();
    await post("{");
    await post("[");
    await source.close(false);
    expect(logged.slice(1)).toEqual([
      [
        "warn",
        "refused a request",
        { node: "orders", status: 400, reason: expect.stringContaining("The body is not JSON") },
      ],
      ["warn", "refused requests", { node: "orders", requests: 2 }],
    ]);
  });

  it("refuses a body that is not JSON, not UTF-8 or encoded, and says why", async () => {
    const { post } = await start();
    expect((await answer(await post('{"id":'))).join(" ")).toMatch(/^400 The body is not JSON: /);
    expect(await answer(await post(Uint8Array.of(0x22, 0xff, 0x22)))).toEqual([400, "The body is not UTF-8.\n"]);
    expect(await answer(await post("1", { "content-encoding": "gzip" }))).toEqual([
      415,
      "The content encoding 'gzip' is not read.\n",
    ]);
  });

  it("takes several events from JSON lines, all or none", async () => {
    const { source, post } = await start();
    const headers = { "content-type": "application/x-ndjson" };
    const posted = post('{"id":1}\n\n{"id":2}\n', headers);
    expect(await take(source)).toEqual([{ text: '{"id":1}' }, { text: '{"id":2}' }]);
    expect((await posted).status).toBe(202);
    expect((await answer(await post('{"id":1}\n{"id":\n', headers))).join(" ")).toMatch(
      /^400 Line 2 of the body is not JSON/,
    );
    expect((await post("\n", headers)).status).toBe(202);
  });

  it("answers when the last of a request's events was acknowledged, however they are pulled", async () => {
    const { source, post } = await start();
    const posted = post("1\n2\n3\n", { "content-type": "application/x-ndjson" });
    const first = (await source.pull(2))!;
    const second = (await source.pull(2))!;
    expect([shown(first), shown(second)]).toEqual([[{ text: "1" }, { text: "2" }], [{ text: "3" }]]);
    source.ack(first);
    source.ack(second);
    expect((await posted).status).toBe(202);
  });

  it("passes on no header that signs anybody in", async () => {
    const { source, post } = await start();
    const posted = post("1", {
      authorization: "Bearer x",
      cookie: "a=b",
      traceparent: "00-1-2-01",
      "content-type": "application/json",
    });
    const batch = (await source.pull(1))!;
    expect(batch.messages[0]?.headers).toEqual({ traceparent: "00-1-2-01", "content-type": "application/json" });
    source.ack(batch);
    await posted;
  });

  it("takes whole bodies as text, and lines one by one", async () => {
    const asText = await start({}, { type: "text", options: {} });
    const posted = asText.post("a\nb\n");
    expect(await take(asText.source)).toEqual([{ text: "a\nb\n" }]);
    const asLines = await start({}, { type: "lines", options: {} });
    const postedLines = asLines.post("a\r\nb");
    expect(await take(asLines.source)).toEqual([{ text: "a" }, { text: "b" }]);
    await Promise.all([posted, postedLines]);
  });

  it("takes csv records without a header row, and says so where one is declared", async () => {
    const { source, post } = await start({}, { type: "csv", options: { header: false } });
    const posted = post('1,"a\nb"\n2,c\n');
    expect(await take(source)).toEqual([{ text: '1,"a\nb"' }, { text: "2,c" }]);
    await posted;
    await expect(start({}, { type: "csv", options: {} })).rejects.toThrow(
      "'orders' cannot take a header row with each request.",
    );
  });

  it("goes on after a sender that breaks off in its body, or before its answer", async () => {
    const { source, post, url } = await start();
    const brokenOff = connect(Number(new URL(url).port), "127.0.0.1");
    brokenOff.write("POST /orders HTTP/1.1\r\nhost: x\r\ncontent-length: 10\r\n\r\n12");
    brokenOff.resume().end();
    await new Promise((resolve) => brokenOff.on("close", resolve));
    const impatient = connect(Number(new URL(url).port), "127.0.0.1");
    impatient.write("POST /orders HTTP/1.1\r\nhost: x\r\ncontent-length: 1\r\n\r\n3");
    const batch = (await source.pull(10))!;
    impatient.destroy();
    await new Promise((resolve) => impatient.on("close", resolve));
    source.ack(batch);
    expect(shown(batch)).toEqual([{ text: "3" }]);
    const posted = post("4");
    expect(await take(source)).toEqual([{ text: "4" }]);
    expect((await posted).status).toBe(202);
  });

  it("says what to do when the port is taken", async () => {
    const { url } = await start();
    await expect(start({ port: Number(new URL(url).port) })).rejects.toThrow(
      "choose another 'port', or 0 for a free one.",
    );
  });
});

describe("an http source of CloudEvents", () => {
  const cloudevents = { type: "cloudevents", options: {} } as const;

  it("takes binary, structured and batched events", async () => {
    const { source, post } = await start({}, cloudevents);
    const structured = JSON.stringify({ ...event, data: 1.0 });
    const requests = [
      post("{}", eventHeaders),
      post(structured, { "content-type": "application/cloudevents+json; charset=UTF-8" }),
      post(`[${structured} ,${structured}]`, { "content-type": "application/cloudevents-batch+json" }),
    ];
    const texts: unknown[] = [];
    while (texts.length < 4) texts.push(...(await take(source)));
    expect(texts).toHaveLength(4);
    expect(texts).toContainEqual({ text: "{}" });
    expect(texts.filter((each) => JSON.stringify(each) === JSON.stringify({ text: structured }))).toHaveLength(3);
    expect((await Promise.all(requests)).map((response) => response.status)).toEqual([202, 202, 202]);
  });

  it.each([
    ["no CloudEvent", "{}", {}, "The request is no CloudEvent"],
    [
      "no type in its headers",
      "{}",
      { "ce-specversion": "1.0", "ce-id": "1", "ce-source": "/a" },
      "The CloudEvent has no 'type'.",
    ],
    [
      "no id in its body",
      JSON.stringify({ ...event, id: undefined }),
      { "content-type": "application/cloudevents+json" },
      "The CloudEvent has no 'id'.",
    ],
    [
      "a batch that is no list",
      "{}",
      { "content-type": "application/cloudevents-batch+json" },
      "A batch of CloudEvents is a JSON array.",
    ],
  ])("refuses a request with %s", async (_, body, headers, reason) => {
    const { post } = await start({}, cloudevents);
    expect((await answer(await post(body, headers))).join(" ")).toContain(`400 ${reason}`);
  });

  it("takes the data out exactly as it is spelled for a source of json", async () => {
    const { source, post } = await start();
    const attributes = { ...event, subject: "s" };
    const text = JSON.stringify({ ...attributes, data: "?" }).replace('"?"', '{ "n": 1.0, "b": 12345678901234567890 }');
    const posted = [
      post(text, { "content-type": "application/cloudevents+json" }),
      post("[1]", { ...eventHeaders, "content-type": "application/json" }),
    ];
    const taken: unknown[] = [];
    while (taken.length < 2) taken.push(...(await take(source)));
    await Promise.all(posted);
    expect(taken).toContainEqual({ text: '{ "n": 1.0, "b": 12345678901234567890 }', attributes });
    expect(taken).toContainEqual({ text: "[1]", attributes: { ...event, datacontenttype: "application/json" } });
  });
});

describe("stopping an http source", () => {
  it("gives what it has, answers it, and refuses what comes", async () => {
    const { source, post, url } = await start();
    const posted = post("1");
    const socket = connect(Number(new URL(url).port), "127.0.0.1");
    // A connection that was open before, and sends its request afterwards.
    socket.write("POST /orders HTTP/1.1\r\nhost: x\r\ncontent-length: 1\r\n\r\n");
    const batch = (await source.pull(10))!;
    source.stop();
    const received: Buffer[] = [];
    socket.on("data", (chunk) => received.push(chunk));
    const ended = new Promise((resolve) => socket.on("close", resolve));
    socket.write("2");
    await ended;
    expect(Buffer.concat(received).toString()).toMatch(
      /^HTTP\/1\.1 503 .*\r\nretry-after: 1\r\nconnection: close\r\n/i,
    );
    source.ack(batch);
    expect((await posted).status).toBe(202);
    expect(await source.pull(10)).toBeUndefined();
  });

  it("settles a pull that waits", async () => {
    const { source } = await start();
    const waiting = source.pull(1);
    source.stop();
    expect(await waiting).toBeUndefined();
  });

  it("answers 503 to what was not acknowledged when the run failed", async () => {
    const { source, post } = await start();
    const posted = post("1");
    await source.pull(1);
    source.stop();
    await source.close(true);
    const response = await posted;
    expect([response.status, response.headers.get("retry-after")]).toEqual([503, "1"]);
  });

  it("closes although a client holds its connection open", async () => {
    const { source, url } = await start();
    const socket = connect(Number(new URL(url).port), "127.0.0.1");
    await new Promise((resolve) => socket.on("connect", resolve));
    source.stop();
    await source.close(false);
    await new Promise((resolve) => socket.on("close", resolve));
  });
});

describe("many requests at once", () => {
  it("are all answered, none twice, with only so many bodies read at a time", async () => {
    const { source, post } = await start();
    const count = 400;
    const posted = Array.from({ length: count }, (_, i) => post(String(i)));
    const seen: string[] = [];
    while (seen.length < count) {
      const batch = (await source.pull(1000))!;
      expect(batch.messages.length).toBeLessThanOrEqual(256);
      seen.push(...batch.messages.map((message) => new TextDecoder().decode(message.bytes)));
      source.ack(batch);
    }
    expect((await Promise.all(posted)).every((response) => response.status === 202)).toBe(true);
    expect(new Set(seen).size).toBe(count);
  });
});
