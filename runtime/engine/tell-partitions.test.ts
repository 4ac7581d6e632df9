/** To whom watermarks are told: all partitions that the topic has by now. */
import { describe, expect, it } from "vitest";
import { manualClock, settle } from "./clock.ts";
import type { RecordRound, RecordSink } from "./connector.ts";
import { Current } from "./current.ts";
import { Gates } from "./gate.ts";
import { RecordOutput } from "./record-output.ts";

/** A topic that may get more partitions, and what was told to how many of them. */
function topic() {
  const told: { readonly to: number; readonly text: string }[] = [];
  const sink: RecordSink & { partitions: number } = {
    kind: "records",
    partitions: 1,
    newRound: () => {
      const to = sink.partitions;
      const round: { -readonly [Name in keyof RecordRound]: RecordRound[Name] } = {
        partitions: to,
        count: 0,
        sizeBytes: 0,
        add: () => {
          round.count++;
          return undefined;
        },
        addUntouched: () => undefined,
        addToAll: (_, __, headers) => {
          round.count += to;
          told.push({ to, text: /"ms":(\d+)/.exec(Buffer.from(headers).toString())?.[1] ?? "" });
        },
        values: () => [],
      };
      return round;
    },
    send: async () => undefined,
    flush: () => {},
    commit: () => {},
    abort: () => {},
  };
  const output = new RecordOutput(sink, "out", { type: "text", options: {} }, undefined, undefined, {
    clock: manualClock(),
    random: () => 0,
    gates: new Gates(),
    current: new Current(),
    progressed: () => {},
    failed: () => {},
    refused: () => {},
    signal: new AbortController().signal,
  });
  return { sink, output, told };
}

const at = (ms: number) => ({ from: "s/0", of: 1, ms });

describe("a watermark", () => {
  it("is told once, and again when it has changed or the topic has more partitions", async () => {
    const { sink, output, told } = topic();
    for (const [ms, partitions] of [
      [1, 1],
      [1, 1],
      [2, 1],
      [2, 3],
      [2, 3],
    ] as const) {
      sink.partitions = partitions;
      output.tell(at(ms));
      await settle();
    }
    expect(told).toEqual([
      { to: 1, text: "1" },
      { to: 1, text: "2" },
      { to: 3, text: "2" },
    ]);
  });

  it("that went into a round begun before there were more is told to the new ones in the next", async () => {
    const { sink, output, told } = topic();
    output.text("begins a round");
    sink.partitions = 2;
    output.tell(at(1));
    await settle();
    output.tell(at(1));
    await settle();
    output.tell(at(1));
    expect(told).toEqual([
      { to: 1, text: "1" },
      { to: 2, text: "1" },
    ]);
  });
});
