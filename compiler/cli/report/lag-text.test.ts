/** What `flow lag` says of stages that were started, never started, and run locally. */
import { describe, expect, it } from "vitest";
import { processTerminal } from "../terminal.ts";
import { type Answer, lagJson, lagText } from "./lag-text.ts";

const { outColors: plain } = processTerminal("never");

const answer = (stage: string | undefined, lag: number, started: boolean): Answer => ({
  stage,
  group: `argo.p.${stage}`,
  state: started ? "Empty" : "Dead",
  started,
  members: 0,
  partitions: [{ topic: "t", partition: 0, end: 1_000, committed: started ? 1_000 - lag : undefined, lag }],
  missing: [],
});

describe("a stage that was never started", () => {
  const all = [answer("a", 1_000, false), answer("b", 7, true), answer("flow run", 2, true)];
  it("is shown as such, and is not in the total; a local run that there was is", () => {
    expect(lagText(all, plain)).toBe(`a  argo.p.a  never started
  topic  partition  committed    end  lag
  t              0          -  1,000    -

b  argo.p.b  no members, lag 7
  topic  partition  committed    end  lag
  t              0        993  1,000    7

flow run  argo.p.flow run  no members, lag 2
  topic  partition  committed    end  lag
  t              0        998  1,000    2

total lag 9
`);
  });
  it("has no lag as JSON", () => {
    expect(JSON.parse(lagJson(all))).toMatchObject([
      { stage: "a", started: false, lag: null },
      { stage: "b", started: true, lag: 7 },
      { stage: "flow run", started: true, lag: 2 },
    ]);
  });
});

describe("a local run", () => {
  it("that never was is left out", () => {
    expect(JSON.parse(lagJson([answer("a", 1, true), answer("flow run", 1, false)]))).toMatchObject([{ stage: "a" }]);
  });
});

describe("a group that is named itself", () => {
  it("and is not there is not called a stage", () => {
    expect(lagText([{ ...answer(undefined, 0, false), group: "g", partitions: [] }], plain)).toBe(
      "g  there is no such group\n",
    );
  });
});
