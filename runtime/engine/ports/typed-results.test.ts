/** Results of user code are held to the type that the step declares, one by one. */
import { beforeAll, expect, it } from "vitest";
import { driveFlow } from "../../../test/support/drive-flow.ts";
import { dataOf, done, echo, scripted } from "../../user-code/scripted.fixture.ts";
import type { Outcome, Unit } from "../../user-code/user-code.ts";

// Loaded by the first run that needs it: that takes longer than a manual clock waits.
beforeAll(() => import("./ports.ts"));

const program = 'process { command: ["x"], io: stdio }';
const type = "type Score { n: int, at?: timestamp, ratio?: double, raw?: bytes, count?: uint }";
const typed = (operators: string, more = "") =>
  `${type} source a { memory {} } step s: Score from a { ${operators} } sink out from s { memory {} } ${more}`;

it.each([
  ["[]", "data: needs a record, got a list"],
  ["null", "data: needs a record, got null"],
  ["{}", "data.n: missing"],
  ['{"n":"x"}', 'data.n: needs an int, got the string "x"'],
  ['{"n":1.0}', "data.n: needs an int, got the number 1.0"],
  ['{"n":1,"at":"noon"}', 'data.at: needs an RFC 3339 timestamp, got the string "noon"'],
])("a result %s that does not fit is a bad event at once", async (text, reason) => {
  const code = scripted(echo);
  const run = driveFlow(typed(program), { userCode: code.open });
  await run.send("a", '{"n":1}', text, '{"n":9223372036854775807,"ratio":1,"more":true}');
  await run.finish();
  expect(code.sent).toHaveLength(3);
  expect(run.receivedText("out")).toEqual(['{"n":1}', '{"n":9223372036854775807,"ratio":1,"more":true}']);
  expect(run.deadLetters()).toMatchObject([{ node: "s", operator: "process", reason, position: "pushed/1", text }]);
});

it("the other results of its event go on; who reads the errors has it, with the record that came", async () => {
  const code = scripted(() =>
    done('{"data":{"n":1}}', '{"data":{"n":true}}', '{"data_base64":"AAAA"}', '{"data":{"n":2}}'),
  );
  const run = driveFlow(typed(program, "sink bad from s.errors { memory {} }"), { userCode: code.open });
  await run.send("a", { in: 1 });
  await run.finish();
  expect(run.received("out")).toEqual([{ n: 1 }, { n: 2 }]);
  expect(run.received("bad")).toMatchObject([
    { node: "s", reason: "data.n: needs an int, got true", text: '{"in":1}' },
    { node: "s", reason: "data: needs a record, got bytes", text: '{"in":1}' },
  ]);
  expect(run.acked("a")).toEqual([0]);
});

it("in a chunk only the result that does not fit is missing", async () => {
  const code = scripted(echo);
  const flow = `${type} source a { memory {} } chunk c from a { size 3 } step s: Score from c { ${program} } sink out from s { memory {} }`;
  const run = driveFlow(flow, { userCode: code.open });
  await run.send("a", { n: 1 }, { n: "two" }, { n: 3 });
  await run.finish();
  expect(code.sent).toHaveLength(1);
  expect(run.received("out")).toEqual([{ n: 1 }, { n: 3 }]);
  expect(run.deadLetters()).toMatchObject([
    { node: "s", reason: 'data.n: needs an int, got the string "two"', text: '{"n":"two"}' },
  ]);
});

it("ends the run where the pipeline says 'errors fail'", async () => {
  const code = scripted(echo);
  const run = driveFlow(`pipeline p { errors fail } ${typed(program)}`, { userCode: code.open });
  await run.send("a", {});
  await expect(run.finish()).rejects.toThrow("Bad event at pushed/0: data.n: missing ('s', process");
});

it("only what the last user code answers is held to it, before the operators behind", async () => {
  const second = (unit: Unit) => done(JSON.stringify({ data: { n: String(dataOf(unit.events[0]!)).length } }));
  const answers = [() => done('{"data":"anything"}'), second];
  const run = driveFlow(typed(`${program} filter data != 3 ${program} map { twice: data.n * 2 }`), {
    userCode: (plan, services) => scripted(answers.shift()).open(plan, services),
  });
  await run.send("a", 0);
  await run.finish();
  expect(run.received("out")).toEqual([{ twice: 16 }]);
  expect(run.deadLetters()).toEqual([]);
});

it("gives typed values as a source does, also where the program passes on what expressions have made", async () => {
  const made = 'map { n: 1, at: timestamp("2026-01-02T00:00:00Z"), ratio: 1.5, raw: b"xy", count: 5u }';
  const read =
    "map { year: data.?at.optMap(x, x.getFullYear()).orValue(0), half: data.?ratio.orValue(0.0) / 2.0, size: size(data.?raw.orValue(b'')), more: data.?count.orValue(0u) + 1u }";
  const expected = [{ year: 2026, half: 0.75, size: 2, more: 6 }];
  for (const answer of [
    echo,
    () => done('{"data":{"n":1,"at":"2026-01-02T00:00:00Z","ratio":1.5,"raw":"eHk=","count":5}}'),
  ]) {
    const run = driveFlow(typed(`${made} ${program} ${read}`), { userCode: scripted(answer).open });
    await run.send("a", 0);
    await run.finish();
    expect(run.deadLetters()).toEqual([]);
    expect(run.received("out")).toEqual(expected);
  }
});

it("takes bytes as JSON text and as they are", async () => {
  const flow = `source a { memory {} } step s: bytes from a { ${program} map size(data) } sink out from s { memory {} }`;
  const run = driveFlow(flow, { userCode: scripted(() => done('{"data":"eHk="}', '{"data_base64":"eHl6"}')).open });
  await run.send("a", 0);
  await run.finish();
  expect(run.received("out")).toEqual([2, 3]);
});

it.each([
  ["does not fit", (): Outcome => done('{"data":{"n":"x"}}'), 'data.n: needs an int, got the string "x"'],
  ["is refused", (): Outcome => ({ kind: "rejected", reason: "no" }), "no"],
])("a bad event has its own time and attributes where its result %s", async (_, answer, reason) => {
  const code = scripted((unit) => (unit.id === "pushed/1" ? answer() : echo(unit)));
  const run = driveFlow(
    `${type} source a { memory {} time timestamp(data.at) } step s: Score from a { attributes { subject: string(data.n) } ${program} }
     sink out from s { memory {} } sink bad from s.errors { memory {} format cloudevents }`,
    { userCode: code.open },
  );
  await run.send("a", ...[1, 2, 3].map((n) => ({ n, at: `2026-01-0${n}T00:00:00Z` })));
  await run.finish();
  expect(run.received("bad")).toMatchObject([
    { id: "pushed/1", time: "2026-01-02T00:00:00Z", subject: "2", data: { reason } },
  ]);
});
