/** Chunks at the sinks that take them whole: a file each, a request each. */
import { mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { createServer, type IncomingHttpHeaders } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { afterEach, beforeEach, describe, expect, it, onTestFinished } from "vitest";
import { builtInConnectors } from "../../runtime/connectors/index.ts";
import { memoryBroker } from "../../runtime/connectors/memory.ts";
import { temporaryDirectory } from "../../runtime/connectors/open-context.fixture.ts";
import { settle } from "../../runtime/engine/clock.ts";
import { type Run, runPipeline } from "../../runtime/engine/run.ts";
import { MemoryStore } from "../../runtime/state/memory-store.ts";
import { stageOf } from "../support/drive-flow.ts";

let directory: ReturnType<typeof temporaryDirectory>;
beforeEach(() => {
  directory = temporaryDirectory();
});
afterEach(() => directory.remove());

const at = (name: string) => join(directory.path, name);
const text = (name: string) => readFileSync(at(name), "utf8");
const lines = (...events: readonly unknown[]) => events.map((event) => `${JSON.stringify(event)}\n`).join("");
const put = (...events: readonly unknown[]) => writeFileSync(at("in.ndjson"), lines(...events));
/** The folder's files, with what is in them. */
const files = (folder: string) =>
  Object.fromEntries(
    readdirSync(at(folder))
      .sort()
      .map((name) => [name, text(join(folder, name))]),
  );

function run(flow: string, state?: MemoryStore, broker = memoryBroker()): Run {
  return runPipeline(stageOf(flow), {
    connectors: builtInConnectors(broker.connector),
    baseDirectory: directory.path,
    deadLetter: { type: "file", options: { path: "bad.ndjson", append: true } },
    random: () => 0,
    log: { info: () => {}, warn: () => {} },
    ...(state === undefined
      ? {}
      : { state: { store: state, id: "test", everyMs: Number.POSITIVE_INFINITY, onlyWhenAsked: true } }),
  });
}

const flow = (chunk: string, sink: string, between = "") =>
  `source a { file { path: "in.ndjson" } } chunk c from a { ${chunk} } ${between} sink out from ${between === "" ? "c" : "s"} { ${sink} }`;

describe("a file for each chunk", () => {
  it("has the chunk's key for its name, and later chunks of a key are numbered, as if capital letters were none", async () => {
    put({ k: "a", x: 1 }, { k: "b", x: 2 }, { k: "a", x: 3 }, { k: "A", x: 4 }, { k: "a", x: 5 });
    await run(flow("key data.k size 2", 'file { path: "out/{key}.ndjson" }')).done;
    expect(files("out")).toEqual({
      "A~2.ndjson": lines({ k: "A", x: 4 }),
      "a.ndjson": lines({ k: "a", x: 1 }, { k: "a", x: 3 }),
      "a~3.ndjson": lines({ k: "a", x: 5 }),
      "b.ndjson": lines({ k: "b", x: 2 }),
    });
  });
  it("has the chunk's id for its name, and is replaced when the chunk comes again", async () => {
    put(1, 2, 3);
    await run(flow("size 2", 'file { path: "out/{chunk}" }')).done;
    const before = files("out");
    expect(before).toEqual({ "c%2F%2Fin.ndjson%3A0": lines(1, 2), "c%2F%2Fin.ndjson%3A4": lines(3) });
    await run(flow("size 2", 'file { path: "out/{chunk}" }')).done;
    expect(files("out")).toEqual(before);
  });
  it("stays in its folder, whatever the key is", async () => {
    put({ k: "../x" }, { k: ".." }, { k: "" }, { k: "a/b" });
    await run(flow("key data.k size 1", 'file { path: "out/{key}" }')).done;
    expect(Object.keys(files("out"))).toEqual(["%", "%2E%2E", "..%2Fx", "a%2Fb"]);
    expect(readdirSync(directory.path).sort()).toEqual(["in.ndjson", "out"]);
  });
  it("may be in a folder of its own, and be compressed", async () => {
    put({ k: "a" }, { k: "b" });
    await run(flow("key data.k size 1", 'file { path: "{key}/{{all}}.ndjson.gz" }')).done;
    expect(gunzipSync(readFileSync(at("a/{all}.ndjson.gz"))).toString()).toBe(lines({ k: "a" }));
    expect(gunzipSync(readFileSync(at("b/{all}.ndjson.gz"))).toString()).toBe(lines({ k: "b" }));
  });
  it("has a csv header of its own, by its own columns", async () => {
    put({ k: "a", x: 1 }, { k: "a", x: 2 }, { k: "b", y: 3 });
    await run(flow("key data.k size 2", 'file { path: "out/{key}.csv" } format csv')).done;
    expect(files("out")).toEqual({ "a.csv": "k,x\na,1\na,2\n", "b.csv": "k,y\nb,3\n" });
  });
  it("is not there for a chunk of which nothing came", async () => {
    put({ k: "a", x: 1 }, { k: "b", x: 2 });
    await run(flow("key data.k size 1", 'file { path: "out/{key}" }', "step s from c { filter data.x == 2 }")).done;
    expect(files("out")).toEqual({ b: lines({ k: "b", x: 2 }) });
  });
  it("is larger than a block", async () => {
    const events = Array.from({ length: 5_000 }, (_, x) => ({ x, text: "x".repeat(100) }));
    put(...events);
    await run(flow("size 4000", 'file { path: "out/{chunk}" }')).done;
    expect(Object.values(files("out")).sort()).toEqual(
      [lines(...events.slice(0, 4_000)), lines(...events.slice(4_000))].sort(),
    );
  });
  it("takes the place of a link, and never of a folder", async () => {
    put({ k: "a" });
    mkdirSync(at("out"));
    writeFileSync(at("mine"), "mine");
    symlinkSync(at("mine"), at("out/a"));
    await run(flow("key data.k size 1", 'file { path: "out/{key}" }')).done;
    expect([files("out"), text("mine")]).toEqual([{ a: lines({ k: "a" }) }, "mine"]);
    put({ k: "b" });
    mkdirSync(at("out/b"));
    await expect(run(flow("key data.k size 1", 'file { path: "out/{key}" }')).done).rejects.toThrow(
      /is there and is no file/,
    );
  });
  it("that cannot be written ends the run and leaves nothing half written", async () => {
    put({ k: "a" });
    writeFileSync(at("out"), "mine");
    await expect(run(flow("key data.k size 1", 'file { path: "out/{key}" }')).done).rejects.toThrow(
      /'out' cannot write the file 'out\/a'/,
    );
    expect(text("out")).toBe("mine");
  });
  it("is whole also where a chunk of its events ends in the middle of it", async () => {
    put(1, 2, 3, 4);
    await run(`source a { file { path: "in.ndjson" } } chunk c from a { size 3 } chunk d from c { size 2 }
      sink out from c, d { file { path: "out/{chunk}" } }`).done;
    expect(files("out")).toEqual({
      "c%2F%2Fin.ndjson%3A0": lines(1, 2, 3),
      "c%2F%2Fin.ndjson%3A6": lines(4),
      "d%2F%2Fin.ndjson%3A0": lines(1, 2),
      "d%2F%2Fin.ndjson%3A4": lines(3, 4),
    });
  });
  it("removes what a killed run had begun to write", async () => {
    put({ k: "a" });
    mkdirSync(at("out"));
    writeFileSync(at("out/.b.99999999.chunk.partial"), "half");
    await run(flow("key data.k size 1", 'file { path: "out/{key}" }')).done;
    expect(readdirSync(at("out"))).toEqual(["a"]);
  });
  it("is the same after a crash as without one, the numbers of a key's chunks too", async () => {
    const events = Array.from({ length: 40 }, (_, x) => ({ k: x % 3 === 0 ? "a" : "b", x }));
    const program =
      'source a { memory {} } chunk c from a { key data.k size 4 } sink out from c { file { path: "OUT/{key}.ndjson" } }';
    const begin = (folder: string, from: number, to: number, state?: MemoryStore) => {
      const broker = memoryBroker();
      const input = broker.input("a");
      const send = (first: number, end: number) => {
        for (let x = first; x < end; x++)
          input.push({ bytes: new TextEncoder().encode(JSON.stringify(events[x])), position: `p${x}` });
      };
      send(from, to);
      return { running: run(program.replace("OUT", folder), state, broker), send, input };
    };
    const whole = begin("whole", 0, 40);
    whole.input.end();
    await whole.running.done;
    const store = new MemoryStore();
    const first = begin("parts", 0, 17, store);
    await settle();
    await first.running.checkpoint();
    // These are in files, but in no checkpoint.
    first.send(17, 31);
    await settle();
    await new Promise((resolve) => setTimeout(resolve, 50));
    first.running.stop();
    first.running.stop();
    await first.running.done.catch(() => {});
    const second = begin("parts", 17, 40, store);
    second.input.end();
    await second.running.done;
    expect(files("parts")).toEqual(files("whole"));
    expect(Object.keys(files("whole"))).toHaveLength(11);
  });
  it("is refused where events come that are in no chunk", async () => {
    put(1);
    const config = stageOf(flow("size 1", 'file { path: "x" }'));
    const nodes = config.nodes.map((node) =>
      node.kind === "sink"
        ? {
            ...node,
            from: [{ node: "a", output: "main" as const }],
            connector: { type: "file", options: { path: "{chunk}" } },
          }
        : node,
    );
    const running = runPipeline(
      { ...config, nodes },
      { connectors: builtInConnectors(), baseDirectory: directory.path },
    );
    await expect(running.done).rejects.toThrow("'out' writes a file for each chunk, but 'a' gives single events.");
  });
});

it("chunks without a place for them in the path flow into the one file, each whole", async () => {
  put({ k: "a", x: 1 }, { k: "b", x: 1 }, { k: "a", x: 2 }, { k: "b", x: 2 });
  await run(flow("key data.k size 2", 'file { path: "out.ndjson" }')).done;
  expect(text("out.ndjson")).toBe(lines({ k: "a", x: 1 }, { k: "a", x: 2 }, { k: "b", x: 1 }, { k: "b", x: 2 }));
});

interface Received {
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

async function serve(
  answer: (count: number) => number,
): Promise<{ readonly url: string; readonly received: Received[] }> {
  const received: Received[] = [];
  const server = createServer((request, response) => {
    const parts: Buffer[] = [];
    request.on("data", (part: Buffer) => parts.push(part));
    request.on("end", () => {
      const count = received.push({ headers: request.headers, body: Buffer.concat(parts).toString() });
      response.writeHead(answer(count)).end(answer(count) < 300 ? "" : "no thanks");
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/bulk`, received };
}

describe("a request for each chunk", () => {
  it("has a JSON array for its body, and the chunk's id in a header", async () => {
    const { url, received } = await serve(() => 204);
    put({ k: "é", x: 1 }, { k: "b", x: 2 }, { k: "é", x: 3 });
    await run(flow("key data.k size 2", `http { url: "${url}" }`)).done;
    expect(received.map(({ headers, body }) => [headers["content-type"], headers["flow-chunk-id"], body])).toEqual([
      ["application/json", "c/%22%C3%A9%22/in.ndjson:0", '[{"k":"é","x":1},{"k":"é","x":3}]'],
      ["application/json", "c/%22b%22/in.ndjson:17", '[{"k":"b","x":2}]'],
    ]);
  });
  it.each([
    ["lines", "text/plain; charset=utf-8", "1\n2\n"],
    ['csv { columns: ["x"] }', "text/csv; charset=utf-8", "x\n1\n2\n"],
  ])("of format %s has its lines", async (format, type, body) => {
    const { url, received } = await serve(() => 200);
    put("1", "2");
    const map = format === "lines" ? "map data" : "map { x: data }";
    await run(flow("size 2", `http { url: "${url}" } format ${format}`, `step s from c { ${map} }`)).done;
    expect(received.map((one) => [one.headers["content-type"], one.body])).toEqual([[type, body]]);
  });
  it("of CloudEvents is a batch", async () => {
    const { url, received } = await serve(() => 200);
    put(1, 2);
    await run(flow("size 2", `http { url: "${url}" } format cloudevents { mode: structured }`)).done;
    expect(received[0]?.headers["content-type"]).toBe("application/cloudevents-batch+json");
    expect(JSON.parse(received[0]?.body ?? "")).toMatchObject([
      { specversion: "1.0", id: "in.ndjson:0", data: 1 },
      { specversion: "1.0", id: "in.ndjson:2", data: 2 },
    ]);
  });
  it("is sent again as a whole, with the same id", async () => {
    const { url, received } = await serve((count) => (count === 1 ? 503 : 200));
    put(1, 2, 3);
    await run(flow("size 2", `http { url: "${url}" } retry 3 backoff 1ms..2ms`)).done;
    expect(received.map(({ headers, body }) => [headers["flow-chunk-id"], body])).toEqual([
      ["c//in.ndjson:0", "[1,2]"],
      ["c//in.ndjson:0", "[1,2]"],
      ["c//in.ndjson:4", "[3]"],
    ]);
  });
  it("is refused as a whole: each of its events is bad", async () => {
    const { url } = await serve((count) => (count === 1 ? 400 : 200));
    put(1, 2, 3);
    const { bad } = await run(flow("size 2", `http { url: "${url}" }`)).done.then(() => ({ bad: text("bad.ndjson") }));
    const letters = bad
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line));
    expect(letters.map(({ node, text, position }) => [node, text, position])).toEqual([
      ["out", "1", "in.ndjson:0"],
      ["out", "2", "in.ndjson:2"],
    ]);
    expect(letters[0].reason).toMatch(/was answered 400.*no thanks/);
  });
  it("holds nothing that a window behind the chunk gives meanwhile", async () => {
    const { url, received } = await serve(() => 200);
    put(1, 2);
    await run(`source a { file { path: "in.ndjson" } } chunk c from a { size 2 } window w from c { count 1 emit { n: count() } }
      sink out from c, w { http { url: "${url}", concurrency: 1 } }`).done;
    expect(received.map(({ body }) => body).sort()).toEqual(["[1,2]", '{"n":1}', '{"n":1}']);
  });
  it("is not made for events in no chunk, which go one by one", async () => {
    const { url, received } = await serve(() => 200);
    put(1, 2);
    const both = `source a { file { path: "in.ndjson" } } chunk c from a { size 2 } sink out from c, a { http { url: "${url}", concurrency: 1 } }`;
    await run(both).done;
    expect(received.map(({ body }) => body)).toEqual(["1", "[1,2]", "2"]);
  });
});
