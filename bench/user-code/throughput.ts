/** Events a second through one echo program: `node bench/user-code/throughput.ts WAY pass|change CHUNK EVENTS` prints them as JSON. */
import type { Connector } from "../../runtime/engine/connector.ts";
import { start } from "./pipeline.ts";
import { type Work, wayCalled } from "./ways.ts";

const [wayName = "", work = "pass", chunk = "500", count = "500000"] = process.argv.slice(2);
const events = Number(count);

/** Numbers are such that doubling shows in their text alone, not in its length. */
const line = (id: number, factor: number): string =>
  `{"id":${id},"sensor":"sensor-${id % 97}","value":${factor * (1 + (id % 4000) / 1024)}}\n`;

function* lines(factor: number): Generator<Buffer> {
  for (let id = 0; id < events; ) {
    let text = "";
    for (const end = Math.min(events, id + 1000); id < end; id++) text += line(id, factor);
    yield Buffer.from(text);
  }
}

const input = Buffer.concat([...lines(1)]);
const expected = work === "change" ? Buffer.concat([...lines(2)]) : input;

let startMs = 0;
let startCpu = process.cpuUsage();
let read = 0;
const source: Connector = {
  type: "stdin",
  openSource: () => {
    let isOpen = false;
    return {
      kind: "bytes",
      isSteady: true,
      nextPart: () => {
        if (isOpen) return undefined;
        isOpen = true;
        startMs = performance.now();
        startCpu = process.cpuUsage();
        return {
          name: "made",
          startOffset: 0,
          read: (buffer, at) => {
            const count = Math.min(buffer.length - at, input.length - read);
            input.copy(buffer, at, read, read + count);
            read += count;
            return count;
          },
          close: () => {},
        };
      },
      ack: () => {},
      stop: () => {},
      close: () => {},
    };
  },
};

/** Bytes, each as it must be. */
let taken = 0;
let endMs = 0;
let endCpu = startCpu;
/** When the first tenth of them had come: from then on everything is warm. */
let warmMs = 0;
let warmAt = 0;
const sink: Connector = {
  type: "stdout",
  openSink: () => ({
    kind: "bytes",
    write: (block) => {
      if (expected.compare(block, 0, block.length, taken, taken + block.length) !== 0)
        throw new Error(`What came behind byte ${taken} is not what should.`);
      taken += block.length;
      endMs = performance.now();
      endCpu = process.cpuUsage(startCpu);
      if (warmAt > 0 || taken < expected.length / 10) return;
      warmAt = taken;
      warmMs = endMs;
    },
    flush: () => {},
    commit: () => {},
    abort: () => {},
  }),
};

await start({ way: wayCalled(wayName), work: work as Work, chunk: Number(chunk) }, source, sink).done;
if (taken !== expected.length) throw new Error(`Only ${taken} of ${expected.length} bytes came.`);
console.log(
  JSON.stringify({
    perSecond: Math.round((events * 1000) / (endMs - startMs)),
    warmPerSecond: Math.round(((1 - warmAt / taken) * events * 1000) / (endMs - warmMs)),
    cpuMicros: (endCpu.user + endCpu.system) / events,
  }),
);
