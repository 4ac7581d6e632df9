/** `flow run`, `worker`, `lag` and `deadletter` as processes, on a real broker. */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { bootstrap, newName, newTopic, produce, readAll } from "./broker.ts";

const folder = mkdtempSync(join(tmpdir(), "flow-kafka-"));
const running = new Set<ChildProcess>();
afterAll(() => {
  for (const child of running) child.kill("SIGKILL");
  rmSync(folder, { recursive: true, force: true });
});

function start(...words: string[]): ChildProcess {
  const child = spawn(process.execPath, [resolve("compiler/cli/main.ts"), ...words], {
    cwd: folder,
    stdio: ["ignore", "pipe", "pipe"],
  });
  running.add(child);
  child.once("exit", () => running.delete(child));
  return child;
}

/** Until it ends. */
async function flow(...words: string[]) {
  const child = start(...words);
  const [out, err] = [textOf(child.stdout!), textOf(child.stderr!)];
  const [code] = await once(child, "close");
  return { out: out(), err: err(), code: Number(code) };
}

function textOf(stream: NodeJS.ReadableStream): () => string {
  const parts: Buffer[] = [];
  stream.on("data", (part: Buffer) => parts.push(part));
  return () => Buffer.concat(parts).toString("utf8");
}

/** SIGTERM once the topic has so many records. */
async function stopWhen(child: ChildProcess, topic: string, count: number) {
  const err = textOf(child.stderr!);
  const closed = once(child, "close");
  while ((await readAll(topic, "read_committed")).length < count) {
    if (child.exitCode !== null) throw new Error(err());
  }
  child.kill("SIGTERM");
  const [code] = await closed;
  return { code: Number(code), err: err() };
}

interface Topics {
  readonly pipeline: string;
  readonly file: string;
  readonly input: string;
  readonly output: string;
}

const hourMs = 3_600_000;

/** From a topic with three good records and a bad one, all an hour old, into another. */
async function pipeline(): Promise<Topics> {
  const [input, output] = await Promise.all([newTopic(2), newTopic(2)]);
  const name = newName("flow").replaceAll("-", "_");
  const file = `${name}.flow`;
  writeFileSync(
    join(folder, file),
    `pipeline ${name} { kafka { brokers: ["${bootstrap()}"] } }
type Order { id: int, total: int }
source orders: Order { kafka { topic: "${input}" } }
step large from orders { filter data.total > 10 }
sink out from large { kafka { topic: "${output}", key: string(data.id), headers: { kind: "large" } } }
`,
  );
  const timestampMs = Date.now() - hourMs;
  const record = (value: string, key: string) => ({ partition: 0, key, value, headers: { trace: key }, timestampMs });
  await produce(input, [
    record('{"id":1,"total":20}', "a"),
    record("not json", "b"),
    record('{"id":2,"total":5}', "c"),
    record('{"id":3,"total":30}', "d"),
  ]);
  return { pipeline: name.replaceAll("_", "-"), file, input, output };
}

const keysIn = async (topic: string) => (await readAll(topic)).map(({ key }) => String(key)).sort();

