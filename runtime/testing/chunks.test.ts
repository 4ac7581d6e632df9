/** Chunks in tests of pipelines. */
import { describe, expect, it } from "vitest";
import { failuresOf, testFlow } from "../../test/support/test-flow.ts";

const pipeline = (clauses: string) => `source a { stdin {} }
chunk bulk from a { ${clauses} }
step s from bulk { map { x: data.x, n: chunk.count } }
sink out from s { stdout {} }
`;
const inTest = (statements: string, clauses: string) => `${pipeline(clauses)}\ntest "it" {\n${statements}\n}\n`;
const why = async (flow: string) => {
  const [result] = await testFlow(flow);
  return result!.failures.flatMap(({ difference }) => difference?.missing.flatMap((missing) => missing.why) ?? []);
};

describe("a test of a chunk", () => {
  it("sees its events once it has closed, and what comes of them", async () => {
    const test = `a at 0s { x: 1 }
      expect nothing from bulk
      a at 0s { x: 2 } a at 0s { x: 3 }
      expect bulk [{ x: 1 }, { x: 2 }]
      expect out [{ x: 1, n: 2 }, { x: 2, n: 2 }]`;
    expect(await failuresOf(inTest(test, "size 2"))).toEqual([]);
  });
  it("sees the result of emit", async () => {
    const flow = `source a { stdin {} } chunk bulk from a { key data.k size 2 emit { k: key, id: chunk.id, xs: list(data.x) } } sink out from bulk { stdout {} }
      test "it" {
        a at 0s { k: "p", x: 1 } a at 0s { k: "q", x: 2 } a at 0s { k: "p", x: 3 }
        expect bulk exactly [{ k: "p", id: "bulk/\\"p\\"/a/0", xs: [1, 3] }]
        end
        expect bulk [{ k: "q", xs: [2] }]
      }`;
    expect(await failuresOf(flow)).toEqual([]);
  });
  it("lets `every` close it as time passes", async () => {
    const test = `a at 0s { x: 1 }
      advance 4s
      expect nothing from bulk
      advance 1s
      expect bulk [{ x: 1 }]`;
    expect(await failuresOf(inTest(test, "every 5s"))).toEqual([]);
  });
  it("goes on after a crash with what was open", async () => {
    const test = `a at 0s { x: 1 } a at 0s { x: 2 } a at 0s { x: 3 }
      restart
      expect nothing from bulk
      a at 0s { x: 4 }
      expect bulk [{ x: 1 }, { x: 2 }, { x: 3 }, { x: 4 }]
      restart
      a at 0s { x: 5 }
      expect nothing from bulk`;
    expect(await failuresOf(inTest(test, "size 4"))).toEqual([]);
  });
  it("says of an event that is missing that its chunk is still open", async () => {
    const test = `a at 0s { x: 1 }\nexpect out [{ x: 1 }]`;
    expect(await why(inTest(test, "size 2"))).toEqual([
      "'a at 0s' (line 7): in a chunk of 'bulk', which is still open",
    ]);
    const closed = `a at 0s { x: 1 } a at 0s { x: 2 } a at 0s { x: 3 }\nexpect out [{ x: 1 }, { x: 2 }, { x: 3 }]`;
    expect(await why(inTest(closed, "size 2 key 1"))).toEqual([
      "'a at 0s' (line 7): in a chunk of 1 of 'bulk', which is still open",
    ]);
  });
});
