/** The examples with chunks and with programs of a user, run as a user runs them; what they give is computed here a second time, in another way. */
import { execFile } from "node:child_process";
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { promisify } from "node:util";
import { afterAll, describe, expect, it } from "vitest";
import { isThere } from "../test/user-code/toolchains.ts";

const flow = resolve("dist/flow.js");
const work = mkdtempSync(join(tmpdir(), "flow-examples-"));
for (const name of ["11-bulk-api", "12-python-step", "13-group-until-marker", "14-unix-filter"])
  cpSync(join("examples", name), join(work, name), {
    recursive: true,
    filter: (path) => !path.endsWith("/out") && !path.includes("__pycache__"),
  });
afterAll(() => rmSync(work, { recursive: true, force: true }));

const run = (path: string, ...args: string[]) =>
  promisify(execFile)(process.execPath, [flow, "run", join(work, path), ...args], { cwd: work });
const textOf = (path: string): string => readFileSync(join(work, path), "utf8");
const linesOf = (path: string): string[] => textOf(path).split("\n").slice(0, -1);

interface BulkRequest {
  readonly chunk: string | undefined;
  readonly body: string;
  readonly status: number;
}

/** Answers its second request with 503, and every other one with 200. */
async function bulkServer() {
  const requests: BulkRequest[] = [];
  const server = createServer((request, response) => {
    let body = "";
    request.setEncoding("utf8").on("data", (part: string) => {
      body += part;
    });
    request.on("end", () => {
      const status = requests.length === 1 ? 503 : 200;
      const chunk = request.headers["flow-chunk-id"];
      requests.push({ chunk: typeof chunk === "string" ? chunk : undefined, body, status });
      response.writeHead(status).end();
    });
  });
  await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
  const { port } = server.address() as AddressInfo;
  const close = () => new Promise((closed) => server.close(closed));
  return { url: `http://127.0.0.1:${port}/events/bulk`, requests, close };
}

describe("what the examples with chunks give", () => {
  it("11-bulk-api: one request a chunk, and after a 503 the same chunk again with the same id", async () => {
    const { url, requests, close } = await bulkServer();
    await run("11-bulk-api/bulk_api.flow", "--param", `url=${url}`);
    await close();
    const refused = requests[1]!;
    const taken = requests.filter(({ status }) => status === 200);
    expect(taken.filter(({ chunk }) => chunk === refused.chunk)).toEqual([{ ...refused, status: 200 }]);
    expect(new Set(taken.map(({ chunk }) => chunk)).size).toBe(taken.length);
    expect(requests.every(({ chunk }) => chunk !== undefined)).toBe(true);
    const bulks: { id: number }[][] = taken.map(({ body }) => JSON.parse(body));
    expect(bulks.map(({ length }) => length).sort()).toEqual([203, 500, 500]);
    const events = bulks.flat().sort((a, b) => a.id - b.id);
    expect(events).toEqual(linesOf("11-bulk-api/input/events.ndjson").map((line) => JSON.parse(line)));
  });

  it("13-group-until-marker: a file for each job, with its lines in order", async () => {
    await run("13-group-until-marker/group_until_marker.flow");
    const jobs = new Map<string, string>();
    for (const line of linesOf("13-group-until-marker/input/lines.ndjson")) {
      const { job } = JSON.parse(line);
      jobs.set(`${job}.ndjson`, `${jobs.get(`${job}.ndjson`) ?? ""}${line}\n`);
    }
    const files = readdirSync(join(work, "13-group-until-marker/out")).sort();
    expect(files).toEqual([...jobs.keys()].sort());
    for (const name of files) expect(textOf(`13-group-until-marker/out/${name}`), name).toBe(jobs.get(name));
  });
});

describe("what the examples with programs of a user give", () => {
  it.runIf(isThere("python3"))("12-python-step: the two readings that are far off, with their scores", async () => {
    await run("12-python-step/python_step.flow");
    const before = new Map<string, number[]>();
    const expected = linesOf("12-python-step/input/readings.ndjson").flatMap((line) => {
      const { sensor, celsius }: { sensor: string; celsius: number } = JSON.parse(line);
      const seen = before.get(sensor) ?? [];
      before.set(sensor, [...seen, celsius]);
      const score = seen.length < 10 ? 0 : (celsius - mean(seen)) / deviation(seen);
      return Math.abs(score) > 4 ? [{ sensor, celsius, score: Math.round(score * 100) / 100 }] : [];
    });
    expect(expected.map(({ sensor }) => sensor)).toEqual(["cellar", "roof"]);
    expect(linesOf("12-python-step/out/alerts.ndjson").map((line) => JSON.parse(line))).toEqual(expected);
  });

  it("14-unix-filter: errors of the server through grep, slow requests through awk, byte for byte", async () => {
    await run("14-unix-filter/unix_filter.flow");
    const requests = linesOf("14-unix-filter/input/requests.ndjson");
    const those = (wanted: (request: { status: number; ms: number }) => boolean): string[] =>
      requests.filter((line) => wanted(JSON.parse(line)));
    expect(linesOf("14-unix-filter/out/errors.ndjson")).toEqual(those(({ status }) => status >= 500));
    expect(linesOf("14-unix-filter/out/waits.ndjson")).toEqual(those(({ ms }) => ms > 1000));
  });
});

const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;

function deviation(values: readonly number[]): number {
  const middle = mean(values);
  return Math.sqrt(mean(values.map((value) => (value - middle) ** 2)));
}
