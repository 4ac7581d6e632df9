import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { ValueType } from "../../compiler/contract/value-type.ts";
import { csv } from "./csv.ts";
import { csvFraming, formatCsvRecord, parseCsvRecord } from "./csv-record.ts";
import { type FormatContext, noEvent } from "./format.ts";

function context(type?: ValueType, options: FormatContext["options"] = {}): FormatContext {
  return {
    options,
    type,
    resolve: (each) => each,
    parseJson: JSON.parse,
    toJson: (value) => (typeof value === "bigint" ? String(value) : JSON.stringify(value)),
  };
}

/** Cuts by the decoder's own framing, decodes, and gives a bad record as its message. */
function read(text: string, type?: ValueType, options: FormatContext["options"] = {}): unknown[] {
  const decoder = csv.decoder(context(type, options));
  const bytes = new TextEncoder().encode(text);
  if (typeof decoder.framing !== "function") throw new Error("csv frames its own records");
  const events: unknown[] = [];
  for (let from = 0; from < bytes.length; ) {
    const found = decoder.framing(bytes, from, bytes.length);
    const end = found < 0 ? bytes.length : found;
    try {
      const event = decoder.decode(new TextDecoder().decode(bytes.subarray(from, end)), undefined);
      if (event !== noEvent) events.push(event);
    } catch (error) {
      events.push(String(error));
    }
    from = end + 1;
  }
  return events;
}

function write(events: readonly unknown[], options: FormatContext["options"] = {}): string {
  const encoder = csv.encoder(context(undefined, options));
  let text = encoder.head?.(events[0]) ?? "";
  for (const event of events) {
    try {
      text += encoder.encode(event, undefined) + encoder.end;
    } catch (error) {
      text += `${String(error)}\n`;
    }
  }
  return text;
}

const field = (name: string, kind: "int" | "double" | "bool" | "string" | "timestamp", optional = false) => ({
  name,
  type: { kind },
  optional,
});

