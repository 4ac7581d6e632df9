/**
 * How long one event takes from the source to the sink, through one echo program: `node bench/user-code/latency.ts WAY COUNT GAP-MS` prints p50 and p99 in
 * milliseconds as JSON. One event is under way at a time; the next one begins so long after it came.
 */
import { setTimeout as sleep } from "node:timers/promises";
import type { Connector, MessageBatch } from "../../runtime/engine/connector.ts";
import { start } from "./pipeline.ts";
import { wayCalled } from "./ways.ts";

const [wayName = "", count = "500", gap = "5"] = process.argv.slice(2);
const warmUp = 200;

let give: (batch: MessageBatch | undefined) => void = () => {};
let next = Promise.resolve<MessageBatch | undefined>(undefined);
const expectNext = (): void => {
  next = new Promise((resolve) => {
    give = resolve;
  });
};
expectNext();
const source: Connector = {
  type: "stdin",
  openSource: () => ({
    kind: "messages",
    pull: async () => {
      const batch = await next;
      expectNext();
      return batch;
    },
    ack: () => {},
    stop: () => {},
    close: () => {},
  }),
};

let came: () => void = () => {};
const sink: Connector = {
  type: "stdout",
  openSink: () => ({
    kind: "messages",
    send: () => {
      came();
      return undefined;
    },
    flush: () => {},
    commit: () => {},
    abort: () => {},
  }),
};

const run = start({ way: wayCalled(wayName), work: "change", chunk: 0 }, source, sink);
const times: number[] = [];
for (let id = -warmUp; id < Number(count); id++) {
  const arrived = new Promise<void>((resolve) => {
    came = resolve;
  });
  const bytes = Buffer.from(`{"id":${id},"sensor":"sensor-1","value":1.5}`);
  const startMs = performance.now();
  give({ messages: [{ bytes, position: String(id) }] });
  await Promise.race([arrived, run.done]);
  if (id >= 0) times.push(performance.now() - startMs);
  await (Number(gap) > 0 ? sleep(Number(gap)) : new Promise((resolve) => setImmediate(resolve)));
}
give(undefined);
await run.done;
times.sort((a, b) => a - b);
const at = (share: number): number => times[Math.min(times.length - 1, Math.floor(times.length * share))] ?? Number.NaN;
console.log(JSON.stringify({ p50: at(0.5), p99: at(0.99), most: at(1) }));
