/** A partition that gives nothing is named, once, where windows wait for it. */
import { expect, it } from "vitest";
import { compile } from "../../compiler/compile.ts";
import { runtimeConfigs } from "../../compiler/emit/runtime-config.ts";
import { memoryHost } from "../../compiler/source/host.ts";
import { manualClock } from "../engine/clock.ts";
import { SilentPartitions } from "./silent-partitions.ts";

async function told(watermark: string): Promise<readonly string[]> {
  const text = `pipeline p { kafka { brokers: ["k:9092"] } }
source clicks { kafka { topic: "clicks" } time timestamp(data.at) ${watermark} }
window w from clicks { key data.user fixed 1m emit { user: key, n: count() } }
sink out from w { kafka { topic: "counts" } }
`;
  const { ir } = compile("a.flow", memoryHost({ "a.flow": text }), {});
  const [config] = runtimeConfigs(ir!, { local: true });
  const clock = manualClock();
  const lines: string[] = [];
  const silent = new SilentPartitions(config!, clock, { info: () => {}, warn: (_, line) => void lines.push(line) });
  for (const partition of [0, 1, 2]) silent.gave("clicks", partition);
  for (let second = 0; second < 60; second++) {
    await clock.advance(1_000);
    silent.gave("clicks", 0);
    if (second < 20) silent.gave("clicks", 1);
    silent.check();
  }
  return lines;
}

it("names each partition that is silent while another one is not, once, and what to write", async () => {
  const lines = await told("watermark 5s");
  expect(lines.map((line) => /partition (\d)/.exec(line)?.[1])).toEqual(["2", "1"]);
  expect(lines[0]).toContain("'watermark 5s idle 30s' in source 'clicks'");
});

it("says nothing where the source need not wait", async () => {
  expect(await told("watermark 5s idle 10s")).toEqual([]);
});
