/**
 * Events a second through one transport alone: `node bench/user-code/transport.ts WAY pass|change CHUNK EVENTS` prints them as JSON. Chunks of CloudEvents, made beforehand, go to the
 * echo program as the engine would send them; the answers are cut into events and ends of chunks, and counted. No source, no sink, and nobody reads the answers' data.
 */
import { systemClock } from "../../runtime/engine/clock.ts";
import { openUserCode } from "../../runtime/user-code/open.ts";
import type { SentEvent, Unit } from "../../runtime/user-code/user-code.ts";
import { wayCalled } from "./ways.ts";

const [wayName = "", work = "pass", size = "500", count = "1000000"] = process.argv.slice(2);
const way = wayCalled(wayName);
const sizeOfChunk = Number(size);
const chunks = Math.floor(Number(count) / sizeOfChunk);

function eventOf(id: number): SentEvent {
  const attributes = { specversion: "1.0", source: "/bench/a", type: "reading", id: String(id) };
  const data = `{"id":${id},"sensor":"sensor-${id % 97}","value":${10 + (id % 400) / 8}}`;
  const json = `${JSON.stringify(attributes).slice(0, -1)},"data":${data}}`;
  return { id: attributes.id, json, attributes: () => attributes, data: () => data };
}

function unitOf(number: number): Unit {
  const events = Array.from({ length: sizeOfChunk }, (_, index) => eventOf(number * sizeOfChunk + index));
  return { id: `c/${number}`, chunk: { id: `c/${number}`, key: undefined, window: undefined }, events };
}

/** A few, again and again: making them is not what is measured. */
const units = Array.from({ length: 16 }, (_, number) => unitOf(number));
const underWayAtMost = 4;

const options = Object.fromEntries(
  way.options.split(", ").map((option) => {
    const [name = "", value = ""] = option.split(": ");
    return [name, /^\d+$/.test(value) ? Number(value) : value];
  }),
);
let sent = 0;
let answered = 0;
let results = 0;
const done = Promise.withResolvers<void>();
const code = await openUserCode(
  {
    node: "echo",
    pipeline: "bench",
    at: "bench:1:1",
    baseDirectory: import.meta.dirname,
    options: { ...options, command: [process.execPath, `${import.meta.dirname}/${way.program}`, work] },
  },
  {
    answered: (_, outcome) => {
      if (outcome.kind !== "done") throw new Error(JSON.stringify(outcome).slice(0, 500));
      results += outcome.results.length;
      answered++;
      if (answered === chunks) done.resolve();
      else sendMore();
    },
    widened: () => sendMore(),
    failed: (error) => done.reject(error),
    log: { info: () => {}, warn: (fields, message) => console.error(message, fields) },
    clock: systemClock,
    random: Math.random,
  },
);

function sendMore(): void {
  while (sent < chunks && sent - answered < Math.min(underWayAtMost, code.width))
    code.send(units[sent++ % units.length]!);
}

// A run of the engine keeps its process alive by itself.
const alive = setInterval(() => {}, 1_000);
const startMs = performance.now();
const startCpu = process.cpuUsage();
sendMore();
await done.promise;
const seconds = (performance.now() - startMs) / 1000;
const { user, system } = process.cpuUsage(startCpu);
await code.close();
clearInterval(alive);
if (results !== chunks * sizeOfChunk) throw new Error(`${results} results came, not ${chunks * sizeOfChunk}.`);
console.log(JSON.stringify({ perSecond: results / seconds, cpuMicros: (user + system) / results }));