describe("reading csv", () => {
  it("names fields by the first record and gives strings", () => {
    expect(read("id,name\n1,Ann\n2,Bob\n")).toEqual([
      { id: "1", name: "Ann" },
      { id: "2", name: "Bob" },
    ]);
  });

  it("takes CRLF, a last line without an end, and skips empty lines", () => {
    expect(read("id,name\r\n\r\n1,Ann\r\n2,Bob")).toEqual([
      { id: "1", name: "Ann" },
      { id: "2", name: "Bob" },
    ]);
  });

  it("keeps separators, quotes and line ends of quoted fields", () => {
    expect(read('a,b\n"x,y","say ""hi"""\n"two\nlines",\r\n')).toEqual([
      { a: "x,y", b: 'say "hi"' },
      { a: "two\nlines", b: "" },
    ]);
  });

  it("takes a quote inside an unquoted field as a character", () => {
    expect(read('a,b\n5" disk,1\n')).toEqual([{ a: '5" disk', b: "1" }]);
  });

  it("makes a record with another number of fields bad and goes on", () => {
    expect(read("a,b\n1\n1,2,3\n1,2\n")).toEqual([
      "BadRecord: The record has 1 field, and the header 2.",
      "BadRecord: The record has 3 fields, and the header 2.",
      { a: "1", b: "2" },
    ]);
  });

  it("makes a quoted field that does not close, or closes too early, bad", () => {
    expect(read('a,b\n"x"y,2\n1,2\n"open,3\n')).toEqual([
      'Error: After the closing quote of field 1 comes "y" and not a separator.',
      { a: "1", b: "2" },
      "Error: The quoted field 1 does not close.",
    ]);
  });

  it("converts by the declared type and keeps 64-bit integers", () => {
    const type: ValueType = {
      kind: "record",
      fields: [field("n", "int"), field("x", "double"), field("ok", "bool"), field("at", "timestamp")],
    };
    expect(read("n,x,ok,at,more\n9007199254740993,1e3,TRUE,2026-01-01T00:00:00Z,y\n-1,.5,false,t,\n", type)).toEqual([
      { n: 9007199254740993n, x: 1000, ok: true, at: "2026-01-01T00:00:00Z", more: "y" },
      { n: -1, x: 0.5, ok: false, at: "t", more: "" },
    ]);
  });

  it.each([
    ["int", "1.5"],
    ["int", ""],
    ["int", "9223372036854775808"],
    ["int", "0x10"],
    ["double", "NaN"],
    ["double", "1,5"],
    ["bool", "yes"],
  ] as const)("makes a record bad whose %s is '%s'", (kind, text) => {
    expect(read(`v\n"${text}"\n`, { kind: "record", fields: [field("v", kind)] })).toEqual([
      `BadRecord: The field 'v' is ${JSON.stringify(text)}, which is not ${kind === "int" ? "an int" : `a ${kind}`}.`,
    ]);
  });

  it("takes nothing as an absent optional field, and a quoted nothing as an empty string", () => {
    const type: ValueType = { kind: "record", fields: [field("n", "int", true), field("s", "string", true)] };
    expect(read('n,s\n,\n1,""\n', type)).toEqual([{}, { n: 1, s: "" }]);
  });

  it("reads unions of literals, and lists and records as JSON", () => {
    const type: ValueType = {
      kind: "record",
      fields: [
        {
          name: "side",
          type: { kind: "union", members: [{ kind: "literal", value: "buy" }, { kind: "null" }] },
          optional: false,
        },
        { name: "tags", type: { kind: "list", element: { kind: "string" } }, optional: false },
      ],
    };
    expect(read('side,tags\nbuy,"[""a""]"\n,[]\nsell,x\n', type)).toEqual([
      { side: "buy", tags: ["a"] },
      { side: null, tags: [] },
      'BadRecord: The field \'side\' is "sell", which is not "buy" or a null.',
    ]);
  });

  it("names fields c0, c1, … without a header, or by the option columns", () => {
    expect(read("1,2\n3,4\n", undefined, { header: false })).toEqual([
      { c0: "1", c1: "2" },
      { c0: "3", c1: "4" },
    ]);
    expect(read("1;2\n", undefined, { header: false, separator: ";", columns: ["x", "y"] })).toEqual([
      { x: "1", y: "2" },
    ]);
    expect(read("a,b\n1,2\n", undefined, { columns: ["x", "y"] })).toEqual([{ x: "1", y: "2" }]);
  });

  it("keeps names that an object would treat in a way of its own", () => {
    const [row] = read("b,1,__proto__\nx,y,z\n");
    expect(row instanceof Map && [...row]).toEqual([
      ["b", "x"],
      ["1", "y"],
      ["__proto__", "z"],
    ]);
  });

  it.each([
    ["a,a", "The header of the csv names 'a' twice."],
    ['"a"b,c', 'After the closing quote of field 1 comes "b" and not a separator.'],
  ])(
    "makes every record bad after a header that cannot be used, and takes none of them for the header: %s",
    (header, why) => {
      const [first, ...rest] = read(`${header}\nx,y\n1,2\n`);
      expect(first).toContain(why);
      const lost = `BadRecord: The fields of this record have no names, as the header cannot be used. ${why} Name them: format csv { columns: […] }.`;
      expect(rest).toEqual([lost, lost]);
    },
  );

  it("passes over a header that cannot be used where the columns are named", () => {
    expect(read("a,a\n1,2\n", undefined, { columns: ["x", "y"] }).slice(1)).toEqual([{ x: "1", y: "2" }]);
  });

  it("says how many lines an open quote has taken", () => {
    expect(read('a,b\n1,"open\n3,4\n5,6\n')).toEqual([
      "Error: The quoted field 2 does not close: the 2 lines after it are taken for its text.",
    ]);
  });

  it("refuses columns that name a field twice, and a separator of two characters", () => {
    expect(() => csv.decoder(context(undefined, { columns: ["a", "a"] }))).toThrow(
      "The columns of the csv name 'a' twice.",
    );
    expect(() => csv.decoder(context(undefined, { separator: "::" }))).toThrow("one ASCII character");
  });
});

