/** The server as a process: the order of things, what it refuses, and how it ends. */
import { once } from "node:events";
import { createServer, type Socket } from "node:net";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { binary, brokenFlow, copyFlow, place } from "../cli/flow.ts";
import { Client, frame } from "./client.ts";
import { Editor, editor } from "./editor.ts";

const refusedBeforeStart = -32002;
const invalidRequest = -32600;
const invalidParams = -32602;
const methodNotFound = -32601;
const cancelled = -32800;

describe("the order of messages", () => {
  it("begins with initialize: everything else is refused before", async () => {
    const { client, start } = notStarted();
    expect((await client.call("textDocument/hover", {})).error?.code).toBe(refusedBeforeStart);
    expect((await client.call("no/such", {})).error?.code).toBe(refusedBeforeStart);
    client.notify("textDocument/didOpen", {
      textDocument: { uri: "file:///a.flow", languageId: "flow", version: 1, text: "" },
    });
    expect((await start()).capabilities).toMatchObject({ hoverProvider: true });
  });

  it("has one initialize", async () => {
    const { client } = await editor();
    expect((await client.call("initialize", { processId: null, rootUri: null, capabilities: {} })).error?.code).toBe(
      invalidRequest,
    );
  });

  it("ends with shutdown: every later request is refused, and exit gives 0", async () => {
    const { client } = await editor();
    expect(await client.call("shutdown")).toMatchObject({ result: null });
    expect((await client.call("textDocument/hover", {})).error?.code).toBe(invalidRequest);
    client.notify("exit");
    expect(await client.ended()).toBe(0);
    expect(client.stderr).toBe("");
  });

  it("may be left at any time: exit without shutdown gives 1", async () => {
    const { client } = await editor();
    client.notify("exit");
    expect(await client.ended()).toBe(1);
  });
});

describe("the process ends by itself, and says nothing", () => {
  it("when standard input closes, before initialize and after", async () => {
    for (const started of [notStarted(), await editor()]) {
      started.client.process.stdin?.end();
      expect([await started.client.ended(), started.client.stderr]).toEqual([1, ""]);
    }
  });

  it("with 0 when standard input closes after shutdown", async () => {
    const { client } = await editor();
    await client.call("shutdown");
    client.process.stdin?.end();
    expect(await client.ended()).toBe(0);
  });

  it("when the reader of its answers goes away", async () => {
    const { client } = await editor();
    client.process.stdout?.destroy();
    client.notify("textDocument/hover", {});
    client.send({ id: 99, method: "textDocument/hover", params: {} });
    expect(await client.ended()).not.toBe(null);
  });
});

describe("what is wrong with a request is said in the answer", () => {
  it("an unknown method", async () => {
    const { client } = await editor();
    expect((await client.call("textDocument/nonsense", {})).error).toEqual({
      code: methodNotFound,
      message: "There is no method 'textDocument/nonsense'.",
    });
  });

  it.each([
    ["nothing", undefined],
    ["no document", {}],
    ["a document without a name", { textDocument: {}, position: { line: 0, character: 0 } }],
    ["a position without numbers", { textDocument: { uri: "file:///a.flow" }, position: { line: "0" } }],
    ["a list", [1, 2]],
  ])("parameters that are %s", async (_what, params) => {
    const { client } = await editor();
    const { error, result } = await client.call("textDocument/hover", params);
    expect(error === undefined ? result : error.code).toBe(invalidParams);
    expect(await client.call("workspace/symbol", { query: "" })).toMatchObject({ result: [] });
  });

  it("a document that nobody has opened, and that is not on disk, gives nothing", async () => {
    const ed = await editor();
    const place = { textDocument: { uri: ed.uri("none.flow") }, position: { line: 3, character: 3 } };
    expect(await ed.request("textDocument/hover", place)).toBe(null);
    expect(await ed.request("textDocument/diagnostic", place)).toMatchObject({ items: [] });
  });
});

