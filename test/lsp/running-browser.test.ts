/** Running tests and pipelines where there is no Node: the built web workers, one that serves and one that has the engine. */
import { readFileSync } from "node:fs";
import { builtinModules } from "node:module";
import { dirname, join } from "node:path";
import type { Worker } from "node:worker_threads";
import { afterEach, expect, it } from "vitest";
import { binary } from "../cli/flow.ts";
import { editor } from "./editor.ts";
import { webWorker } from "./web-worker.ts";

const folder = dirname(binary);

interface Message {
  readonly id?: number;
  readonly method?: string;
  readonly params?: unknown;
  readonly result?: unknown;
  readonly imported?: string;
}

const workers: Worker[] = [];
afterEach(async () => {
  for (const one of workers.splice(0)) await one.terminate();
});

/**
 * @param canNest whether the server's worker may start another one
 * @param files that are not open, by URI
 */
function server(canNest: boolean, files: Readonly<Record<string, string>> = {}) {
  const waiting = new Map<number, (result: unknown) => void>();
  const imported: string[] = [];
  const worker = webWorker({ folder, script: "lsp-worker.js", canNest });
  workers.push(worker);
  const answerTo = (method: string, params: unknown): unknown =>
    method === "flow/readFile" ? { text: files[(params as { readonly uri: string }).uri] ?? null } : null;
  worker.on("message", ({ id, method, params, result, imported: url }: Message) => {
    if (url !== undefined) imported.push(url);
    else if (method === undefined) waiting.get(id ?? -1)?.(result);
    else if (id !== undefined) worker.postMessage({ jsonrpc: "2.0", id, result: answerTo(method, params) });
  });
  let lastId = 0;
  const request = (method: string, params: unknown): Promise<unknown> => {
    const id = ++lastId;
    const answer = new Promise<unknown>((resolve) => waiting.set(id, resolve));
    worker.postMessage({ jsonrpc: "2.0", id, method, params });
    return answer;
  };
  const notify = (method: string, params: unknown) => worker.postMessage({ jsonrpc: "2.0", method, params });
  return { request, notify, imported };
}

const uri = "memfs:/a.flow";
/** With what the engine takes from Node where there is one: digests, base64, a restart that writes and reads values. */
const text = `source a: { n: int } { memory { events: [{ n: 1 }, { n: 2 }] } }
step b from a { set data.id = uuid(data.n)
  set data.b = base64.encode(b"ä") }
window w from b { global
  emit { ids: list(data.id), sum: sum(data.n) } }
sink c from w { stdout {} }
test "goes on after a crash" {
  a at 0s { n: 1 }
  restart
  a at 1s { n: 2 }
  end
  expect w [{ sum: 3, ids: ["x"] }]
}
`;

interface Tests {
  readonly tests: readonly {
    readonly status: string;
    readonly messages: readonly { readonly message: string; readonly actual: string }[];
  }[];
}
const resultsOf = ({ tests }: Tests) =>
  tests.map(({ status, messages }) => [status, messages.map(({ message, actual }) => [message, actual])]);

async function started(canNest: boolean, files?: Readonly<Record<string, string>>, given = text) {
  const one = server(canNest, files);
  await one.request("initialize", {
    processId: null,
    rootUri: null,
    capabilities: {},
    initializationOptions: { runner: "https://example.com/dist/flow-runner-worker.js", readFile: true },
  });
  one.notify("initialized", {});
  one.notify("textDocument/didOpen", { textDocument: { uri, languageId: "flow", version: 1, text: given } });
  return one;
}

it("the engine of a web worker asks for nothing of Node", () => {
  const script = readFileSync(join(folder, "flow-runner-worker.js"), "utf8");
  const required = [...script.matchAll(/\brequire\("([^"]+)"\)|\bfrom"([^"]+)"|\bimport\("([^"]+)"\)/g)];
  expect(
    required
      .flatMap((match) => match.slice(1))
      .filter((name) => name && (name.startsWith("node:") || builtinModules.includes(name))),
  ).toEqual([]);
});

it.each([
  ["in a worker of its own", true],
  ["in the server's own worker, where it may start none", false],
])("runs tests and a pipeline %s, with the results that Node has", async (_, canNest) => {
  const { request, imported } = await started(canNest);
  const { tests } = (await request("workspace/executeCommand", {
    command: "flow.runTests",
    arguments: [uri],
  })) as Tests;
  const node = await editor();
  node.open("a.flow", text);
  const same = await node.request<Tests>("workspace/executeCommand", {
    command: "flow.runTests",
    arguments: [node.uri("a.flow")],
  });
  expect(resultsOf({ tests })).toEqual(resultsOf(same));
  expect(tests[0]?.messages[0]?.actual).toMatch(/^{ ids: \["[0-9a-f-]{36}", "[0-9a-f-]{36}"\], sum: 3 }$/);
  expect(imported.length).toBe(canNest ? 0 : 1);
  const here = (await request("workspace/executeCommand", { command: "flow.runHere", arguments: [uri] })) as {
    nodes: { node: string; outputs: { count: number; first: { text: string }[] }[] }[];
  };
  expect(here.nodes.map(({ node, outputs }) => [node, outputs[0]?.count])).toEqual([
    ["a", 2],
    ["b", 2],
    ["w", 1],
    ["c", 1],
  ]);
});

it("runs a pipeline at the first asking on the file that its source reads, though it comes from the client, as what it imports does", async () => {
  const files = {
    "memfs:/shared.flow": 'type Order from sample("sample.ndjson")\n',
    "memfs:/sample.ndjson": '{"total":1}\n',
    "memfs:/input/orders.ndjson": '{"total":7}\n{"total":70}\n',
  };
  const given = `import "./shared.flow"
source orders: Order { file { path: "input/orders.ndjson" } }
step large from orders { filter data.total > 10 }
sink out from large { stdout {} }
`;
  const { request } = await started(true, files, given);
  const here = (await request("workspace/executeCommand", { command: "flow.runHere", arguments: [uri] })) as {
    readonly from: readonly unknown[];
    readonly nodes: readonly { readonly node: string; readonly outputs: readonly { readonly count: number }[] }[];
  };
  expect(here.from).toEqual([{ node: "orders", from: "file", uri: "memfs:/input/orders.ndjson", records: 2 }]);
  expect(here.nodes.map(({ node, outputs }) => [node, outputs[0]?.count])).toEqual([
    ["orders", 2],
    ["large", 1],
    ["out", 1],
  ]);
});
