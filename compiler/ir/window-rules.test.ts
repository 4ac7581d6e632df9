/** `early`, `late` and `panes` become a tree of triggers. */
import { describe, expect, it } from "vitest";
import { compile } from "../compile.ts";
import { memoryHost } from "../source/host.ts";

const rules = (clauses: string) => {
  const flow = `source a { memory {} time timestamp(data.t) } window w from a { ${clauses} emit count() } sink out from w { memory {} }`;
  const { ir } = compile("a.flow", memoryHost({ "a.flow": flow }));
  return ir?.nodes.find(({ kind }) => kind === "window")?.windowRules;
};

describe("the rules of a window", () => {
  it("without early and late: a pane at the end and one for every late event", () => {
    expect(rules("fixed 1m")).toEqual({
      trigger: { kind: "repeatedly", of: { kind: "after_watermark" } },
      onTime: "always",
      closing: "if_new",
      panes: "accumulate",
      timestamp: "end",
      lateBy: "merged",
    });
  });
  it("`early` and `late` are parts of the trigger, by the clock or by count; late events make a pane each where only `early` is given", () => {
    const late = { kind: "after_count", count: 1 };
    expect(rules("fixed 1m early every 10s")?.trigger).toEqual({
      kind: "after_watermark",
      early: { kind: "after_processing_time", delayMs: 10_000 },
      late,
    });
    expect(rules("fixed 1m late after 3")?.trigger).toEqual({ kind: "after_watermark", late: { ...late, count: 3 } });
  });
  it("results of windows without an end of their own have the time of their latest event", () => {
    expect(["global", "count 3", "session 1m"].map((kind) => rules(kind)?.timestamp)).toEqual([
      "latest",
      "latest",
      "end",
    ]);
  });
  it("panes that discard come only with something new", () => {
    expect(rules("fixed 1m panes discard")).toMatchObject({ panes: "discard", onTime: "if_new" });
  });
});
