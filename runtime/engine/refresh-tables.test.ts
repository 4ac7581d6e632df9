import { describe, expect, it } from "vitest";
import { stageOf } from "../../test/support/drive-flow.ts";
import { builtInConnectors } from "../connectors/index.ts";
import { memoryBroker } from "../connectors/memory.ts";
import { manualClock, settle } from "./clock.ts";
import type { Connector } from "./connector.ts";
import { runPipeline } from "./run.ts";

const flow = `source a { memory {} } table teams { http { url: "http://teams" } key data.id refresh 10s }
  step named from a { map teams[data.id].?name.orValue("nobody") } sink out from named { memory {} }`;

/** A run whose table gives, each time it is read, what comes next; undefined fails. */
async function driven(...versions: readonly (readonly unknown[] | undefined)[]) {
  const broker = memoryBroker();
  const clock = manualClock();
  const warnings: unknown[] = [];
  let reads = 0;
  const table: Connector = {
    type: "http",
    openTable: () => {
      const version = versions[reads++];
      if (version === undefined) throw new Error("gone");
      let text = version.map((row) => `${JSON.stringify(row)}\n`).join("");
      return {
        kind: "bytes",
        nextPart: () =>
          text === ""
            ? undefined
            : {
                name: "teams",
                startOffset: 0,
                read: async (buffer: Uint8Array, at: number) => {
                  const bytes = Buffer.from(text);
                  text = "";
                  buffer.set(bytes, at);
                  return bytes.length;
                },
                close: () => {},
              },
        ack: () => {},
        stop: () => {},
        close: () => {},
      };
    },
  };
  const input = broker.input("a");
  const run = runPipeline(stageOf(flow), {
    connectors: new Map([...builtInConnectors(broker.connector), ["http", table]]),
    baseDirectory: "/",
    clock,
    log: { info: () => {}, warn: (fields) => void warnings.push(fields) },
  });
  run.done.catch(() => {});
  await settle();
  return {
    send: async (id: string) => {
      input.push(JSON.stringify({ id }));
      await settle();
    },
    advanceMs: async (ms: number) => {
      await clock.advance(ms);
      await settle();
    },
    received: () => broker.receivedText("out").map((text) => JSON.parse(text) as unknown),
    finish: () => {
      input.end();
      return run.done;
    },
    warnings,
    reads: () => reads,
  };
}

describe("a table that is refreshed", () => {
  it("serves its new version, whole, once it was read again", async () => {
    const run = await driven(
      [
        { id: "x", name: "old" },
        { id: "y", name: "gone later" },
      ],
      [{ id: "x", name: "new" }],
    );
    await run.send("x");
    await run.advanceMs(9_999);
    await run.send("y");
    await run.advanceMs(1);
    await run.send("x");
    await run.send("y");
    await run.finish();
    expect(run.received()).toEqual(["old", "gone later", "new", "nobody"]);
  });
  it("keeps the version before when reading fails, warns, and tries again at the next time", async () => {
    const run = await driven([{ id: "x", name: "one" }], undefined, [{ id: "x", name: "three" }]);
    await run.advanceMs(10_000);
    await run.send("x");
    expect(run.warnings).toEqual([{ table: "teams", error: expect.stringContaining("gone") }]);
    await run.advanceMs(10_000);
    await run.send("x");
    await run.finish();
    expect(run.received()).toEqual(["one", "three"]);
  });
  it("is read no more once the run has ended", async () => {
    const run = await driven([], []);
    await run.finish();
    await run.advanceMs(60_000);
    expect(run.reads()).toBe(1);
  });
});
