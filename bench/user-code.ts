/**
 * User code through every transport: events a second through an echo program in chunks of 500, against one HTTP request for each event; and how long a single
 * event takes. `node bench/user-code.ts [ROUNDS]`; medians of the rounds. Each measurement is a process of its own, with its echo program another.
 *
 * An event is `{"id":…,"sensor":…,"value":…}`. The pipeline is whole: lines are decoded against their type, cut into chunks, given to the program, and what it
 * answered is encoded for the sink, which counts it and checks it byte for byte. `pass` gives each event back as it came, `change` doubles its `value`.
 */
import { execFileSync } from "node:child_process";
import { availableParallelism } from "node:os";
import { base, type Way, type Work, ways, works } from "./user-code/ways.ts";

interface Speed {
  /** From the first event read to the last one taken. */
  readonly perSecond: number;
  /** CPU of the pipeline's own process for each event, all its threads. */
  readonly cpuMicros: number;
}
/** In milliseconds. */
interface Latency {
  readonly p50: number;
  readonly p99: number;
}

const rounds = Number(process.argv[2] ?? 1);
const chunk = 500;
const events = 1_000_000;
const filesEvents = 100_000;
const baseEvents = 10_000;
const aloneEvents = 1_000_000;
const single = 500;
/** Between one event taken and the next one sent. */
const gapMs = 5;
const bare = "no pipeline: a line to the program and back";

function measured<T>(script: string, ...words: readonly (string | number)[]): T {
  const path = `${import.meta.dirname}/user-code/${script}`;
  const text = execFileSync(process.execPath, [path, ...words.map(String)], {
    encoding: "utf8",
    stdio: ["ignore", "pipe", "inherit"],
  });
  return JSON.parse(text);
}

const speedOf = (way: string, work: Work, size: number, count: number): Speed =>
  measured<Speed>("throughput.ts", way, work, size, count);
const eventsThrough = ({ name }: Way): number => (name === "file" ? filesEvents : events);

const bases = new Map<Work, Speed[]>(works.map((work) => [work, []]));
const speeds = new Map<string, Speed[]>();
const alone = new Map<string, Speed[]>();
const latencies = new Map<string, Latency[]>();
const into = <K, V>(map: Map<K, V[]>, key: K, value: V): void => void map.set(key, [...(map.get(key) ?? []), value]);
for (let round = 0; round < rounds; round++) {
  for (const work of works) {
    into(bases, work, speedOf(base, work, 0, baseEvents));
    for (const way of ways) into(speeds, `${way.name} ${work}`, speedOf(way.name, work, chunk, eventsThrough(way)));
  }
  for (const { name } of ways.filter(isStream)) {
    for (const work of works)
      into(alone, `${name} ${work}`, measured<Speed>("transport.ts", name, work, chunk, aloneEvents));
  }
  into(latencies, bare, measured<Latency>("bare-latency.ts", single, gapMs));
  for (const { name } of ways) into(latencies, name, measured<Latency>("latency.ts", name, single, gapMs));
}

/** Files are for programs that work on files. */
function isStream({ name }: Way): boolean {
  return name !== "file";
}

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[values.length >> 1] ?? Number.NaN;
}
const perSecond = (of: readonly Speed[] = []): number => median(of.map((one) => one.perSecond));
const cpuMicros = (of: readonly Speed[] = []): number => median(of.map((one) => one.cpuMicros));
const whole = (value: number): string => Math.round(value).toLocaleString("en");

function row(name: string, of: (work: Work) => Speed[] | undefined): string {
  const cells = works.flatMap((work) => {
    const speed = perSecond(of(work));
    return [whole(speed), `${(speed / perSecond(bases.get(work))).toFixed(1)}`, cpuMicros(of(work)).toFixed(1)];
  });
  return `| ${[name, ...cells].join(" | ")} |`;
}

console.log(`Node ${process.versions.node}, ${availableParallelism()} cores, ${rounds} round(s)\n`);
console.log("| | pass, events/s | × base | CPU µs an event | change, events/s | × base | CPU µs an event |");
console.log("|---|---|---|---|---|---|---|");
console.log(row("base: http, a request for each event", (work) => bases.get(work)));
for (const { name } of ways) console.log(row(`${name}, chunks of ${chunk}`, (work) => speeds.get(`${name} ${work}`)));
console.log("\n| transport alone | pass, events/s | CPU µs an event | change, events/s | CPU µs an event |");
console.log("|---|---|---|---|---|");
for (const { name } of ways.filter(isStream)) {
  const cells = works.flatMap((work) => {
    const of = alone.get(`${name} ${work}`);
    return [whole(perSecond(of)), cpuMicros(of).toFixed(1)];
  });
  console.log(`| ${[`${name}, chunks of ${chunk}`, ...cells].join(" | ")} |`);
}
console.log(`\n| one event at a time, ${gapMs} ms apart | p50 ms | p99 ms |`);
console.log("|---|---|---|");
for (const name of [bare, ...ways.map((way) => way.name)]) {
  const of = latencies.get(name) ?? [];
  const cells = [median(of.map(({ p50 }) => p50)), median(of.map(({ p99 }) => p99))].map((ms) => ms.toFixed(2));
  console.log(`| ${[name, ...cells].join(" | ")} |`);
}
