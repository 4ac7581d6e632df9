/** Whole runs of small plans over real files and sockets: what connectors, formats and engine promise together. */
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { gunzipSync, gzipSync } from "node:zlib";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { ConnectorPlan, FormatPlan, RuntimeConfig } from "../../compiler/contract/runtime-config.ts";
import type { ValueType } from "../../compiler/contract/value-type.ts";
import { builtInConnectors } from "../../runtime/connectors/index.ts";
import { temporaryDirectory } from "../../runtime/connectors/open-context.fixture.ts";
import { type Run, runPipeline } from "../../runtime/engine/run.ts";

let directory: ReturnType<typeof temporaryDirectory>;
beforeEach(() => {
  directory = temporaryDirectory();
});
afterEach(() => directory.remove());

const at = (name: string) => join(directory.path, name);
const text = (name: string) => readFileSync(at(name), "utf8");
const json: FormatPlan = { type: "json", options: {} };
const file = (path: string, options: ConnectorPlan["options"] = {}): ConnectorPlan => ({
  type: "file",
  options: { path, ...options },
});

interface Plan {
  readonly from: ConnectorPlan;
  readonly fromFormat?: FormatPlan;
  readonly type?: ValueType;
  readonly to: ConnectorPlan;
  readonly toFormat?: FormatPlan;
}

/** A pipeline that copies, with its dead letter in `bad.ndjson`. */
function run(plan: Plan, listening: (url: string) => void = () => {}): Run {
  const config: RuntimeConfig = {
    apiVersion: "dataflow.argoproj.io/runtime/v1alpha1",
    pipeline: "shop",
    stage: "shop",
    delivery: "at_least_once",
    errors: { policy: "dead_letter", connector: file("bad.ndjson") },
    types: {},
    tables: [],
    nodes: [
      {
        kind: "source",
        name: "orders",
        at: "shop.flow:1:1",
        connector: plan.from,
        format: plan.fromFormat ?? json,
        ...(plan.type && { type: plan.type }),
      },
      {
        kind: "sink",
        name: "out",
        at: "shop.flow:2:1",
        from: [{ node: "orders", output: "main" }],
        connector: plan.to,
        format: plan.toFormat ?? json,
        retry: { count: 3, backoffMs: [1, 2], else: "dead_letter" },
      },
    ],
  };
  return runPipeline(config, {
    connectors: builtInConnectors(),
    baseDirectory: directory.path,
    log: { info: (fields) => listening(String(fields.url)), warn: () => {} },
  });
}

const badLines = () =>
  text("bad.ndjson")
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line) as Record<string, string>);

describe("files through the engine", () => {
  it("copies what nothing touches byte for byte, through globs, gzip and a missing last line end", async () => {
    writeFileSync(at("a.ndjson"), '{"b":1.0, "a":12345678901234567890}\r\n\n{"1":1e5}');
    writeFileSync(at("b.ndjson.gz"), Buffer.concat([gzipSync('{"x":1}\n{"y"'), gzipSync(":2}\n")]));
    await run({ from: file("*.ndjson*"), to: file("out.gz") }).done;
    expect(gunzipSync(readFileSync(at("out.gz"))).toString()).toBe(
      '{"b":1.0, "a":12345678901234567890}\n{"1":1e5}\n{"x":1}\n{"y":2}\n',
    );
  });

  it("keeps bad records with their byte positions, a byte order mark counted", async () => {
    writeFileSync(
      at("in"),
      Buffer.concat([
        Buffer.from('\uFEFF{"id":1}\nnot json\n'),
        Buffer.from([0x22, 0xff, 0x22, 0x0a]),
        Buffer.from("2\n"),
      ]),
    );
    await run({ from: file("in"), to: file("out") }).done;
    expect(text("out")).toBe('{"id":1}\n2\n');
    expect(badLines()).toMatchObject([
      { node: "orders", position: "in:12", text: "not json" },
      { node: "orders", position: "in:21", base64: "Iv8i" },
    ]);
  });

  it("reads csv by the declared type and writes csv, a bad row going to the dead letter", async () => {
    writeFileSync(at("a.csv"), 'id,note\n1,"two\nlines"\nx,bad\n9007199254740993,é\n');
    writeFileSync(at("b.csv"), "note,id\nlast,4\n");
    const type: ValueType = { kind: "record", fields: [{ name: "id", type: { kind: "int" }, optional: false }] };
    const csv: FormatPlan = { type: "csv", options: { separator: ",", header: true } };
    await run({
      from: file("*.csv"),
      fromFormat: csv,
      type,
      to: file("out"),
      toFormat: { type: "csv", options: { separator: ";" } },
    }).done;
    expect(text("out")).toBe('id;note\n1;"two\nlines"\n9007199254740993;é\n4;last\n');
    expect(badLines()).toMatchObject([
      { position: "a.csv:22", text: "x,bad", reason: "The field 'id' is \"x\", which is not an int." },
    ]);
  });

  it("writes no second header when it appends to a csv file", async () => {
    writeFileSync(at("in"), '{"a":1}\n');
    const plan: Plan = { from: file("in"), to: file("out", { append: true }), toFormat: { type: "csv", options: {} } };
    await run(plan).done;
    await run(plan).done;
    expect(text("out")).toBe("a\n1\n1\n");
  });

  it("gives plain records the same CloudEvent ids in every run, and takes structured ones with their own", async () => {
    writeFileSync(at("in"), '{"n":1}\n{"n":2}\n');
    const cloudevents: FormatPlan = { type: "cloudevents", options: { mode: "structured" } };
    await run({ from: file("in"), to: file("first"), toFormat: cloudevents }).done;
    await run({ from: file("in"), to: file("second"), toFormat: cloudevents }).done;
    expect(text("second")).toBe(text("first"));
    const events = text("first")
      .trimEnd()
      .split("\n")
      .map((line) => JSON.parse(line));
    expect(events).toMatchObject([
      { specversion: "1.0", id: "in:0", source: "/shop/orders", data: { n: 1 } },
      { specversion: "1.0", id: "in:8", source: "/shop/orders", data: { n: 2 } },
    ]);
    await run({ from: file("first"), fromFormat: cloudevents, to: file("third"), toFormat: cloudevents }).done;
    expect(
      text("third")
        .trimEnd()
        .split("\n")
        .map((line) => JSON.parse(line)),
    ).toEqual(events);
  });

  it("leaves nothing behind when the input fails in the middle", async () => {
    const whole = gzipSync(Buffer.from(Array.from({ length: 200_000 }, (_, i) => `${(i * 7919) % 1000}\n`).join("")));
    writeFileSync(at("in.gz"), whole.subarray(0, whole.length - 100));
    await expect(run({ from: file("in.gz"), to: file("out") }).done).rejects.toThrow("ends in the middle");
    expect(readdirSync(directory.path)).toEqual(["in.gz"]);
  });

  it("says which file is missing before anything is written", async () => {
    await expect(run({ from: file("none"), to: file("out") }).done).rejects.toThrow(
      "There is no file 'none' for 'orders' to read.",
    );
    expect(readdirSync(directory.path)).toEqual([]);
  });
});