describe.each(["native", "kafkajs"])("with the client %s", (client) => {
  it("runs from topic to topic and goes on where it was stopped", async () => {
    const { file, output, input } = await pipeline();
    const first = await stopWhen(start("run", file, "--kafka-client", client, "--stats", "json"), output, 2);
    expect(first.code, first.err).toBe(0);
    await produce(input, [{ partition: 1, key: "e", value: '{"id":4,"total":40}' }]);
    const second = await stopWhen(start("run", file, "--kafka-client", client, "--stats", "json"), output, 3);
    expect(second.code, second.err).toBe(0);
    expect(await keysIn(output)).toEqual(["1", "3", "4"]);
    expect(second.err).toContain('"eventsIn":1,');
  });

  it("lists what went wrong in a stage, writes it back once, and says how far it is behind", async () => {
    const { file, output, input, pipeline: name } = await pipeline();
    expect((await flow("compile", file)).code).toBe(0);
    const config = join(`${name}.runtime`, "orders-large-out.json");
    const worker = await stopWhen(start("worker", config, "--kafka-client", client, "-q"), output, 2);
    expect(worker.code, worker.err).toBe(0);

    const lag = JSON.parse((await flow("lag", file, "--format", "json")).out);
    expect(lag).toMatchObject([
      { stage: "orders-large-out", group: `argo.${name}.orders-large-out`, lag: 0, members: 0 },
    ]);

    const list = async () => (await flow("deadletter", "list", file, "--kafka-client", client, "--format", "json")).out;
    const bad = JSON.parse(await list());
    expect(bad).toMatchObject({
      node: "orders",
      position: `${input}/0/1`,
      key: "b",
      headers: { trace: "b" },
      text: "not json",
      replayed: false,
    });
    expect((await flow("deadletter", "replay", file, "--dry-run")).err).toContain(`would be replayed to '${input}'`);
    const replay = await flow("deadletter", "replay", file, "--kafka-client", client);
    expect([replay.err, replay.code]).toEqual([
      `1 bad record of argo.${name}-dead-letter replayed to '${input}'.\n`,
      0,
    ]);
    expect(await list()).toBe("");
    await flow("deadletter", "replay", file, "--kafka-client", client);
    const back = (await readAll(input)).filter(({ key }) => String(key) === "b");
    expect(back.map(({ partition, value, headers }) => [partition, String(value), String(headers?.trace)])).toEqual([
      [0, "not json", "b"],
      [0, "not json", "b"],
    ]);
    // Now: a topic that deletes by age keeps it until it was read.
    expect(back[1]!.timestampMs - back[0]!.timestampMs).toBeGreaterThanOrEqual(hourMs);
    const [now] = JSON.parse((await flow("lag", file, "--format", "json")).out);
    expect(now.lag).toBeGreaterThan(0);
  });
});

describe("a local run", () => {
  it("leaves the stages of a cluster never started, and its dead letter is its file alone", async () => {
    const { file, output, pipeline: name } = await pipeline();
    const { code, err } = await stopWhen(start("run", file), output, 2);
    expect(code, err).toBe(0);
    expect(JSON.parse((await flow("lag", file, "--format", "json")).out)).toMatchObject([
      { stage: "orders-large-out", started: false, lag: null },
      { stage: "flow run", group: `argo.${name}`, started: true, lag: 0 },
    ]);
    const list = await flow("deadletter", "list", file);
    expect(list.out).toContain("not json");
    expect(list.err).toMatch(/^1 bad record in \S+\.dead-letter\.ndjson\.\n$/);
  });
});

describe("a topic that is not there", () => {
  it("is refused with the nearest one that is", async () => {
    const { file, input } = await pipeline();
    const text = readFileSync(join(folder, file), "utf8").replace(`"${input}"`, `"${input}x"`);
    writeFileSync(join(folder, file), text);
    const { err, code } = await flow("run", file);
    expect(code).toBe(1);
    expect(err).toContain(`There is no topic '${input}x'.`);
    expect(err).toContain(`Did you mean '${input}'?`);
  });
  it("is refused before anything is read, as a sink or dead letter too", async () => {
    const { file, output, input } = await pipeline();
    const text = readFileSync(join(folder, file), "utf8").replace(`"${output}"`, `"${output}x"`);
    const withDeadLetter = text
      .replace(`"${output}x"`, `"${output}"`)
      .replace("] }", `] } errors dead_letter { kafka { topic: "${output}x" } }`);
    const withoutSource = (flowText: string) =>
      flowText.replace(`kafka { topic: "${input}" }`, `file { path: "none-of-it-is-read.ndjson" }`);
    for (const one of [text, withDeadLetter, withoutSource(text), withoutSource(withDeadLetter)]) {
      writeFileSync(join(folder, file), one);
      writeFileSync(join(folder, "none-of-it-is-read.ndjson"), "{}\n");
      const { err, code } = await flow("run", file);
      expect(code).toBe(1);
      expect(err).toContain(`There is no topic '${output}x'. Make it first (kafka-topics.sh --create`);
      expect(err).toContain(`Did you mean '${output}'?`);
    }
    expect(await readAll(output)).toEqual([]);
  });
});

describe("brokers that do not answer", () => {
  it("are named, with what to look at", async () => {
    const { err, code } = await flow("lag", "some-group", "--brokers", "127.0.0.1:1");
    expect(code).toBe(1);
    expect(err).toContain("Nobody listens at 127.0.0.1:1");
  });
});
