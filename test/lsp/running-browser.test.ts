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
  readonly result?: unknown;
  readonly imported?: string;
}

const workers: Worker[] = [];
afterEach(async () => {
  for (const one of workers.splice(0)) await one.terminate();
});

/** @param canNest whether the server's worker may start another one */
function server(canNest: boolean) {
  const waiting = new Map<number, (result: unknown) => void>();
  const imported: string[] = [];
  const worker = webWorker({ folder, script: "lsp-worker.js", canNest });
  workers.push(worker);
  worker.on("message", ({ id, method, result, imported: url }: Message) => {
    if (url !== undefined) imported.push(url);
    else if (method === undefined) waiting.get(id ?? -1)?.(result);
    else if (id !== undefined) worker.postMessage({ jsonrpc: "2.0", id, result: null });
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

async function started(canNest: boolean) {
  const one = server(canNest);
  await one.request("initialize", {
    processId: null,
    rootUri: null,
    capabilities: {},
    initializationOptions: { runner: "https://example.com/dist/flow-runner-worker.js" },
  });
  one.notify("initialized", {});
  one.notify("textDocument/didOpen", { textDocument: { uri, languageId: "flow", version: 1, text } });
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
