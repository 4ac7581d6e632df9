import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { HTTP } from "cloudevents";
import { describe, expect, it, onTestFinished } from "vitest";
import { cloudevents } from "../codec/cloudevents.ts";
import { manualClock } from "../engine/clock.ts";
import type { MessageSink, OpenContext, OutputMessage } from "../engine/connector.ts";
import { http } from "./http.ts";
import { fixture, openSink, openTable, readParts } from "./open-context.fixture.ts";

interface Received {
  readonly method: string | undefined;
  readonly headers: IncomingMessage["headers"];
  readonly body: string;
}

/** A server that keeps what it gets; `answer` may leave a response open. */
async function serve(
  answer: (received: Received, response: ServerResponse, count: number) => void,
): Promise<{ readonly url: string; readonly received: Received[] }> {
  const received: Received[] = [];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      const one = { method: request.method, headers: request.headers, body: Buffer.concat(chunks).toString() };
      answer(one, response, received.push(one));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const { port } = server.address() as AddressInfo;
  return { url: `http://127.0.0.1:${port}/in`, received };
}

async function open(options: OpenContext["options"], clock = manualClock()): Promise<MessageSink> {
  const sink = await openSink(
    http,
    fixture({ method: "POST", concurrency: 8, timeout: 10_000, ...options }, { clock }).context,
  );
  if (sink.kind !== "messages") throw new Error("not messages");
  return sink;
}

const messages = (...texts: string[]): OutputMessage[] =>
  texts.map((text) => ({ bytes: new TextEncoder().encode(text), id: text }));
const status =
  (code: number, headers: Record<string, string> = {}, body = "") =>
  (_: Received, response: ServerResponse) =>
    response.writeHead(code, headers).end(body);

