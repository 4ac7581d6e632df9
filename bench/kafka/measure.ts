/** One contender over the whole input: CPU of its process between the first quarter and the end, from outside. */
import { spawn } from "node:child_process";
import { mkdtempSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Cluster } from "./cluster.ts";
import type { Contender } from "./contenders.ts";

export interface Measured {
  readonly microseconds: number;
  readonly perSecond: number;
  readonly rssMib: number;
}

interface Trial {
  readonly cluster: Cluster;
  readonly input: string;
  readonly messages: number;
  readonly work: string;
  readonly delivery: string;
}

/** Of 100 messages of the input W1 drops 6: 5 without `env`, of which none lacks its service too, and 1 without a service. */
const keptShare = (work: string): number => (work === "w1" ? 0.94 : 1);
const longestMs = 240_000;

export async function measure(contender: Contender, trial: Trial): Promise<Measured> {
  const { cluster, input, messages, work, delivery } = trial;
  const output = await cluster.newTopic("output");
  const folder = mkdtempSync(join(cluster.folder, "job-"));
  const group = `group-${output}`;
  const [command = "", ...words] = contender.command({
    bootstrap: cluster.bootstrap,
    input,
    output,
    group,
    delivery,
    work,
    folder,
  });
  const child = spawn(command, words, { stdio: ["ignore", "ignore", "pipe"] });
  let said = "";
  child.stderr.on("data", (text) => {
    said = (said + text).slice(-2_000);
  });
  try {
    const expected = messages * keptShare(work);
    const first = await reach(cluster, output, expected / 4, child.pid!, () => ended(child.exitCode, contender, said));
    const last = await reach(cluster, output, expected * 0.98, child.pid!, () =>
      ended(child.exitCode, contender, said),
    );
    const passed = (last.count - first.count) / keptShare(work);
    return {
      microseconds: ((last.cpuMs - first.cpuMs) * 1000) / passed,
      perSecond: (passed * 1000) / (last.atMs - first.atMs),
      rssMib: peakMib(child.pid!),
    };
  } finally {
    child.kill("SIGKILL");
  }
}

function ended(code: number | null, { name }: Contender, said: string): void {
  if (code !== null) throw new Error(`${name} ended with ${code}: ${said}`);
}

async function reach(cluster: Cluster, topic: string, count: number, pid: number, check: () => void) {
  const startMs = Date.now();
  for (;;) {
    check();
    const there = await cluster.ends(topic);
    if (there >= count) return { count: there, cpuMs: cpuMs(pid), atMs: performance.now() };
    if (Date.now() - startMs > longestMs) throw new Error(`only ${there} of ${count} messages came`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

/** User and system time of a process; the kernel counts in hundredths of a second. */
function cpuMs(pid: number): number {
  const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  return (Number(fields[11]) + Number(fields[12])) * 10;
}

const peakMib = (pid: number): number =>
  Number(/VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1] ?? Number.NaN) / 1024;
