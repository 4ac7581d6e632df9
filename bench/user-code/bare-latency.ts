/** What the machine itself takes: a line to the echo program and back over its standard input and output, with nothing of ours between. Prints what latency.ts prints. */
import { spawn } from "node:child_process";
import { setTimeout as sleep } from "node:timers/promises";

const [count = "500", gap = "5"] = process.argv.slice(2);
const warmUp = 200;
const program = spawn(process.execPath, [`${import.meta.dirname}/echo-lines.ts`, "change"], {
  env: { ...process.env, FLOW_IO: "stdio" },
  stdio: ["pipe", "pipe", "inherit"],
});
let came: () => void = () => {};
program.stdout.on("data", () => came());
const times: number[] = [];
for (let id = -warmUp; id < Number(count); id++) {
  const arrived = new Promise<void>((resolve) => {
    came = resolve;
  });
  const startMs = performance.now();
  program.stdin.write(`{"specversion":"1.0","id":"${id}","data":{"id":${id},"sensor":"sensor-1","value":1.5}}\n`);
  await arrived;
  if (id >= 0) times.push(performance.now() - startMs);
  await sleep(Number(gap));
}
program.stdin.end();
times.sort((a, b) => a - b);
const at = (share: number): number => times[Math.min(times.length - 1, Math.floor(times.length * share))] ?? Number.NaN;
console.log(JSON.stringify({ p50: at(0.5), p99: at(0.99), most: at(1) }));
