/** What a run says at its start of sinks that cannot take back what they were given. */
import { describe, expect, it } from "vitest";
import { tellRepeats } from "./keep-state.ts";
import type { RunState } from "./run-state.ts";

/** @param from of the task, where several share a stage */
function told(from?: string): readonly string[] {
  const lines: string[] = [];
  const state = {
    checkpoints: {},
    task: from === undefined ? undefined : { from, of: 12 },
    outputs: new Map([
      ["out", { repeats: true }],
      ["file", { repeats: false }],
    ]),
    log: { info: (_: unknown, text: string) => lines.push(text), warn: () => {} },
  };
  tellRepeats(state as unknown as RunState);
  return lines;
}

const textOf = (last: string) => [
  `'out' cannot take back what was written: after a crash, what came after the last ${last} comes again.`,
];

describe("a sink that cannot take back", () => {
  it("is told of by a run that keeps its state in a folder", () => expect(told()).toEqual(textOf("checkpoint")));
  it("is told of by the first task of a worker alone", () => {
    expect(told("orders-out/0")).toEqual(textOf("commit"));
    expect([...told("orders-out/1"), ...told("orders-out/10")]).toEqual([]);
  });
});