describe("notifications in a wrong order", () => {
  it("a change or a close of a document that is not open is logged, and the next one counts", async () => {
    const ed = await editor();
    const textDocument = { uri: ed.uri("a.flow"), version: 2 };
    const logged = ed.client.next("window/logMessage");
    ed.client.notify("textDocument/didChange", { textDocument, contentChanges: [{ text: brokenFlow }] });
    ed.client.notify("textDocument/didClose", { textDocument });
    expect((await logged).params).toMatchObject({ message: expect.stringContaining("not open") });
    ed.open("a.flow", brokenFlow);
    expect(await ed.request("textDocument/diagnostic", { textDocument })).toMatchObject({
      items: [{ code: "FLOW2001" }],
    });
  });

  it("a change with a range outside the text changes its end", async () => {
    const ed = await editor();
    const { textDocument } = ed.open("a.flow", copyFlow);
    const range = { start: { line: 900, character: 9 }, end: { line: 900, character: 4 } };
    const text = "sink again from nobody { stdout {} }\n";
    ed.client.notify("textDocument/didChange", {
      textDocument: { ...textDocument, version: 2 },
      contentChanges: [{ range, text }],
    });
    expect(await ed.request("textDocument/diagnostic", { textDocument })).toMatchObject({
      items: [{ code: "FLOW2001" }],
    });
  });

  it("notifications without parameters, or with wrong ones, change nothing", async () => {
    const ed = await editor();
    for (const method of [
      "textDocument/didOpen",
      "textDocument/didChange",
      "workspace/didChangeWatchedFiles",
      "$/nonsense",
      "no/such",
    ]) {
      ed.client.notify(method, {});
      ed.client.notify(method, { textDocument: null });
    }
    const { textDocument } = ed.open("a.flow", brokenFlow);
    expect(await ed.request("textDocument/diagnostic", { textDocument })).toMatchObject({
      items: [{ code: "FLOW2001" }],
    });
  });
});

describe("bytes", () => {
  it("arrive in any pieces", async () => {
    const { client } = notStarted();
    const answer = client.start("initialize", { processId: null, rootUri: null, capabilities: {} }).answer;
    const { id, answer: second } = client.start("shutdown");
    expect(id).toBe(2);
    expect((await answer).result).toBeDefined();
    await second;
    const bytes = Buffer.from(frame({ id: 3, method: "shutdown" }));
    for (const byte of bytes) client.raw(Buffer.from([byte]));
    client.notify("exit");
    expect(await client.ended()).toBe(0);
  });

  it("that are no message are passed over", async () => {
    const ed = await editor();
    ed.client.raw("Content-Length: 5\r\n\r\n{bad}");
    expect(await ed.request("workspace/symbol", { query: "" })).toEqual([]);
  });
});

it("a request that is cancelled before it begins is answered as cancelled", async () => {
  const ed = await editor();
  const { textDocument } = ed.open("a.flow", copyFlow);
  const first = ed.client.start("textDocument/diagnostic", { textDocument });
  const second = ed.client.start("textDocument/documentSymbol", { textDocument });
  ed.client.notify("$/cancelRequest", { id: second.id });
  expect((await first.answer).result).toBeDefined();
  const { result, error } = await second.answer;
  expect(error?.code ?? (result === undefined ? undefined : cancelled)).toBe(cancelled);
});

describe("positions", () => {
  const text =
    'source orders {\n  file { path: "é😀.ndjson" } // ü\n}\nsink out from /* 😀é */ ordrs {\n  stdout {}\n}\n';
  it.each([
    [["utf-8", "utf-16"], "utf-8", 27],
    [["utf-16", "utf-8"], "utf-16", 24],
    [["utf-32"], "utf-32", 23],
    [["utf-7"], "utf-16", 24],
    [undefined, "utf-16", 24],
  ] as const)("are counted as the client of %j prefers: %s", async (positionEncodings, agreed, character) => {
    const ed = new Editor();
    const general = positionEncodings === undefined ? {} : { positionEncodings };
    const { capabilities } = await ed.start({ general, textDocument: { diagnostic: {} } });
    expect(capabilities.positionEncoding).toBe(agreed);
    const { textDocument } = ed.open("a.flow", text);
    expect(await ed.request("textDocument/diagnostic", { textDocument })).toMatchObject({
      items: [
        { code: "FLOW2001", range: { start: { line: 3, character }, end: { line: 3, character: character + 5 } } },
      ],
    });
    const range = { start: { line: 3, character }, end: { line: 3, character: character + 5 } };
    ed.client.notify("textDocument/didChange", {
      textDocument: { ...textDocument, version: 2 },
      contentChanges: [{ range, text: "orders" }],
    });
    expect(await ed.request("textDocument/diagnostic", { textDocument })).toMatchObject({ items: [] });
  });
});

