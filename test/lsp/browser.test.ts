/** The server as a web worker: the built bundle where there is no Node, with messages as its only way out. */
import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { createContext, runInContext } from "node:vm";
import { expect, it } from "vitest";
import { binary } from "../cli/flow.ts";

interface Message {
  readonly id?: number;
  readonly method?: string;
  readonly params?: { readonly uri?: string };
  readonly result?: unknown;
}

/** A worker's global scope, as far as the server needs one. */
function worker(answers: Readonly<Record<string, (params: Message["params"]) => unknown>> = {}) {
  const waiting = new Map<number, (message: Message) => void>();
  const scope: { onmessage?: (event: { data: unknown }) => void } & Record<string, unknown> = {
    addEventListener: () => {},
    TextEncoder,
    TextDecoder,
    setTimeout,
    clearTimeout,
    queueMicrotask,
    performance,
    btoa,
    atob,
    postMessage: (message: Message) => {
      if (message.method === undefined) waiting.get(message.id ?? -1)?.(message);
      else if (message.id !== undefined)
        send({ id: message.id, result: answers[message.method]?.(message.params) ?? null });
    },
  };
  scope.self = scope;
  createContext(scope);
  runInContext(readFileSync(join(dirname(binary), "lsp-worker.js"), "utf8"), scope);
  const send = (message: object) => scope.onmessage?.({ data: { jsonrpc: "2.0", ...message } });
  let lastId = 0;
  const request = (method: string, params: unknown): Promise<unknown> => {
    const id = ++lastId;
    const answer = new Promise<Message>((resolve) => waiting.set(id, resolve));
    send({ id, method, params });
    return answer.then(({ result }) => result);
  };
  return { request, notify: (method: string, params: unknown) => send({ method, params }) };
}

const uri = "vscode-test-web://mount/a.flow";
const flow = 'import "./types.flow"\n\nsource a: Order {\n  stdin {}\n}\n\nsink b from a {\n  stdout {}\n}\n';

it("checks and hovers, and asks its client for the files that are imported", async () => {
  let refreshed: () => void = () => {};
  const again = new Promise<void>((resolve) => {
    refreshed = resolve;
  });
  const asked: (string | undefined)[] = [];
  const { request, notify } = worker({
    "flow/readFile": (params) => {
      asked.push(params?.uri);
      return { text: params?.uri?.endsWith("types.flow") === true ? "type Order { id: string }\n" : null };
    },
    "workspace/diagnostic/refresh": () => refreshed(),
  });
  const capabilities = { textDocument: { diagnostic: {} }, workspace: { diagnostics: { refreshSupport: true } } };
  const started = await request("initialize", {
    processId: null,
    rootUri: null,
    capabilities,
    initializationOptions: { readFile: true },
  });
  expect(started).toMatchObject({ capabilities: { hoverProvider: true } });
  notify("initialized", {});
  notify("textDocument/didOpen", { textDocument: { uri, languageId: "flow", version: 1, text: flow } });
  await request("textDocument/diagnostic", { textDocument: { uri } });
  await again;
  expect(await request("textDocument/diagnostic", { textDocument: { uri } })).toMatchObject({ items: [] });
  expect(
    await request("textDocument/hover", { textDocument: { uri }, position: { line: 2, character: 12 } }),
  ).toMatchObject({
    contents: { value: expect.stringContaining("Order") },
  });
  expect(asked).toContain("vscode-test-web://mount/types.flow");
});

it("asks for nothing when the client has not said that it answers", async () => {
  const asked: string[] = [];
  const { request, notify } = worker({ "flow/readFile": () => asked.push("read") });
  await request("initialize", { processId: null, rootUri: null, capabilities: { textDocument: { diagnostic: {} } } });
  notify("textDocument/didOpen", { textDocument: { uri, languageId: "flow", version: 1, text: flow } });
  expect(await request("textDocument/diagnostic", { textDocument: { uri } })).toMatchObject({ kind: "full" });
  expect(asked).toEqual([]);
});
