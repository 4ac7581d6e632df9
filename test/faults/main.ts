/**
 * `npm run test:faults`: real workers and real brokers, one fault after the other, and what came out held against what went in.
 * Each fault comes with both clients and both deliveries. CI runs them all with --records 20000 --lanes 2, which takes about 15 minutes on two cores.
 * --stand-in tries the clients alone, without the engine; --built takes dist/flow.js instead of the sources.
 * Options: --only NAME,NAME --client native|kafkajs --delivery at_least_once|exactly_once --records N --minutes N (again and again for so long) --lanes N (so many side by side) --list
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { type Cluster, startCluster, whyNoCluster } from "../kafka/cluster.ts";
import { warmUp } from "../kafka/warm-up.ts";
import { within } from "../kafka/within.ts";
import { type CaseResult, runCase, running } from "./run-case.ts";
import { type ClientKind, clients, type Delivery, deliveries, type Scenario } from "./scenario.ts";
import { scenarios } from "./scenarios.ts";

const { values: options } = parseArgs({
  options: {
    only: { type: "string" },
    client: { type: "string" },
    delivery: { type: "string" },
    records: { type: "string", default: "100000" },
    minutes: { type: "string" },
    lanes: { type: "string", default: "1" },
    "stand-in": { type: "boolean", default: false },
    built: { type: "boolean", default: false },
    list: { type: "boolean", default: false },
  },
});

if (options.list) {
  for (const { name, says } of scenarios) console.log(`${name.padEnd(18)}${says}`);
  process.exit(0);
}

const root = join(import.meta.dirname, "../..");
const entry = options["stand-in"]
  ? undefined
  : join(root, ...(options.built ? ["dist", "flow.js"] : ["compiler", "cli", "main.ts"]));
const folder = mkdtempSync(join(tmpdir(), "faults-"));
const clusters = new Map<string, Cluster>();
let stopping = false;

/** Made when first needed, and then kept for all cases of the lane that want the same. */
async function clusterOf(lane: number, brokers: number): Promise<Cluster> {
  const name = `${lane} ${brokers}`;
  const known = clusters.get(name);
  if (known !== undefined) return known;
  const cluster = await startCluster(brokers === 1 ? { proxies: 4 } : { brokers });
  clusters.set(name, cluster);
  await warmUp(cluster.bootstrap);
  return cluster;
}

async function stopClusters(): Promise<void> {
  await Promise.all([...clusters.values()].map((cluster) => cluster.stop()));
  clusters.clear();
}

for (const signal of ["SIGINT", "SIGTERM"] as const)
  process.on(signal, () => {
    if (stopping) process.exit(130);
    stopping = true;
    for (const end of running) end();
    void stopClusters().then(() => process.exit(130));
  });

interface Wanted {
  readonly scenario: Scenario;
  readonly client: ClientKind;
  readonly delivery: Delivery;
}

function wanted(): readonly Wanted[] {
  const names = options.only?.split(",");
  const unknown = names?.filter((name) => !scenarios.some((scenario) => scenario.name === name)) ?? [];
  if (unknown.length > 0) throw new Error(`There is no scenario ${unknown.join(", ")}; --list shows them.`);
  return scenarios
    .filter(({ name }) => names?.includes(name) ?? true)
    .filter(({ stage, poisonEvery }) => !options["stand-in"] || (stage === "carry" && poisonEvery === undefined))
    .flatMap((scenario) =>
      clients
        .filter((client) => options.client === undefined || client === options.client)
        .flatMap((client) =>
          deliveries
            .filter((delivery) => options.delivery === undefined || delivery === options.delivery)
            .filter((delivery) => scenario.deliveries?.includes(delivery) ?? true)
            .map((delivery) => ({ scenario, client, delivery })),
        ),
    );
}

function line({ scenario, client, delivery }: Wanted, result: CaseResult, seconds: number): string {
  const ok = result.problems.length === 0;
  const columns = [
    ok ? "✓" : "✗",
    scenario.name.padEnd(17),
    client.padEnd(8),
    delivery.padEnd(14),
    `${seconds.toFixed(1)} s`.padStart(8),
    `${result.faults} faults`.padStart(10),
    ` ${[...result.problems, ...result.notes].join("; ")}`,
  ];
  return columns.join(" ");
}

const why = whyNoCluster();
if (why !== undefined) {
  console.error(`The faults cannot run: ${why}.`);
  process.exit(1);
}

let [passed, failed] = [0, 0];
const endMs = performance.now() + Number(options.minutes ?? 0) * 60_000;
const cases = wanted();
let begun = 0;

function nextCase(): Wanted | undefined {
  const isOver = options.minutes === undefined ? begun >= cases.length : performance.now() > endMs;
  return isOver ? undefined : cases[begun++ % cases.length];
}

async function runLane(lane: number): Promise<void> {
  for (let one = nextCase(); one !== undefined && !stopping; one = nextCase()) {
    const startMs = performance.now();
    const name = `${begun}-${one.scenario.name}-${one.client}-${one.delivery}`;
    const result = await runOne(lane, one, join(folder, name));
    if (stopping) return;
    console.log(line(one, result, (performance.now() - startMs) / 1_000));
    if (result.problems.length === 0) passed++;
    else {
      failed++;
      console.log(result.logs.replaceAll(/^/gm, "    "));
    }
  }
}

/** More than all waits of a case together. */
const caseMs = 600_000;

async function runOne(lane: number, one: Wanted, caseFolder: string): Promise<CaseResult> {
  try {
    const cluster = await clusterOf(lane, one.scenario.brokers ?? 1);
    const ended = runCase({ ...one, records: Number(options.records), cluster, folder: caseFolder, entry });
    return await within(ended, caseMs, "the case did not end");
  } catch (error) {
    return { problems: [error instanceof Error ? error.message : String(error)], faults: 0, notes: [], logs: "" };
  }
}

await Promise.all(Array.from({ length: Number(options.lanes) }, (_, lane) => runLane(lane)));
if (stopping) await new Promise(() => {});
await stopClusters();
if (failed === 0) rmSync(folder, { recursive: true, force: true });
else console.log(`The logs are in ${folder}.`);
console.log(`${passed} passed, ${failed} failed`);
process.exit(failed === 0 ? 0 : 1);