describe("a huge file", () => {
  const step = (i: number) => `step s${i} from ${i === 0 ? "a" : `s${i - 1}`} { filter data.x > ${i} }\n`;
  const text = `source a { stdin {} }\n${Array.from({ length: 20_000 }, (_, i) => step(i)).join("")}`;
  it("is checked, and small ones beside it are answered after", { timeout: 60_000 }, async () => {
    const ed = await editor();
    const huge = ed.open("huge.flow", text);
    const small = ed.open("small.flow", brokenFlow);
    const report = await ed.request<{ items: unknown[] }>("textDocument/diagnostic", {
      textDocument: huge.textDocument,
    });
    expect(report.items.length).toBeGreaterThan(0);
    expect(await ed.request("textDocument/diagnostic", { textDocument: small.textDocument })).toMatchObject({
      items: [{ code: "FLOW2001" }],
    });
  });

  it("of one deep expression, or of noise, is answered too", async () => {
    const ed = await editor();
    for (const [name, inside] of [
      ["deep", "(".repeat(50_000)],
      ["noise", "\u0000{]\ud800".repeat(20_000)],
    ] as const) {
      const { textDocument } = ed.open(`${name}.flow`, `source a { stdin {} }\nstep b from a { filter ${inside}`);
      const { items } = await ed.request<{ items: unknown[] }>("textDocument/diagnostic", { textDocument });
      expect(items.length).toBeGreaterThan(0);
    }
  });
});

describe("transports", () => {
  it.each([
    ["socket", (port: number) => ["--socket", String(port)], () => 0],
    ["pipe", (_port: number, path: string) => ["--pipe", path], (path: string) => path],
  ] as const)("by %s the editor listens and the server connects, and leaves with it", async (_kind, args, at) => {
    const path = join(place().cwd, "s");
    const server = createServer();
    const target = at(path);
    server.listen(target === 0 ? { port: 0, host: "127.0.0.1" } : { path: target });
    await once(server, "listening");
    const address = server.address();
    const port = typeof address === "object" && address !== null ? address.port : 0;
    const client = new Client({ binary, args: ["lsp", ...args(port, path)] });
    const [socket] = (await once(server, "connection")) as [Socket];
    socket.write(frame({ id: 1, method: "initialize", params: { processId: null, rootUri: null, capabilities: {} } }));
    let text = "";
    while (!text.includes('"hoverProvider":true')) text += ((await once(socket, "data")) as [Buffer])[0].toString();
    socket.destroy();
    server.close();
    expect(await client.ended()).not.toBe(null);
  });

  it.each([
    [[], "One of --stdio, --socket and --pipe is needed."],
    [["--stdio", "--socket", "1"], "exclude one another"],
    [["--socket", "0"], "There is no port 0."],
    [["--socket", "x"], "whole number"],
  ])("flow lsp %j is a wrong command line", (words, message) => {
    const { err, code } = place().flow("lsp", ...words);
    expect([code, err]).toEqual([2, expect.stringContaining(message)]);
  });

  it("takes --clientProcessId, which some editors add", async () => {
    const client = new Client({ binary, args: ["lsp", "--stdio", `--clientProcessId=${process.pid}`] });
    await client.call("initialize", { processId: process.pid, rootUri: null, capabilities: {} });
    expect(await client.stop()).toBe(0);
  });

  it("ends when nobody listens", async () => {
    const client = new Client({ binary, args: ["lsp", "--pipe", join(place().cwd, "none")] });
    expect(await client.ended()).toBe(1);
    expect(client.stderr).toContain("The editor cannot be reached");
  });
});

function notStarted(): { client: Client; start: () => Promise<{ capabilities: Record<string, unknown> }> } {
  const ed = new Editor();
  return { client: ed.client, start: () => ed.start() };
}