describe("HTTP through the engine", () => {
  const httpSource: ConnectorPlan = {
    type: "http",
    options: { port: 0, host: "127.0.0.1", path: "/", max_body: 100_000 },
  };

  async function started(plan: Omit<Plan, "from">): Promise<{ readonly run: Run; readonly url: string }> {
    return new Promise((resolve, reject) => {
      const running: { run?: Run } = {};
      const made = run({ ...plan, from: httpSource }, (url) => setImmediate(() => resolve({ run: running.run!, url })));
      running.run = made;
      made.done.catch(reject);
    });
  }

  const post = (url: string, body: string, headers: Record<string, string> = {}) =>
    fetch(url, { method: "POST", body, headers });

  it("answers 202 when the event is in the file, and when it is in the dead letter", async () => {
    const type: ValueType = { kind: "record", fields: [{ name: "id", type: { kind: "int" }, optional: false }] };
    const { run: running, url } = await started({ type, to: file("out", { append: true }) });
    expect((await post(url, '{"id":1}')).status).toBe(202);
    expect(text("out")).toBe('{"id":1}\n');
    expect((await post(url, '{"id":"x"}')).status).toBe(202);
    expect((await post(url, "{")).status).toBe(400);
    running.stop();
    await running.done;
    expect(badLines()).toMatchObject([{ node: "orders", text: '{"id":"x"}' }]);
  });

  it("keeps the id, the source and the type of a CloudEvent posted to a source of json", async () => {
    const { run: running, url } = await started({
      to: file("out"),
      toFormat: { type: "cloudevents", options: { mode: "structured" } },
    });
    const headers = {
      "ce-specversion": "1.0",
      "ce-id": "7",
      "ce-source": "/a",
      "ce-type": "t",
      "content-type": "application/json",
    };
    const structured = '{"specversion":"1.0","id":"8","source":"/a","type":"t","data":{"n":1}}';
    expect((await post(url, '{"n":1}', headers)).status).toBe(202);
    expect((await post(url, structured, { "content-type": "application/cloudevents+json" })).status).toBe(202);
    running.stop();
    await running.done;
    expect(
      text("out")
        .trimEnd()
        .split("\n")
        .map((line) => JSON.parse(line)),
    ).toMatchObject([
      { id: "7", source: "/a", type: "t", data: { n: 1 } },
      { id: "8", source: "/a", type: "t", data: { n: 1 } },
    ]);
  });

  it("puts a CloudEvent of several lines on one line of a file", async () => {
    const format: FormatPlan = { type: "cloudevents", options: { mode: "structured" } };
    const { run: running, url } = await started({ fromFormat: format, to: file("out"), toFormat: format });
    const event = '{"specversion":"1.0","source":"/a",\n"type":"t","id":"8","data":{\n"b":1.0,"a":1}}';
    expect((await post(url, event, { "content-type": "application/cloudevents+json" })).status).toBe(202);
    running.stop();
    await running.done;
    expect(text("out")).toBe(`${event.replaceAll("\n", "")}\n`);
  });

  it("sends to a server that refuses some events and fails at first, losing none", async () => {
    const taken: string[] = [];
    let failures = 2;
    const server = createServer(async (request, response) => {
      let body = "";
      for await (const chunk of request) body += String(chunk);
      const status = body === "3" ? 422 : failures-- > 0 ? 503 : 200;
      if (status === 200) taken.push(body);
      response.writeHead(status).end("no");
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const { port } = server.address() as AddressInfo;
    writeFileSync(at("in"), Array.from({ length: 1000 }, (_, i) => `${i}\n`).join(""));
    const options = { url: `http://127.0.0.1:${port}/`, method: "POST", concurrency: 8, timeout: 10_000 };
    await run({ from: file("in"), to: { type: "http", options } }).done;
    server.closeAllConnections();
    server.close();
    expect(taken.map(Number).sort((a, b) => a - b)).toEqual(
      Array.from({ length: 1000 }, (_, i) => i).filter((i) => i !== 3),
    );
    expect(badLines()).toMatchObject([{ node: "out", text: "3", reason: expect.stringContaining("was answered 422") }]);
  });
});
