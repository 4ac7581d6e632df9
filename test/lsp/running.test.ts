/** Running what is written, over the wire: tests and pipelines on the text as it is, in a worker that cannot hold the server up. */
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { expect, it } from "vitest";
import { type Editor, editor } from "./editor.ts";

interface TestJson {
  readonly name: string;
  readonly status: string;
  readonly durationMs?: number;
  readonly virtualMs?: number;
  readonly messages: readonly {
    readonly message: string;
    readonly expected?: string;
    readonly actual?: string;
    readonly range: Parameters<Editor["at"]>[1];
  }[];
}
interface HereJson {
  readonly problem?: string;
  readonly problems: readonly string[];
  readonly from: readonly object[];
  readonly nodes: readonly {
    readonly node: string;
    readonly cameIn: number;
    readonly at: { readonly range: Parameters<Editor["at"]>[1] };
    readonly outputs: readonly {
      readonly output: string;
      readonly count: number;
      readonly first: readonly { readonly text: string }[];
    }[];
  }[];
}

const command = <T>(one: Editor, name: string, ...args: readonly unknown[]): Promise<T> =>
  one.request<T>("workspace/executeCommand", { command: name, arguments: args });
const runTests = (one: Editor, path: string, ...rest: readonly unknown[]) =>
  command<{ problem?: string; tests: readonly TestJson[] }>(one, "flow.runTests", one.uri(path), ...rest);
const runHere = (one: Editor, path: string, ...rest: readonly unknown[]) =>
  command<HereJson>(one, "flow.runHere", one.uri(path), ...rest);

const orders = `source orders: Order { kafka { topic: "orders", brokers: ["kafka:9092"] } }
type Order { id: string, total: int }
step large from orders { filter data.total > 10 }
sink out from large { http { url: "https://example.com", headers: { key: secret("api", "key") } } }

test "large orders pass" {
  orders at 0s { id: "a", total: 5 }
  orders at 1s { id: "b", total: 50 }
  expect large [{ id: "b", total: 50 }]
}

test "small ones do not" {
  orders at 0s { id: "a", total: 5 }
  advance 2s
  expect nothing from large
}
`;

it("runs the tests of a text that was never saved, and says where which differ from what was expected", async () => {
  const here = await editor();
  here.open("a.flow", orders);
  const first = await runTests(here, "a.flow", null);
  expect(first.tests.map(({ name, status, virtualMs }) => [name, status, virtualMs])).toEqual([
    ["large orders pass", "passed", 0],
    ["small ones do not", "passed", 2000],
  ]);
  here.change("a.flow", "> 10", "> 100");
  const [failed] = (await runTests(here, "a.flow", ["large orders pass"])).tests;
  expect(failed?.status).toBe("failed");
  expect(failed?.messages.map(({ range }) => here.at("a.flow", range))).toEqual([
    'expect large [{ id: "b", total: 50 }]',
  ]);
  expect(failed?.messages[0]).toMatchObject({ expected: '{ id: "b", total: 50 }', actual: "" });
  expect(failed?.messages[0]?.message).toContain("'large' gave nothing, and should have given 1 event.");
  here.change("a.flow", "{ filter data.total > 100 }", "{ set data.total = 7 }");
  const [different] = (await runTests(here, "a.flow", ["large orders pass"])).tests;
  expect(different?.messages[0]?.actual).toContain("total: 7");
});

it("says where the tests stand, in a broken file too, and why nothing runs there", async () => {
  const here = await editor();
  here.open("a.flow", orders.replace("data.total > 10", "data.totl >"));
  const tests = await command<{ name: string; range: Parameters<Editor["at"]>[1] }[]>(
    here,
    "flow.tests",
    here.uri("a.flow"),
  );
  expect(tests.map(({ name, range }) => [name, here.at("a.flow", range).split("\n").length])).toEqual([
    ["large orders pass", 5],
    ["small ones do not", 5],
  ]);
  const { problem } = await runTests(here, "a.flow", null);
  expect(problem).toContain("The file has errors. Line 3:");
});

it("tells of each test as it begins and ends", async () => {
  const here = await editor();
  here.open("a.flow", orders);
  await runTests(here, "a.flow", null, { partialResultToken: "run-1" });
  const told = here.client.received.flatMap(({ method, params }) => {
    const { token, value } = (params ?? {}) as { token?: string; value?: { began?: string; ended?: TestJson } };
    return method === "$/progress" && token === "run-1" && value
      ? [value.began ?? [value.ended?.name, value.ended?.status]]
      : [];
  });
  expect(told).toEqual([
    "large orders pass",
    ["large orders pass", "passed"],
    "small ones do not",
    ["small ones do not", "passed"],
  ]);
});

/** Each element of a list has the list again as its own, and so on: work that no run would ever come to the end of. */
const endless = `source a { memory {} }
step b from a { ${"expand lists.range(1000)\n".repeat(6)} }
sink c from b { stdout {} }
test "never ends" { a at 0s {}
  expect nothing from b }
test "ends" { expect nothing from b }
`;