describe("an http sink", () => {
  it("sends each event as a request of its own, with the format's headers and its own", async () => {
    const { url, received } = await serve(status(204));
    const sink = await open({ url, method: "PUT", headers: { Authorization: "Bearer x" }, concurrency: 1 });
    const [first, second] = messages("1", '{"a":"é"}');
    await sink.send([{ ...first!, headers: { "content-type": "text/csv" } }, second!]);
    expect(
      received.map(({ method, headers, body }) => [method, headers["content-type"], headers.authorization, body]),
    ).toEqual([
      ["PUT", "text/csv", "Bearer x", "1"],
      ["PUT", "application/json", "Bearer x", '{"a":"é"}'],
    ]);
  });

  it("keeps so many requests under way as it may, and no more", async () => {
    let underWay = 0;
    let most = 0;
    const held: ServerResponse[] = [];
    const { url } = await serve((_, response) => {
      most = Math.max(most, ++underWay);
      held.push(response);
      // Answered in threes, so that three must be under way.
      if (held.length < 3) return;
      for (const each of held.splice(0)) {
        underWay--;
        each.end();
      }
    });
    await (await open({ url, concurrency: 3 })).send(messages("1", "2", "3", "4", "5", "6", "7", "8", "9"));
    expect(most).toBe(3);
  });

  it("refuses an event that is answered 4xx, with the reason, and sends the rest", async () => {
    const { url } = await serve((one, response) =>
      response.writeHead(one.body === "2" ? 422 : 200).end("no such\norder"),
    );
    expect(await (await open({ url })).send(messages("1", "2", "3"))).toEqual([
      { index: 1, reason: `POST ${url} was answered 422 Unprocessable Entity: no such order` },
    ]);
  });

  it.each([408, 425, 429, 500, 502, 503, 301])("takes %i as worth another try", async (code) => {
    const { url } = await serve(status(code));
    await expect((await open({ url })).send(messages("1"))).rejects.toMatchObject({
      code: "sink-unavailable",
      retryable: true,
    });
  });

  it("does not send again what has an answer when the same batch is tried again", async () => {
    const failing = new Set(["3"]);
    const { url, received } = await serve((one, response) =>
      response.writeHead(one.body === "2" ? 400 : failing.delete(one.body) ? 500 : 200).end(),
    );
    const sink = await open({ url, concurrency: 1 });
    const batch = messages("1", "2", "3", "4");
    const failure = sink.send(batch);
    await expect(failure).rejects.toThrow("'orders' could not send to");
    await expect(failure).rejects.toMatchObject({ failing: new Set([batch[2]]) });
    expect(await sink.send(batch)).toEqual([{ index: 1, reason: `POST ${url} was answered 400 Bad Request` }]);
    expect(received.map((one) => one.body)).toEqual(["1", "2", "3", "3", "4"]);
  });

  it("waits as long as Retry-After asks, up to five minutes", async () => {
    const clock = manualClock();
    const { url, received } = await serve((_, response, count) =>
      response.writeHead(count === 1 ? 429 : 200, { "retry-after": "7000" }).end(),
    );
    const sink = await open({ url }, clock);
    const batch = messages("1");
    await expect(sink.send(batch)).rejects.toMatchObject({ retryable: true });
    const again = sink.send(batch);
    await clock.advance(299_999);
    expect(received).toHaveLength(1);
    await clock.advance(1);
    expect(await again).toBeUndefined();
    expect(received).toHaveLength(2);
  });

  it("takes a Retry-After that is a date", async () => {
    const clock = manualClock(Date.parse("2026-01-01T00:00:00Z"));
    const { url, received } = await serve((_, response, count) =>
      response.writeHead(count === 1 ? 503 : 200, { "retry-after": "Thu, 01 Jan 2026 00:00:05 GMT" }).end(),
    );
    const sink = await open({ url }, clock);
    const batch = messages("1");
    await expect(sink.send(batch)).rejects.toMatchObject({ retryable: true });
    const again = sink.send(batch);
    await clock.advance(5_000);
    await again;
    expect(received).toHaveLength(2);
  });

  it("takes a broken connection and a missing answer as worth another try", async () => {
    const refused = await open({ url: "http://127.0.0.1:1/in" });
    await expect(refused.send(messages("1"))).rejects.toThrow("'orders' could not send to http://127.0.0.1:1/in:");
    const { url } = await serve(() => {});
    await expect((await open({ url, timeout: 20 })).send(messages("1"))).rejects.toThrow("no answer within 20 ms");
  });

  it("gives up a request under way when the run is given up", async () => {
    const sink: { current?: MessageSink } = {};
    const { url } = await serve(() => void sink.current?.abort());
    sink.current = await open({ url });
    await expect(sink.current.send(messages("1"))).rejects.toMatchObject({ code: "sink-unavailable" });
  });

  it("refuses an address or a header that cannot be right, without showing a secret", async () => {
    await expect(open({ url: "kafka:9092" })).rejects.toThrow("'kafka:9092', the url of 'orders', is not an address");
    await expect(open({ url: "http://u:p@h/" })).rejects.toThrow("The url of 'orders' holds a password.");
    await expect(open({ url: "http://h/", headers: { authorization: "topsecret\n" + "x" } })).rejects.toThrow(
      /^The header 'authorization' of 'orders' has a name or a value that HTTP does not allow\.$/,
    );
  });

  it.each(["binary", "structured"])("sends CloudEvents in %s mode that the cloudevents package reads", async (mode) => {
    const { url, received } = await serve(status(200));
    const encoder = cloudevents.encoder({
      options: { mode },
      type: undefined,
      resolve: (type) => type,
      parseJson: JSON.parse,
      toJson: JSON.stringify,
    });
    const attributes = {
      id: "f:0",
      source: "/shop/orders",
      type: "t",
      time: "2026-01-01T00:00:00.000Z",
      subject: "a b",
    };
    const bytes = new TextEncoder().encode(encoder.encode({ n: 1 }, attributes));
    await (await open({ url })).send([{ bytes, id: "f:0", headers: encoder.headers?.(attributes) ?? {} }]);
    const seen = HTTP.toEvent({ headers: received[0]!.headers, body: received[0]!.body });
    expect(seen).toMatchObject({ ...attributes, subject: mode === "binary" ? "a%20b" : "a b", data: { n: 1 } });
  });
});

describe("a table from an http address", () => {
  const read = async (url: string, options: OpenContext["options"] = {}) =>
    readParts(await openTable(http, fixture({ url, timeout: 5000, ...options }).context));

  it("is fetched once, with headers", async () => {
    const { url, received } = await serve(status(200, {}, '{"id":1}\n{"id":2}\n'));
    expect(await read(`${url}?token=x`, { headers: { "X-Key": "k" } })).toEqual([
      { name: url, startOffset: 0, text: '{"id":1}\n{"id":2}\n' },
    ]);
    expect(received.map((one) => [one.method, one.headers["x-key"]])).toEqual([["GET", "k"]]);
  });

  it("may be one JSON array", async () => {
    const { url } = await serve(status(200, {}, '[{"id":1},\n{"id":2}]'));
    expect((await read(url))[0]?.text).toBe('\n{"id":1}\n\n{"id":2}\n');
  });

  it("says what the server answered", async () => {
    const { url } = await serve(status(404));
    await expect(read(url)).rejects.toThrow(`'orders' could not be read: GET ${url} was answered 404 Not Found.`);
    await expect(read("http://127.0.0.1:1/")).rejects.toMatchObject({ code: "source-unavailable", retryable: true });
  });
});
