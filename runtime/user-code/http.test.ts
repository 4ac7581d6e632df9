/** Units as HTTP requests: every answer there is, and every fault. */
import { createServer, type RequestListener, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { describe, expect, it, onTestFinished } from "vitest";
import { openHttp } from "./http.ts";
import { chunkOf, fastClock, type Opened, one, opened } from "./transport.fixture.ts";
import type { Outcome } from "./user-code.ts";

/** A server of Node's; `answer(request, response, body, count)` is given as text. */
async function program(answer: string, options: Parameters<typeof opened>[1]["options"] = {}): Promise<Opened> {
  const script = `
    const http = require("node:http"), fs = require("node:fs");
    let count = 0;
    const server = http.createServer((request, response) => {
      const parts = [];
      request.on("data", (part) => parts.push(part));
      request.on("end", () => answer(request, response, Buffer.concat(parts), ++count));
    });
    const answer = (request, response, body, count) => { ${answer} };
    server.listen(process.env.FLOW_SOCKET ?? Number(process.env.PORT));`;
  return run(script, options);
}

async function run(script: string, options: Parameters<typeof opened>[1]["options"] = {}): Promise<Opened> {
  const code = await opened(openHttp, {
    options: { command: [process.execPath, "-e", script], grace: 2_000, ...options },
  });
  onTestFinished(() => code.code.abort());
  return code;
}

const echo = `
  const headers = Object.entries(request.headers).filter(([name]) => /^(ce-|content-type)/.test(name));
  response.writeHead(200, Object.fromEntries(headers)).end(body);`;

/** The event's data says how it is answered. */
const asTold = `
  const { status, headers, text, hex } = JSON.parse(body);
  response.writeHead(status, headers).end(hex === undefined ? text : Buffer.from(hex, "hex"));`;

describe("a program behind HTTP", () => {
  it("gets an event in binary mode and answers one", async () => {
    const { ask, code } = await program(echo);
    expect(await ask(one("1", { n: 1 }, { subject: "a b€%", time: "2026-01-01T00:00:00Z" }))).toEqual({
      kind: "done",
      results: [
        {
          attributes: {
            specversion: "1.0",
            id: "1",
            source: "shop",
            type: "order",
            subject: "a b€%",
            time: "2026-01-01T00:00:00Z",
            datacontenttype: "application/json",
          },
          data: '{"n":1}',
        },
      ],
    });
    await code.close();
  });

  it("gets an event in structured mode, over a Unix socket of its own", async () => {
    const { ask } = await program(echo, { mode: "structured", url: "unix:" });
    const unit = one("1", { n: 1 });
    expect(await ask(unit)).toEqual({ kind: "done", results: [unit.events[0]!.json] });
  });

  it("gets a chunk as one batch, with the chunk's id, key and window in headers", async () => {
    const { ask } = await program(`
      const { "flow-chunk-id": id, "flow-chunk-key": key, "flow-chunk-window": window } = request.headers;
      response.setHeader("content-type", request.headers["content-type"]);
      response.end(JSON.stringify([{ data: { id, key, window } }, ...JSON.parse(body)]));`);
    const window = { start: "2026-01-01T00:00:00Z", end: "2026-01-01T01:00:00Z" };
    const unit = chunkOf(3, { id: "by shop/é", key: '{"shop":"é"}', window });
    const data = {
      id: "by%20shop/%C3%A9",
      key: "{%22shop%22:%22%C3%A9%22}",
      window: "2026-01-01T00:00:00Z/2026-01-01T01:00:00Z",
    };
    expect(await ask(unit)).toEqual({
      kind: "done",
      results: [JSON.stringify({ data }), ...unit.events.map(({ json }) => json)],
    });
  });
});

/** The data of the results. */
const resultsOf = (outcome: Outcome) =>
  outcome.kind === "done" ? outcome.results.map((result) => (typeof result === "string" ? result : result.data)) : [];

describe("an answer", () => {
  const outcomes = async (...told: readonly object[]): Promise<readonly Outcome[]> => {
    const { ask } = await program(asTold);
    return Promise.all(told.map((data, i) => ask(one(`${i}`, data))));
  };
  const done = (...results: readonly unknown[]) => ({ kind: "done", results });
  const failed = (reason: string) => ({ kind: "failed", reason: `the program ${reason}` });
  const batch = { "content-type": "application/cloudevents-batch+json; charset=utf-8" };
  const structured = { "content-type": "application/cloudevents+json" };

  it("without a body is no result, whatever its 2xx", async () => {
    expect(
      await outcomes({ status: 204 }, { status: 200 }, { status: 202, headers: structured }, { status: 201 }),
    ).toEqual([done(), done(), done(), done()]);
  });

  it("without a body, but with the headers of an event, is an event without data", async () => {
    expect(await outcomes({ status: 200, headers: { "ce-type": "seen" } })).toEqual([
      done({ attributes: { type: "seen" }, data: undefined }),
    ]);
  });

  it("is data by its content type: JSON, text or bytes", async () => {
    expect(
      await outcomes(
        { status: 200, text: '{"a":1}' },
        { status: 200, headers: { "content-type": "application/json" }, text: "[1]" },
        { status: 200, headers: { "content-type": "text/plain; charset=utf-8" }, text: "é" },
        { status: 200, headers: { "content-type": "text/plain; charset=iso-8859-1" }, hex: "e9" },
        { status: 200, headers: { "content-type": "image/png", "ce-size": "1" }, hex: "ff00" },
      ),
    ).toEqual([
      done({ attributes: {}, data: '{"a":1}' }),
      done({ attributes: { datacontenttype: "application/json" }, data: "[1]" }),
      done({ attributes: { datacontenttype: "text/plain; charset=utf-8" }, data: "é", isText: true }),
      done({ attributes: { datacontenttype: "text/plain; charset=iso-8859-1" }, data: "é", isText: true }),
      done({ attributes: { datacontenttype: "image/png", size: "1" }, data: Buffer.from([0xff, 0]) }),
    ]);
  });

  it("is one event in structured mode, many as a batch, none as an empty batch", async () => {
    const text = '[ {"id":"]","data":[{"x":"\\\\\\"},{"}]},\n{"data":2}\t]';
    expect(
      await outcomes(
        { status: 200, headers: structured, text: ' {"data":1}' },
        { status: 200, headers: batch, text },
        { status: 200, headers: batch, text: "[ ]" },
      ),
    ).toEqual([done(' {"data":1}'), done('{"id":"]","data":[{"x":"\\\\\\"},{"}]}', '{"data":2}'), done()]);
  });

  it("that is no event fails, and shows how it begins", async () => {
    const json = { "content-type": "application/json" };
    expect(
      await outcomes(
        { status: 200, headers: json, text: "oops\n oops" },
        { status: 200, headers: json, hex: "c328" },
        { status: 200, headers: structured, text: "[1]" },
        { status: 200, headers: batch, text: '{"data":1}' },
        { status: 200, headers: batch, text: '[{"data":1},' },
        { status: 200, headers: batch, text: "[1]" },
        { status: 200, headers: { ...json, "content-encoding": "gzip" }, hex: "1f8b" },
        { status: 200, headers: { "content-type": "text/plain; charset=klingon" }, text: "x" },
      ),
    ).toEqual([
      failed("answered what is no event: no JSON: oops oops"),
      failed("answered what is no event: no UTF-8: \ufffd("),
      failed("answered what is no event: [1]"),
      failed('answered what is no event: a batch that is no array of objects: {"data":1}'),
      failed('answered what is no event: a batch that is no array of objects: [{"data":1},'),
      failed("answered what is no event: a batch that is no array of objects: [1]"),
      failed("answered what is no event: a body in the encoding 'gzip'"),
      failed("answered what is no event: text that is not in the character set 'klingon'"),
    ]);
  });

  it("of 4xx rejects the event for the reason in its body", async () => {
    expect(
      await outcomes(
        { status: 400, text: " no such\n shop " },
        { status: 422 },
        { status: 404, text: "x".repeat(999) },
      ),
    ).toEqual([
      { kind: "rejected", reason: "no such shop" },
      { kind: "rejected", reason: "the program answered 422 Unprocessable Entity" },
      { kind: "rejected", reason: "x".repeat(500) },
    ]);
  });

  it("of 408, 425, 429, 3xx and 5xx is worth another try, not before Retry-After", async () => {
    const later = { "retry-after": "7" };
    expect(
      await outcomes(
        { status: 429, headers: later, text: "busy" },
        { status: 503, headers: { "retry-after": "86400" } },
        { status: 503, headers: { "retry-after": "Thu, 01 Jan 1970 00:00:00 GMT" } },
        { status: 408 },
        { status: 425 },
        { status: 302, headers: { location: "/elsewhere" } },
        { status: 500, text: "{}" },
      ),
    ).toEqual([
      { ...failed("answered 429 Too Many Requests: busy"), retryAfterMs: 7_000 },
      { ...failed("answered 503 Service Unavailable"), retryAfterMs: 300_000 },
      failed("answered 503 Service Unavailable"),
      failed("answered 408 Request Timeout"),
      failed("answered 425 Too Early"),
      failed("answered 302 Found"),
      failed("answered 500 Internal Server Error: {}"),
    ]);
  });
});

describe("an event that HTTP cannot carry", () => {
  it("is rejected; other attributes may be any text", async () => {
    const { ask } = await program(echo);
    expect(await ask(one("1", {}, { datacontenttype: "text/€" }))).toEqual({
      kind: "rejected",
      reason: expect.stringContaining("cannot be sent as an HTTP request: Invalid character in header content"),
    });
    expect(await ask(one("2", {}, { subject: "€\n\ud800" }))).toMatchObject({
      results: [{ attributes: { subject: "€\n\ufffd" } }],
    });
  });
});

describe("a program behind HTTP that goes wrong", () => {
  it("and hangs is ended and started again; the unit fails", async () => {
    const { ask, logged } = await program(`if (String(body) !== '"hang"') response.end("1");`, { timeout: 400 });
    expect(await ask(one("1", "hang"))).toEqual({
      kind: "failed",
      reason: "the program gave no answer within 400ms",
    });
    expect(await ask(one("2", "go on"))).toMatchObject({ kind: "done" });
    expect(logged.filter(([message]) => message === "program started")).toHaveLength(2);
  });

  it("and ends in the middle of a request fails it, with its exit code and last words", async () => {
    const { ask } = await program(
      `if (String(body) === '"end"') { console.error("out of luck"); process.exit(3); } response.end("1");`,
    );
    expect(await ask(one("0"))).toMatchObject({ kind: "done" });
    expect(await ask(one("1", "end"))).toEqual({
      kind: "failed",
      reason: "the program ended with exit code 3: out of luck",
    });
    expect(await ask(one("2"))).toMatchObject({ kind: "done" });
  });

  it("and ends with several under way interrupts all, then takes one at a time until each is done", async () => {
    const { ask } = await program(
      `globalThis.most = Math.max(globalThis.most ?? 0, (globalThis.now = (globalThis.now ?? 0) + 1));
       if (String(body) === '"end"' && globalThis.now === 3) process.exit(3);
       if (String(body) === '"end"' || String(body) === '"hold"') return;
       setImmediate(() => { globalThis.now--; response.end(String(globalThis.most)); });`,
    );
    const interrupted = { kind: "interrupted" };
    const first = [one("1", "hold"), one("2", "hold"), one("3", "end")];
    expect(await Promise.all(first.map(ask))).toEqual([interrupted, interrupted, interrupted]);
    const again = ["1", "2", "3", "4"].map((id) => one(id, id));
    const outcomes = await Promise.all(again.map(ask));
    expect(outcomes.slice(0, 3)).toEqual(
      [1, 1, 1].map((most) => ({ kind: "done", results: [{ attributes: {}, data: String(most) }] })),
    );
    expect(outcomes[3]).toMatchObject({ kind: "done" });
  });

  it("and has answered before it ended is believed", async () => {
    const { ask, says } = await program(`response.end("1", () => process.exit(count));`);
    expect(await ask(one("1"))).toMatchObject({ kind: "done" });
    await says("ended with exit code 1");
    expect(await ask(one("2"))).toMatchObject({ kind: "done" });
  });

  it("and breaks the connection in the middle of an answer fails the unit and is kept", async () => {
    const { ask, logged } = await program(
      `if (count > 1) return response.end("1");
       response.writeHead(200, { "content-length": 10 }).write("12"); setImmediate(() => response.socket.destroy());`,
    );
    expect(await ask(one("1"))).toEqual({
      kind: "failed",
      reason: "could not be asked: the connection was closed before the answer was complete",
    });
    expect(await ask(one("2"))).toMatchObject({ kind: "done" });
    expect(logged.filter(([message]) => message === "program started")).toHaveLength(1);
  });

  it("and answers something else than HTTP fails the unit", async () => {
    const { ask } = await run(
      `require("node:net").createServer((s) => s.on("data", () => s.end("hello\\n"))).listen(process.env.PORT);`,
    );
    expect(await ask(one("1"))).toMatchObject({ kind: "failed", reason: expect.stringContaining("no HTTP") });
  });

  const twice = (second: string) =>
    `require("node:net").createServer((s) => s.on("data", () => {
       const answer = (text) => s.write("HTTP/1.1 200 OK\\r\\nContent-Length: 1\\r\\n\\r\\n" + text);
       answer("1"); ${second};
     })).listen(process.env.PORT);`;

  it.each([
    ["a second answer at once", twice(`answer("2")`)],
    ["bytes behind the answer", twice(`s.write("junk")`)],
    ["a second answer when nothing is asked", twice(`setTimeout(() => answer("2"), 20)`)],
  ])("and sends %s is started again, and what is not the answer is never taken for one", async (_, script) => {
    const { ask, says, logged } = await run(script);
    const first = { kind: "done", results: [{ attributes: {}, data: "1" }] };
    expect(await ask(one("1"))).toEqual(first);
    await says("the program answered twice");
    expect(await ask(one("2"))).toEqual(first);
    expect(logged.filter(([message]) => message === "program started").length).toBeGreaterThan(1);
  });

  it.each([
    ["a close that was not announced", "s.end()"],
    ["a reset", "s.resetAndDestroy()"],
  ])("and ends each connection with %s has answered once", async (_, end) => {
    const { ask, logged } = await run(
      `require("node:net").createServer((s) => s.once("data", () => {
         s.write("HTTP/1.1 200 OK\\r\\nContent-Length: 1\\r\\n\\r\\n1", () => setTimeout(() => ${end}, 5));
       })).listen(process.env.PORT);`,
    );
    for (const id of ["1", "2", "3"]) expect(await ask(one(id))).toMatchObject({ kind: "done" });
    expect(logged.map(([message]) => message)).toEqual(["program started"]);
  });

  it("and speaks HTTP 1.0 is asked over a connection each", async () => {
    const { ask } = await run(
      `require("node:net").createServer((s) => s.once("data", () => s.end("HTTP/1.0 200 OK\\r\\n\\r\\n[1,\\n2]")))
         .listen(process.env.PORT);`,
    );
    const both = { kind: "done", results: [{ attributes: {}, data: "[1,\n2]" }] };
    expect(await Promise.all([one("1"), one("2")].map(ask))).toEqual([both, both]);
  });

  it("and wants another protocol fails the unit", async () => {
    const { ask } = await run(
      `require("node:net").createServer((s) => s.once("data", () =>
         s.write("HTTP/1.1 101 Switching Protocols\\r\\nConnection: upgrade\\r\\nUpgrade: x\\r\\n\\r\\n"))).listen(process.env.PORT);`,
    );
    expect(await ask(one("1"))).toEqual({
      kind: "failed",
      reason: "could not be asked: the server wants to go on in another protocol",
    });
  });

  it("and answers without end is ended when it is too much", async () => {
    const { ask } = await program(
      `if (count > 1 || String(body) === '"few"') return response.end("1");
       const more = () => { while (response.write(Buffer.alloc(1 << 20, "x"))); response.once("drain", more); }; more();`,
    );
    expect(await ask(one("1"))).toEqual({ kind: "failed", reason: "the program answered too much" });
    expect(await ask(one("2", "few"))).toMatchObject({ kind: "done" });
  });

  it("and answers in millions of pieces, or of results, is not more than it can say at once", async () => {
    const { ask } = await run(
      `require("node:http").createServer((request, response) => {
         request.resume();
         if (request.headers["ce-id"] === "pieces") {
           response.write("[1");
           for (let i = 0; i < 100_000; i++) response.write(" ");
           response.end("]");
         } else {
           response.setHeader("content-type", "application/cloudevents-batch+json");
           response.end("[" + Array(1_100_000).fill("{}") + "]");
         }
       }).listen(process.env.PORT);`,
    );
    expect(await ask(one("pieces"))).toMatchObject({ results: [{ data: `[1${" ".repeat(100_000)}]` }] });
    expect(await ask(one("results"))).toEqual({ kind: "failed", reason: "the program answered too much" });
  });

  it("and never reads is ended", async () => {
    const { ask } = await run(
      `require("node:net").createServer({ pauseOnConnect: true }, () => {}).listen(process.env.PORT);`,
      { timeout: 300 },
    );
    expect(await ask(one("1", "x".repeat(20_000_000)))).toEqual({
      kind: "failed",
      reason: "the program gave no answer within 300ms",
    });
  });

  it("and answers before it has read all is believed", async () => {
    const { ask } = await run(
      `require("node:http").createServer((request, response) => {
         request.pause();
         response.writeHead(request.headers["content-length"] > 1000 ? 413 : 200).end("too large");
       }).listen(process.env.PORT);`,
    );
    expect(await ask(one("1", "x".repeat(20_000_000)))).toEqual({ kind: "rejected", reason: "too large" });
  });

  it("and closes connections that rest costs no try", async () => {
    const { ask } = await program(
      `response.end("1"); if (count === 1) server.keepAliveTimeout = 1; else response.socket.destroySoon();`,
    );
    for (const id of ["1", "2", "3", "4", "5"]) expect(await ask(one(id))).toMatchObject({ kind: "done" });
  });

  it("again and again settles each unit exactly once, and none is lost", async () => {
    const { ask } = await program(`if (count === 60) process.exit(3); response.end(body);`);
    let interrupted = 0;
    const settle = async (id: string): Promise<void> => {
      for (;;) {
        const outcome = await ask(one(id, id));
        if (outcome.kind === "done") return expect(resultsOf(outcome)).toEqual([JSON.stringify(id)]);
        interrupted++;
      }
    };
    const ids = Array.from({ length: 300 }, (_, i) => `${i}`);
    await Promise.all(ids.map(settle));
    expect(interrupted).toBeGreaterThan(0);
  });

  it("and stops listening is started again", async () => {
    const { ask } = await program(
      `server.close(); response.setHeader("connection", "close").end("1"); setInterval(() => {}, 1000);`,
    );
    expect(await ask(one("1"))).toMatchObject({ kind: "done" });
    expect(await ask(one("2"))).toEqual({ kind: "failed", reason: "could not be asked: nobody listens there" });
    expect(await ask(one("3"))).toMatchObject({ kind: "done" });
  });
});

describe("the way to a program behind HTTP", () => {
  it("is open when the ready path answers 2xx", async () => {
    const { ask } = await program(
      `if (request.url === "/healthz") return response.writeHead(count < 3 ? 503 : 204).end(); response.end(String(count));`,
      { ready: "/healthz" },
    );
    expect(await ask(one("1"))).toEqual({ kind: "done", results: [{ attributes: {}, data: "4" }] });
  });

  it("is told to the program, whose path and port may be given", async () => {
    const { address } = await served(() => {});
    const script = `
      const http = require("node:http"), { PORT, FLOW_URL, FLOW_STEP } = process.env;
      http.createServer((request, response) => {
        response.end(JSON.stringify([request.url, request.headers.host, FLOW_URL, FLOW_STEP])); request.resume();
      }).listen(PORT);`;
    const { ask } = await run(script, { url: `http://${address}/score?x=1` });
    const data = JSON.stringify(["/score?x=1", address, `http://${address}/score?x=1`, "score"]);
    expect(await ask(one("1"))).toEqual({ kind: "done", results: [{ attributes: {}, data }] });
  });

  it("is found where the program listens on IPv6 only", async () => {
    const { ask } = await run(
      `require("node:http").createServer((q, s) => { q.resume(); s.end("1"); }).listen(process.env.PORT, "::1");`,
    );
    expect(await ask(one("1"))).toMatchObject({ kind: "done" });
  });

  it("is never found where the program listens elsewhere", async () => {
    const options = { command: ["/bin/sh", "-c", "echo listening on 1 >&2; exec sleep 100"] };
    await expect(opened(openHttp, { options, clock: fastClock(100) })).rejects.toMatchObject({
      code: "user-code-unavailable",
      message: expect.stringContaining("was not ready within 30s: listening on 1"),
    });
  });

  it("is given up at once where the program ends before it listens", async () => {
    const options = { command: ["/bin/sh", "-c", "echo no config >&2; exit 2"] };
    await expect(opened(openHttp, { options, clock: fastClock(200) })).rejects.toMatchObject({
      code: "user-code-unavailable",
      message: expect.stringContaining("ended with exit code 2: no config"),
    });
  });

  it("needs no program of ours where a server runs elsewhere", async () => {
    const { address, server } = await served((request, response) => {
      request.resume();
      response.end("1");
    }, true);
    const { ask, code } = await opened(openHttp, { options: { url: `http://${address}/`, timeout: 200 } });
    expect(await ask(one("1"))).toMatchObject({ kind: "done" });
    server.removeAllListeners("request").on("request", () => {});
    expect(await ask(one("2"))).toEqual({ kind: "failed", reason: "the program gave no answer within 200ms" });
    await code.close();
  });

  it("must be an address", async () => {
    for (const [url, message] of [
      ["ftp://x", "is not an address"],
      ["http://a:b@x", "holds a password"],
      ["", "neither a 'command'"],
    ]) {
      await expect(opened(openHttp, { options: { url: url! } })).rejects.toMatchObject({
        code: "bad-config",
        message: expect.stringContaining(message!),
      });
    }
  });
});

/** A server in this process; or only an address that nothing listens on. */
async function served(
  answer: RequestListener,
  isKept = false,
): Promise<{ readonly address: string; readonly server: Server }> {
  const server = createServer(answer);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  const close = async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  };
  if (isKept) onTestFinished(async () => void (await close()));
  else await close();
  return { address: `127.0.0.1:${port}`, server };
}