it("answers others while a test goes on and on, and ends with it when it is cancelled", async () => {
  const here = await editor();
  here.open("heavy.flow", endless);
  here.open("a.flow", orders);
  const began = here.client.next(
    "$/progress",
    ({ value }: { value: { began?: string } }) => value.began === "never ends",
  );
  const run = here.client.start("workspace/executeCommand", {
    command: "flow.runTests",
    arguments: [here.uri("heavy.flow"), null, { partialResultToken: 1 }],
  });
  await began;
  expect(await here.request("textDocument/documentSymbol", { textDocument: { uri: here.uri("a.flow") } })).not.toEqual(
    [],
  );
  here.client.notify("$/cancelRequest", { id: run.id });
  const { result } = await run.answer;
  expect((result as { tests: readonly TestJson[] }).tests.map(({ status }) => status)).toEqual(["skipped", "skipped"]);
  expect((await runTests(here, "a.flow", null)).tests.map(({ status }) => status)).toEqual(["passed", "passed"]);
});

it("stops a test that does not end, says so at its title, and goes on with the next", async () => {
  const here = await editor();
  here.open("heavy.flow", endless);
  const { tests } = await runTests(here, "heavy.flow", null);
  expect(tests.map(({ name, status }) => [name, status])).toEqual([
    ["never ends", "error"],
    ["ends", "passed"],
  ]);
  expect(tests[0]?.messages[0]?.message).toMatch(/stopped after 10 seconds|more than 512 MB of memory/);
  expect(here.at("heavy.flow", tests[0]!.messages[0]!.range)).toBe('"never ends"');
}, 60_000);

it("runs a pipeline on records made up from its type, and says at each node what came out", async () => {
  const here = await editor();
  here.open("a.flow", orders.replace("> 10", "> 8"));
  const { from, nodes, problems } = await runHere(here, "a.flow");
  expect(problems).toEqual([]);
  expect(from).toEqual([{ node: "orders", from: "made up", records: 10 }]);
  expect(nodes.map(({ node, cameIn, outputs }) => [node, cameIn, outputs[0]?.count])).toEqual([
    ["orders", 10, 10],
    ["large", 10, 2],
    ["out", 2, 2],
  ]);
  expect(nodes.map(({ at }) => here.at("a.flow", at.range))).toEqual(["orders", "large", "out"]);
  expect(nodes[2]?.outputs[0]?.first.map(({ text }) => text)).toEqual([
    '{"id":"id-3","total":9}',
    '{"id":"id-1","total":10}',
  ]);
});

it("takes the records of a local file, of `memory`, and of a test that is named; bad events are among what came out", async () => {
  const here = await editor({ "in.ndjson": '{"n":1}\nnonsense\n{"n":3}\n', "in.csv": "n\n4\n5\n" });
  here.open(
    "a.flow",
    `source a { file { path: "in.ndjson" } }
source m { memory { events: [{ n: 7 }] } }
source c: Row { file { path: "in.csv" }
  format csv }
type Row { n: int }
step all from a, m, c { set data.n = data.n * 2 }
sink out from all { stdout {} }
test "one" { a at 0s { n: 100 } }
`,
  );
  const { from, nodes } = await runHere(here, "a.flow");
  expect(from).toEqual([
    { node: "a", from: "file", uri: here.uri("in.ndjson"), records: 3 },
    { node: "m", from: "memory" },
    { node: "c", from: "file", uri: here.uri("in.csv"), records: 3 },
  ]);
  const first = (node: string, output: string) =>
    nodes
      .find((one) => one.node === node)
      ?.outputs.find((one) => one.output === output)
      ?.first.map(({ text }) => text);
  expect(first("all", "main")?.toSorted()).toEqual(['{"n":10}', '{"n":14}', '{"n":2}', '{"n":6}', '{"n":8}']);
  expect(first("a", "errors")?.[0]).toContain("nonsense");
  const named = await runHere(here, "a.flow", { test: "one" });
  expect(named.from).toEqual([{ test: "one" }]);
  expect(named.nodes.at(-1)?.outputs[0]?.first).toEqual([{ text: '{"n":200}', timeMs: 0 }]);
});

it("reads no secret and opens no connection: sources have samples, sinks are looked at", async () => {
  let requests = 0;
  const server = createServer((_, response) => {
    requests++;
    response.end();
  });
  await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
  const { port } = server.address() as AddressInfo;
  const here = await editor();
  here.open(
    "a.flow",
    `type Hit { path: string }
source hits: Hit { http { port: ${port} } }
sink out from hits { http { url: "http://127.0.0.1:${port}", headers: { authorization: secret("nobody", "has-it") } } }
`,
  );
  const { problem, nodes } = await runHere(here, "a.flow");
  server.close();
  expect(problem).toBeUndefined();
  expect(nodes.map(({ node, cameIn }) => [node, cameIn])).toEqual([
    ["hits", 10],
    ["out", 10],
  ]);
  expect(requests).toBe(0);
});

it("makes up records that fit any type, the same ones each time", async () => {
  const here = await editor();
  here.open(
    "a.flow",
    `|type Place { name: string, within?: Place }
type All {
  b: bool, i: int, u: uint, d: double, s: string, raw: bytes, at: timestamp, took: duration
  side: "buy" | "sell" | null, tags: [string], more: {string: [Place]}, place: Place, free: any, note?: string
}
source a: All { stdin {}
  time data.at
  watermark 0s }
window w from a { key data.side
  fixed 5s
  emit { side: key, n: count() } }
sink out from w { stdout {} }
`,
  );
  const { problem, problems, nodes } = await runHere(here, "a.flow");
  expect([problem, problems]).toEqual([undefined, []]);
  expect(nodes.map(({ node, outputs }) => [node, outputs.map(({ output, count }) => `${count} ${output}`)])).toEqual([
    ["a", ["10 main"]],
    ["w", ["6 main"]],
    ["out", ["6 main"]],
  ]);
  expect((await runHere(here, "a.flow")).nodes).toEqual(nodes);
});
