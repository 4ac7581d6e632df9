import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { cpuMsOf } from "../../test/support/cpu-time.ts";
import { driveFlow, stageOf } from "../../test/support/drive-flow.ts";
import { graphOf } from "../engine/graph.ts";
import { shapeUse } from "../engine/shape-use.ts";
import { learnShape } from "./json-shape.ts";
import { JsonShapes } from "./json-shapes.ts";

const use = {
  paths: [["a"], ["b", "x"]],
  sets: [
    ["b", "x"],
    ["b", "new"],
  ],
  tellsInts: false,
};

/** Reads and writes `text` by the shape of `sample`. */
function byShape(sample: string, text: string): { read: unknown; written: string } | undefined {
  const shape = learnShape(sample, use);
  const match = shape?.match(text);
  if (shape === undefined || match === undefined || match === null) return undefined;
  return { read: shape.read(match), written: shape.write(match, { b: { x: 'q"', new: true } }) };
}

describe("the shape of a record", () => {
  it("reads only what is used, and writes the rest as it came", () => {
    const text = '{"z":[],"a":-7,"b":{"é":null,"x":"v","y":{"k":0.25}},"c":{}}';
    expect(byShape(text, text)).toEqual({
      read: { a: -7, b: { x: "v" } },
      written: '{"z":[],"a":-7,"b":{"é":null,"x":"q\\"","y":{"k":0.25},"new":true},"c":{}}',
    });
  });
  it("puts a new field into a record that has none", () => {
    const shape = learnShape('{"b":{}}', { paths: [["b", "n"]], sets: [["b", "n"]], tellsInts: false });
    expect(shape?.write(shape.match('{"b":{}}')!, { b: { n: "1" } })).toBe('{"b":{"n":"1"}}');
  });
  it.each([
    ["another key", '{"a":1,"b":{"X":"v"}}'],
    ["another kind", '{"a":"1","b":{"x":"v"}}'],
    ["a blank", '{"a":1, "b":{"x":"v"}}'],
    ["an escape", '{"a":1,"b":{"x":"\\u0041"}}'],
    ["a control character", '{"a":1,"b":{"x":"\t"}}'],
    ["a number of another spelling", '{"a":1.0,"b":{"x":"v"}}'],
    ["minus zero", '{"a":-0,"b":{"x":"v"}}'],
    ["a number with a leading zero", '{"a":01,"b":{"x":"v"}}'],
    ["a number of 16 digits", '{"a":1234567890123456,"b":{"x":"v"}}'],
    ["something after it", '{"a":1,"b":{"x":"v"}}}'],
    ["a line end after it", '{"a":1,"b":{"x":"v"}}\n'],
    ["its first half only", '{"a":1,"b":'],
  ])("does not take a record with %s", (_, text) => {
    expect(byShape('{"a":1,"b":{"x":"v"}}', text)).toBeUndefined();
  });
  it.each([
    ["whose used field is a record", '{"a":{},"b":{"x":"v"}}'],
    ["whose used field is null", '{"a":null,"b":{"x":"v"}}'],
    ["with a list", '{"a":1,"b":{"x":"v"},"l":[1]}'],
    ["that lacks the record of a set field", '{"a":1}'],
    ["with a key twice", '{"a":1,"a":2,"b":{"x":"v"}}'],
    ["with a key that looks like an index", '{"7":1,"b":{"x":"v"}}'],
    ["with __proto__", '{"__proto__":1,"b":{"x":"v"}}'],
    ["that is a list", "[1]"],
    ["nested deeper than JSON.stringify can go", `{"b":{"x":"v"},"l":${"[".repeat(8_000)}${"]".repeat(8_000)}}`],
  ])("is not learnt from a record %s", (_, text) => {
    expect(learnShape(text, use)).toBeUndefined();
  });
  it("takes no name for code", () => {
    const name = "`$ {x}'];)(.*+?[a-z]^$|/ ";
    const text = JSON.stringify({ [name]: { [name]: "v" }, b: { x: "v" } });
    const odd = { paths: [[name, name]], sets: [[name, name]], tellsInts: false };
    const shape = learnShape(text, odd);
    const match = shape?.match(text) ?? null;
    expect(match).not.toBeNull();
    expect(shape!.write(match!, shape!.read(match!))).toBe(text);
  });
  it("gives up where records have no shape in common", () => {
    const shapes = new JsonShapes(use);
    for (let n = 0; n < 10_000; n++) {
      const text = `{"k${n}":1,"b":{"x":"v"}}`;
      if (shapes.read(text) === undefined) shapes.learn(text);
    }
    expect(shapes.isOff).toBe(true);
  });
});

