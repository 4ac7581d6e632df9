/** No chunk takes the file of another. */
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it, onTestFinished } from "vitest";
import { builtInConnectors } from "../../runtime/connectors/index.ts";
import { runPipeline } from "../../runtime/engine/run.ts";
import { stageOf } from "../support/drive-flow.ts";

const sink = 'sink out from c { file { path: "out/{chunk}.ndjson" } }';

/** All lines of all files that the chunks made. */
async function linesOf(flow: string, input = ""): Promise<readonly string[]> {
  const folder = mkdtempSync(join(tmpdir(), "chunk-names-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  writeFileSync(join(folder, "in.ndjson"), input);
  mkdirSync(join(folder, "out"));
  await runPipeline(stageOf(`${flow} ${sink}`), { connectors: builtInConnectors(), baseDirectory: folder }).done;
  const texts = readdirSync(join(folder, "out")).map((name) => readFileSync(join(folder, "out", name), "utf8"));
  return texts.flatMap((text) => text.split("\n").filter((line) => line !== "")).sort();
}

it("names chunks apart where an event comes in two ways", async () => {
  const flow =
    'source a { file { path: "in.ndjson" } } step s from a { map { s: data } } step t from a { map { t: data } } chunk c from s, t { size 1 }';
  expect(await linesOf(flow, "1\n2\n")).toEqual(['{"s":1}', '{"s":2}', '{"t":1}', '{"t":2}']);
});

it("names chunks apart where sources give the same ids", async () => {
  const flow =
    "source a { generate { data: { a: i }, count: 2 } } source b { generate { data: { b: i }, count: 2 } } chunk c from a, b { size 1 }";
  expect(await linesOf(flow)).toEqual(['{"a":0}', '{"a":1}', '{"b":0}', '{"b":1}']);
});

it("names chunks apart where CloudEvents of several sources have the same ids", async () => {
  const event = (source: string, data: number) =>
    JSON.stringify({ specversion: "1.0", id: "1", source, type: "t", data });
  const flow = 'source a { file { path: "in.ndjson" } format cloudevents } chunk c from a { size 1 }';
  expect(await linesOf(flow, `${event("/x", 1)}\n${event("/y", 2)}\n`)).toEqual(["1", "2"]);
});
