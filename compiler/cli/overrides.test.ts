/** `--from` and `--to`: what they say, and what a mistake in them is told. */
import { describe, expect, it } from "vitest";
import type { Ir, IrNode } from "../ir/ir.ts";
import { UsageError } from "./exit.ts";
import { applyOverrides, parseOverride } from "./overrides.ts";

const origin = { file: "p/a.flow", start: 0, end: 0 };
const node = (kind: IrNode["kind"], name: string): IrNode => ({
  kind,
  name,
  from: [],
  outputType: { kind: "any" },
  clauses: [],
  origin,
});
const ir: Ir = {
  name: "a",
  clauses: [],
  defaults: [],
  types: {},
  typeDocs: {},
  typeOrigins: {},
  nodes: [node("source", "raw_lines"), node("table", "teams"), node("step", "words"), node("sink", "out")],
  origin,
};

/** `flag node=…` to the connector that the node then has, or to the error with its hint. */
function override(flag: "--from" | "--to", word: string): unknown {
  try {
    const nodes = applyOverrides(ir, [parseOverride(flag, word)], "p/a.flow", "/work").nodes.filter(
      ({ connector }) => connector !== undefined,
    );
    return Object.fromEntries(
      nodes.map(({ name, connector }) => [name, { [connector!.type]: Object.fromEntries(connector!.options) }]),
    );
  } catch (error) {
    if (error instanceof UsageError) return `${error.message} ${error.hint ?? ""}`.trim();
    throw error;
  }
}

describe("an override", () => {
  it.each([
    ["--from", "raw_lines=file:book.txt", { raw_lines: { file: { path: "../book.txt" } } }],
    ["--from", "raw-lines=file:/tmp/a:b=c.txt", { raw_lines: { file: { path: "/tmp/a:b=c.txt" } } }],
    ["--from", "raw_lines=stdin", { raw_lines: { stdin: {} } }],
    ["--from", "raw_lines=file:-", { raw_lines: { file: { path: "-" } } }],
    ["--from", "raw_lines=http:8080/lines", { raw_lines: { http: { port: 8080, path: "/lines" } } }],
    ["--from", "raw_lines=file:p", { raw_lines: { file: { path: "." } } }],
    ["--from", "teams=file:p/teams.csv", { teams: { file: { path: "teams.csv" } } }],
    ["--to", "out=stdout", { out: { stdout: {} } }],
    ["--to", "out=http:http://localhost:9000/in?x=1", { out: { http: { url: "http://localhost:9000/in?x=1" } } }],
  ] as const)("%s %s sets the connector and its argument", (flag, word, connectors) => {
    expect(override(flag, word)).toEqual(connectors);
  });

  it.each([
    [
      "--from",
      "raw_line=stdin",
      "There is no source 'raw_line'. Did you mean 'raw_lines'? The pipeline has: raw_lines, teams.",
    ],
    [
      "--to",
      "raw_lines=stdout",
      "'raw_lines' is a source; --to is for sinks. A source takes --from. The pipeline has: out.",
    ],
    ["--from", "words=stdin", "'words' is a step; --from is for sources. The pipeline has: raw_lines, teams."],
    [
      "--from",
      "raw_lines=fil:x",
      "There is no connector 'fil'. Did you mean 'file'? --from takes file, stdin, cron, http, kafka.",
    ],
    ["--to", "out=stdin", "'stdin' cannot be a sink. --to takes file, stdout, log, http, kafka."],
    ["--from", "raw_lines=file", "'--from raw_lines=file' lacks the path: raw_lines=file:PATH."],
    ["--from", "raw_lines=stdin:x", "'stdin' takes no argument: '--from raw_lines=stdin:x'."],
    [
      "--from",
      "raw_lines=http:here",
      "'--from raw_lines=http:here' listens: give a port, a path or both, as in http:8080/orders.",
    ],
    ["--to", "out", "'--to out' is not of the form NODE=CONNECTOR:ARG. For example: --to totals=stdout"],
    [
      "--from",
      "raw_lines=s3:x",
      "'s3' needs 'bucket', which cannot be given on the command line; write the connector in the file.",
    ],
  ] as const)("%s %s is refused with the way out", (flag, word, message) => {
    expect(override(flag, word)).toBe(message);
  });

  it("is given at most once for a node", () => {
    const both = [parseOverride("--to", "out=stdout"), parseOverride("--to", "out=log")];
    expect(() => applyOverrides(ir, both, "a.flow", "/work")).toThrow("'out' is given two connectors");
  });
});
