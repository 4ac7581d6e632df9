/** A stage is one consumer group of one Kafka. */
import { expect, it } from "vitest";
import { compile } from "../../compile.ts";
import { memoryHost } from "../../source/host.ts";
import { groupDiagnostics, sharedKeys } from "./stage-groups.ts";

function found(text: string, local = false): readonly string[] {
  const { ir, diagnostics } = compile("p.flow", memoryHost({ "p.flow": text }));
  if (ir === undefined) throw new Error(diagnostics.map((one) => one.message).join("\n"));
  return [...groupDiagnostics(ir, { local }), ...(local ? sharedKeys(ir) : [])].map(
    ({ code, message }) => `${code} ${message}`,
  );
}

const source = (name: string, more: string): string => `source ${name} { kafka { topic: "${name}", ${more} } }\n`;
const [a, b] = ['brokers: ["a:1"]', 'brokers: ["b:1"]'];
const both = `sink o from s, t { kafka { topic: "o", ${a} } }\n`;
const each = `sink o from s { kafka { topic: "o", ${a} } }\nsink q from t { kafka { topic: "q", ${a} } }\n`;

it("refuses sources of one stage that name two groups, or are in two Kafkas", () => {
  expect(found(source("s", `${a}, group: "x"`) + source("t", `${a}, group: "y"`) + both)).toEqual([
    "FLOW5016 's' and 't' run in one process, as members of one consumer group, but name the groups 'x' and 'y'. Give them one group, or leave 'group' out.",
  ]);
  expect(found(source("s", a) + source("t", b) + both)).toEqual([
    "FLOW5016 's' and 't' run in one process, as members of one consumer group, but connect to Kafka differently. Give them one connection, or make two pipelines.",
  ]);
  expect(found(source("s", `${a}, group: "x"`) + source("t", a) + both)).toEqual([]);
});

it("refuses one group for two stages, but not locally, where all is one", () => {
  const text = source("s", `${a}, group: "x"`) + source("t", `${a}, group: "x"`) + each;
  expect(found(text)).toEqual([
    "FLOW5017 's' and 't' are in different stages, but both are to be in the group 'x'. Leave 'group' out of one, or give it another.",
  ]);
  expect(found(text, true)).toEqual([]);
});

it("warns of keys in a group that others may share, where it is the file that names it", () => {
  const window =
    "window w from s { key data.k global early after 2 emit { n: count() } }\nsink o from w { stdout {} }\n";
  expect(found(source("s", `${a}, group: "x"`) + window, true)).toEqual([
    expect.stringMatching(/^FLOW5018 'w'.*'x' of 's'/),
  ]);
  expect(found(source("s", a) + window, true)).toEqual([]);
});