const type = "{ d: { s: string, e?: string, n: int, u?: { t?: string } }, weight: double }";
const pipeline = (declared: string, others: string) => `
source a${declared} { memory {} }
step s from a {
  filter has(data.d.e) && data.d.s != "" && data.d.n < 50
  set data.d.e = data.d.e.lowerAscii()
  set data.d.s = data.d.s.startsWith("v") ? data.d.s : "v" + data.d.s
  set data.d.ok = data.d.n > 10
  set data.note = string(data.weight / 2.0) + data.d.?u.?t.orValue("none")
}
sink out from s { memory {} }
${others}`;

const word = fc.constantFrom('""', '"v1"', '"Ab"', '"é"', '"a\\"b"', '"\\u0041"', '"12"', "null", "1", "{}", "[1]");
const number = fc.constantFrom(
  "0",
  "1",
  "-7",
  "12",
  "60",
  "1.0",
  "2.5",
  "1e2",
  "-0",
  "9007199254740993",
  '"3"',
  "true",
);
const member = (name: string, value: fc.Arbitrary<string>) =>
  fc.option(value, { freq: 12 }).map((text) => (text === null ? [] : [`"${name}":${text}`]));
const recordOf = (...members: fc.Arbitrary<string[]>[]) =>
  fc
    .tuple(fc.tuple(...members), fc.constantFrom(",", ",", ",", " , "))
    .map(([found, comma]) => `{${found.flat().join(comma)}}`);
const event = recordOf(
  member("id", word),
  member(
    "d",
    recordOf(
      member("s", word),
      member("e", word),
      member("n", number),
      member("ok", word),
      member("u", recordOf(member("t", word))),
    ),
  ),
  member("weight", number),
);
const plainEvent = fc
  .tuple(
    fc.constantFrom("v1", "Ab", "é", ""),
    fc.integer({ min: -60, max: 60 }),
    fc.constantFrom(0.5, 2, -1.25),
    fc.boolean(),
  )
  .map(([text, n, weight, has]) =>
    JSON.stringify({ id: text, d: { s: text, ...(has ? { e: text } : {}), n, u: { t: "T" } }, weight }),
  );

describe("records read by their shapes", () => {
  it("are found in this pipeline", () => {
    const config = stageOf(pipeline(`: ${type}`, ""));
    const [source] = config.nodes;
    if (source?.kind !== "source") throw new Error("no source");
    expect(shapeUse(source, 0, graphOf(config), config.types)?.use).toMatchObject({
      sets: [["d", "e"], ["d", "s"], ["d", "ok"], ["note"]],
      tellsInts: true,
    });
  });
  it("are found in time where types name each other twice", () => {
    const chain = Array.from({ length: 22 }, (_, n) => `type T${n} { a: T${n + 1}, b: T${n + 1} }`).join("\n");
    const config = stageOf(
      `${chain}\ntype T22 { x: int }\n${pipeline(`: ${type.replace("weight", "more?: T0, weight")}`, "")}`,
    );
    const [source] = config.nodes;
    if (source?.kind !== "source") throw new Error("no source");
    let found: ReturnType<typeof shapeUse>;
    const tookMs = cpuMsOf(() => {
      found = shapeUse(source, 0, graphOf(config), config.types);
    });
    expect(found?.use.tellsInts).toBe(true);
    expect(tookMs).toBeLessThan(200);
  });
  it("come out as those that are read whole, good and bad ones", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.oneof(plainEvent, plainEvent, event), { minLength: 1, maxLength: 60 }),
        fc.constantFrom("", `: ${type}`),
        async (events, declared) => {
          const results = [];
          // With a second reader every record is read whole.
          for (const others of ["", "sink other from a { memory {} }"]) {
            const run = driveFlow(pipeline(declared, others));
            await run.send("a", ...events);
            const { nodes } = await run.finish();
            results.push({
              out: run.receivedText("out"),
              bad: run.deadLetters(),
              nodes: nodes.filter(({ node }) => node !== "other"),
            });
          }
          expect(results[0]).toEqual(results[1]);
        },
      ),
      { numRuns: 150 },
    );
  });
});