describe("writing csv", () => {
  it("takes the header from the first event and quotes where needed", () => {
    expect(
      write([
        { id: 1, note: 'a,"b"\n' },
        { note: null, id: 2n ** 60n },
      ]),
    ).toBe('id,note\n1,"a,""b""\n"\n1152921504606846976,\n');
  });

  it("tells an empty string from nothing, and lists and records are JSON", () => {
    expect(write([{ a: "", b: [1, { c: "x" }], d: true }])).toBe('a,b,d\n"","[1,{""c"":""x""}]",true\n');
  });

  it("makes an event bad whose value would have no column", () => {
    expect(write([{ a: 1 }, { a: 2, b: 3 }])).toBe(
      "a\n1\nBadRecord: The event has a field 'b' which the csv's header (a) has no column for. Name the columns: format csv { columns: […] }.\n",
    );
  });

  it("writes just the columns that are named, in their order", () => {
    expect(
      write(
        [
          { a: 1, b: 2 },
          { b: 3, c: 4 },
        ],
        { columns: ["b", "a"] },
      ),
    ).toBe("b,a\n2,1\n3,\n");
    expect(write([{ a: 1 }], { header: false })).toBe("1\n");
  });

  it("makes an event bad that is no record", () => {
    expect(write([{ a: 1 }, [1]])).toContain("Only a record can be written as csv");
  });

  it("gives back what was written, whatever the strings", () => {
    const rows = fc.array(
      fc.array(fc.string({ unit: fc.constantFrom("a", ",", ";", '"', "\n", "\r", " ", "é", "𝒳") }), {
        minLength: 2,
        maxLength: 2,
      }),
      { minLength: 1 },
    );
    fc.assert(
      fc.property(rows, (values) => {
        const events = values.map(([x, y]) => ({ x, y }));
        expect(read(write(events))).toEqual(events);
      }),
      { numRuns: 500 },
    );
  });
});

/** RFC 4180 one character at a time, with the two liberties that the codec documents. */
function referenceSplit(text: string): string[][] {
  const records: string[][] = [];
  let fields: string[] = [];
  let value = "";
  let state: "start" | "plain" | "quoted" | "closed" = "start";
  for (let i = 0; i < text.length; i++) {
    const c = text[i]!;
    if (state === "quoted") {
      if (c !== '"') value += c;
      else if (text[i + 1] === '"') value += text[++i];
      else state = "closed";
    } else if (c === "\n") {
      records.push([...fields, value]);
      fields = [];
      value = "";
      state = "start";
    } else if (c === ",") {
      fields.push(value);
      value = "";
      state = "start";
    } else if (c === '"' && state === "start") state = "quoted";
    else {
      if (state === "closed") throw new Error("closed");
      value += c;
      state = "plain";
    }
  }
  if (state === "quoted") throw new Error("open");
  return [...records, [...fields, value]];
}

describe("cutting csv", () => {
  const anyText = fc.string({ unit: fc.constantFrom("a", ",", '"', "\n", "é") });

  it("agrees with a parser that goes one character at a time", () => {
    fc.assert(
      fc.property(anyText, (text) => {
        let expected: string[][] | undefined;
        try {
          expected = referenceSplit(text);
        } catch {
          expected = undefined;
        }
        fc.pre(expected !== undefined);
        const bytes = new TextEncoder().encode(text);
        const records: (readonly string[])[] = [];
        for (let from = 0; from <= bytes.length; ) {
          const found = csvFraming(",")(bytes, from, bytes.length);
          const end = found < 0 ? bytes.length : found;
          records.push(parseCsvRecord(new TextDecoder().decode(bytes.subarray(from, end)), ",").fields);
          from = end + 1;
        }
        expect(records).toEqual(expected);
      }),
      { numRuns: 2000 },
    );
  });

  it("finds the same end when it sees the bytes bit by bit, walking each once", () => {
    fc.assert(
      fc.property(anyText, fc.array(fc.nat(5)), (text, steps) => {
        const bytes = new TextEncoder().encode(text);
        const framing = csvFraming(",");
        let seen = 0;
        let end = -1;
        for (const step of [...steps, bytes.length]) {
          const to = Math.min(seen + step, bytes.length);
          end = framing(bytes, 0, to, seen);
          if (end >= 0) break;
          seen = to;
        }
        expect(end).toBe(csvFraming(",")(bytes, 0, bytes.length));
      }),
      { numRuns: 2000 },
    );
  });

  it("writes a record that is read back as it was", () => {
    fc.assert(
      fc.property(fc.array(anyText, { minLength: 1 }), (fields) => {
        expect(parseCsvRecord(formatCsvRecord(fields, ","), ",").fields).toEqual(fields);
      }),
    );
  });
});
