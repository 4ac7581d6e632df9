/** Steps that become two, and steps that are taken into their readers: the same events come out. */
import { describe, expect, it } from "vitest";
import { offersIn } from "../../../test/support/after-refactoring.ts";
import { driveFlow } from "../../../test/support/drive-flow.ts";

const events = [{ n: 1, t: "a b" }, { n: 5, t: "c" }, { n: 12, t: "d d e" }, { t: "no number" }, { n: 0, t: "" }];

/** What every sink takes. */
async function outcome(flow: string): Promise<unknown> {
  const run = driveFlow(flow.replaceAll("stdout {}", "memory {}").replaceAll("stdin {}", "memory {}"));
  await run.send("a", ...events);
  await run.finish();
  return ["out", "other"].map((name) => (flow.includes(`sink ${name} `) ? run.received(name) : []));
}

async function sameOutcome(marked: string, title: string): Promise<string> {
  const after = offersIn(marked).textAfter(title);
  const before = marked.replace("‸", "");
  expect(after).not.toBe(before);
  const expected = await outcome(before);
  expect(JSON.stringify(expected).length).toBeGreaterThan(10);
  expect(await outcome(after)).toEqual(expected);
  return after;
}

describe("split", () => {
  it("cuts before the operator at the cursor; comments go with their operators", async () => {
    const text = `source a { stdin {} }

/// Words.
step words from a where data.n > 0 {
  set data.n = data.n + 1 // one more
  // then apart
  ‸expand data.t.split(" ")
  filter data != ""
}

sink out from words { stdout {} }
`;
    expect(await sameOutcome(text, "Split")).toBe(`source a { stdin {} }

step words_before_expand from a where data.n > 0 {
  set data.n = data.n + 1 // one more
}

/// Words.
step words from words_before_expand {
  // then apart
  expand data.t.split(" ")
  filter data != ""
}

sink out from words { stdout {} }
`);
  });

  it("leaves the type of a step with the user code that it is of", () => {
    const step = (body: string) =>
      `source a { stdin {} }\n\nstep s: { n: int } from a {\n${body}}\n\nsink out from s { stdout {} }\n`;
    const program = '  process { command: ["x"] }\n';
    expect(offersIn(step(`${program}  ‸filter data.n > 1\n`)).textAfter("Split")).toContain(
      `step s_before_filter: { n: int } from a {\n${program}}\n\nstep s from s_before_filter {\n  filter data.n > 1\n}`,
    );
    expect(offersIn(step(`  filter data.n > 1\n  ‸${program.trimStart()}`)).textAfter("Split")).toContain(
      `step s_before_process from a {\n  filter data.n > 1\n}\n\nstep s: { n: int } from s_before_process {\n${program}}`,
    );
  });

  it("is not offered at the first operator, and says why when errors are read or placement is said", () => {
    const step = (body: string, more = "") =>
      `source a { stdin {} }\n\nstep s from a { ${body} }\n\nsink out from s { stdout {} }\n${more}`;
    expect(offersIn(step("‸filter true filter false")).titles).toEqual([]);
    expect(offersIn(step("filter true ‸filter false replicas 2")).titles[0]).toContain("It says 'replicas'");
    const read = "\nsink bad from s.errors { stdout {} }\n";
    expect(offersIn(step("filter true ‸filter false", read)).titles[0]).toContain("'bad' reads 's.errors'");
  });
});

describe("inline", () => {
  const inSteps = `source a { stdin {} }

// Large ones.
step ‸large from a where data.n >= 1 {
  set data.n = data.n * 2 // twice
}

step first from large where data.n > 4 { set data.first = data.n }

step second from large { map { second: data.n } }

sink out from first { stdout {} }

sink other from second { stdout {} }
`;

  it("takes a step into each step that reads it, with its condition and its comments", async () => {
    expect(await sameOutcome(inSteps, "Inline")).toBe(`source a { stdin {} }

step first from a where data.n >= 1 {
  // Large ones.
  set data.n = data.n * 2 // twice
  filter data.n > 4
  set data.first = data.n
}

step second from a where data.n >= 1 {
  // Large ones.
  set data.n = data.n * 2 // twice
  map { second: data.n }
}

sink out from first { stdout {} }

sink other from second { stdout {} }
`);
  });

  it("makes a filter the condition of whoever reads it", async () => {
    const text = `source a { stdin {} }\n\nstep ‸large from a { filter data.n > 4 }\n\nsink out from large { stdout {} }\n`;
    expect(await sameOutcome(text, "Inline")).toBe(
      `source a { stdin {} }\n\nsink out from a where data.n > 4 { stdout {} }\n`,
    );
  });

  it.each([
    [
      "throttle 1/s",
      "step b from s { filter true }\nsink out from b { stdout {} }",
      "'throttle' holds back the sources",
    ],
    ["set data.x = 1", "sink out from s { stdout {} }", "'out' is a sink, and only a filter can go there."],
    ["filter data.a", "sink out from s where data.b { stdout {} }", "'out' would have 2 conditions"],
    ["filter data.a", "sink out from s, a { stdout {} }", "'out' reads 'a' already."],
    [
      "filter data.a",
      "sink out from s { stdout {} }\nsink o2 from a where data.q { stdout {} }\nsink o3 from a otherwise { stdout {} }",
      "'otherwise' beside it",
    ],
    [
      "filter data.a",
      "sink out from s where data.b { stdout {} }\nsink other from s otherwise { stdout {} }",
      "by 'otherwise'",
    ],
    ["filter data.a", "sink out from s { stdout {} }\nsink bad from s.errors { stdout {} }", "'s.errors' is read."],
    [
      "dedupe data.a within 1m",
      "step b from s { filter true }\nstep c from s { filter true }\nsink out from b, c { stdout {} }",
      "'dedupe' remembers events, and there are 2 readers.",
    ],
    [
      "filter data.a",
      "source p { stdin {} time event.time }\nwindow w from s as x, p as y {\n  fixed 1m\n  join x.data.id == y.data.id\n  emit { a: x.data.id }\n}\nsink out from w { stdout {} }",
      "'w' joins it, by the name 'x'.",
    ],
    [
      "filter data.a",
      'sink out from s { stdout {} }\ntest "t" {\n  a at 0s { a: true }\n  expect s [{ a: true }]\n}',
      "A test looks at what it gives.",
    ],
  ])("of '%s' before '%s' says why not", (body, readers, reason) => {
    const { titles } = offersIn(`source a { stdin {} time event.time }\nstep ‸s from a { ${body} }\n${readers}\n`);
    expect(titles.find((title) => title.startsWith("Inline"))).toContain(reason);
  });
});
