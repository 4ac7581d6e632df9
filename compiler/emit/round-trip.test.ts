/** `.flow → CR → .flow` is the formatted input, `CR → IR → CR` and `IR → CR → IR` are the identity: for made-up programs and for every row of the catalogue. */

import { readdirSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { arbitraryProgram } from "../../test/support/arbitrary-program.ts";
import { canonicalFile } from "../../test/support/canonical-file.ts";
import { hostOf } from "../../test/support/golden-phases.ts";
import { clausesOf } from "../catalog/clauses.ts";
import { connectors } from "../catalog/connectors.ts";
import type { OptionRow, Place } from "../catalog/rows.ts";
import { compile } from "../compile.ts";
import type { ExprTree } from "../contract/expr-tree.ts";
import type { Ir, IrNode } from "../ir/ir.ts";
import { memoryHost } from "../source/host.ts";
import { sourceText } from "../source/source-text.ts";
import { parse } from "../syntax/parse.ts";
import { printFile } from "../syntax/print.ts";
import { decompile } from "./decompile.ts";
import { printYaml } from "./yaml.ts";

function compiled(path: string, text: string) {
  const { pipeline, ir, diagnostics } = compile(path, memoryHost({ [path]: text }));
  if (pipeline === undefined || ir === undefined)
    throw new Error(`${diagnostics.map((one) => `${one.code} ${one.message}`).join("\n")}\n${text}`);
  return { yaml: printYaml(pipeline.resource), ir };
}

/** Without the places in the source, and in the order of the resource's lists. */
function meaning(ir: Ir): unknown {
  const order = ["table", "source", "step", "window", "chunk", "sink"];
  const rank = (node: IrNode): number =>
    node.kind === "window" || node.kind === "chunk" ? 2 : order.indexOf(node.kind);
  const sorted = { ...ir, nodes: ir.nodes.toSorted((a, b) => rank(a) - rank(b)) };
  return bare(sorted);
}

function bare(value: unknown): unknown {
  if (typeof value === "bigint") return `${value}n`;
  if (Array.isArray(value)) return value.map(bare);
  if (typeof value !== "object" || value === null) return value;
  return withoutMinus(
    Object.fromEntries(
      Object.entries(value).flatMap(([key, one]) => (/^(origins?|typeOrigins)$/.test(key) ? [] : [[key, bare(one)]])),
    ),
  );
}

/** `-(5)` is written `-5`, which is a constant. */
function withoutMinus(value: object): unknown {
  if (!("fn" in value) || value.fn !== "-_" || !("args" in value)) return value;
  const [of] = value.args as readonly ExprTree[];
  if (of?.op !== "const" || typeof of.value !== "string") return value;
  return { op: "const", kind: of.kind, value: of.value === "0" ? "0" : `-${of.value}`.replace(/^--/, "") };
}

const canonical = (text: string, name: string): string =>
  printFile(canonicalFile(parse(sourceText("p.flow", text)).file, name));

function expectRoundTrip(text: string, name = "p"): void {
  const { yaml, ir } = compiled("p.flow", text);
  expect(decompile(sourceText("p.yaml", yaml)).text).toBe(canonical(text, name));
  const again = compiled("p.yaml", yaml);
  expect(again.yaml).toBe(yaml);
  expect(meaning(again.ir)).toEqual(meaning(ir));
}

it("holds for made-up pipelines", () => {
  fc.assert(
    fc.property(arbitraryProgram, (text) => {
      fc.pre(compile("p.flow", memoryHost({ "p.flow": text })).pipeline !== undefined);
      expectRoundTrip(text, "made_up");
    }),
    { numRuns: 150, maxSkipsPerRun: 2 },
  );
});

/** What only a hand writes: kept from resource to resource, said by nobody in .flow. */
const word = fc.stringMatching(/^[a-z][a-z0-9]{0,8}$/);
const prefixed = fc.tuple(word, word).map(([prefix, name]) => `${prefix}.example/${name}`);
const handWritten = fc.record({
  annotations: fc.dictionary(prefixed, fc.string(), { maxKeys: 3 }),
  finalizers: fc.uniqueArray(prefixed, { maxLength: 3 }),
});

it("keeps what only a hand writes into a resource, of made-up pipelines", () => {
  fc.assert(
    fc.property(arbitraryProgram, handWritten, (text, { annotations, finalizers }) => {
      const pipeline = compile("p.flow", memoryHost({ "p.flow": text })).pipeline;
      fc.pre(pipeline !== undefined);
      const { metadata } = pipeline.resource;
      const all = { ...metadata.annotations, ...annotations };
      const both = [...finalizers, ...(metadata.finalizers ?? [])];
      const { annotations: _, finalizers: __, ...rest } = metadata;
      const written = {
        ...pipeline.resource,
        metadata: {
          ...rest,
          ...(Object.keys(all).length > 0 ? { annotations: all } : {}),
          ...(both.length > 0 ? { finalizers: both } : {}),
        },
      };
      const yaml = printYaml(written);
      expect(compiled("p.yaml", yaml).yaml).toBe(yaml);
      const { text: flow, diagnostics } = decompile(sourceText("p.yaml", yaml));
      expect(flow).toBe(canonical(text, "made_up"));
      expect(diagnostics.map(({ code }) => code)).toEqual(
        [...Object.keys(annotations), ...finalizers].map(() => "FLOW5810"),
      );
    }),
    { numRuns: 50, maxSkipsPerRun: 2 },
  );
});

describe("holds for the golden pipeline", () => {
  it.each(readdirSync("test/goldens").filter((folder) => folder !== "broken" && folder !== "all-operators"))(
    "%s",
    (folder) => {
      const text = hostOf(`test/goldens/${folder}`).readFile("pipeline.flow")!;
      expectRoundTrip(text, folder.replaceAll("-", "_"));
    },
  );
});

it.each(['"a" | type', "type | null", "[int | type]", '"a" | 1 | {string: bytes}', "int | duration"])(
  "holds from resource to resource for the type %s",
  (type) => {
    const { yaml } = compiled("p.flow", `source s: { id: ${type} } { stdin {} } sink o from s { stdout {} }`);
    expect(compiled("p.yaml", yaml).yaml).toBe(yaml);
    const named = compiled("p.flow", `type T { id: ${type} } source s: T { stdin {} } sink o from s { stdout {} }`);
    expect(compiled("p.yaml", named.yaml).yaml).toBe(named.yaml);
  },
);

/** A pipeline in which the clause stands in a node of its place. */
function around(place: Place, clause: string): string {
  const is = (keyword: string): boolean => clause.split(" ")[0] === keyword;
  const source = `source s { kafka { brokers: ["k:1"], topic: "in" } time timestamp(data.at) }\n`;
  const other = source.replace("source s", "source s2").replace('"in"', '"other"');
  const sink = (of: string): string =>
    `sink o from ${of} { ${is("delivery") ? 'kafka { brokers: ["k:1"], topic: "out" }' : 'file { path: "out" }'} }\n`;
  const kind = /^(fixed|sliding|session|global|count)\b/.test(clause);
  switch (place) {
    case "pipeline":
      return `pipeline p { ${clause} }\n${source}${sink("s")}`;
    case "table":
      return `table t { file { path: "t.csv" }\n${is("key") ? "" : "key data.id\n"}${clause} }\n${source}step a from s { set data.x = t[string(data.id)].hasValue() }\n${sink("a")}`;
    case "source":
      return `source s { kafka { brokers: ["k:1"], topic: "in" }\n${is("format") ? "format csv" : clause} }\n${sink("s")}`;
    case "step":
      return `${source}step a from s { ${clause} }\n${sink("a")}`;
    case "window": {
      const parts = [
        clause,
        ...(is("global") ? ["early after 10"] : kind ? [] : ["fixed 1m"]),
        ...(is("emit") ? [] : [is("join") ? "emit { id: o.data.id }" : "emit { n: count() }"]),
      ];
      return `${source}${is("join") ? other : ""}window w from ${is("join") ? "s as o, s2 as p" : "s"} { ${parts.join("\n")} }\n${sink("w")}`;
    }
    case "chunk": {
      const isWindow = is("window");
      const parts = [clause, ...(is("size") || isWindow ? [] : ["size 3"])];
      return `${source}${isWindow ? "window w from s { fixed 1m emit { n: count() } }\n" : ""}chunk c from ${isWindow ? "w" : "s"} { ${parts.join("\n")} }\n${sink("c")}`;
    }
    default:
      return `${source}sink o from s { file { path: "out" }\n${clause} }\n`;
  }
}

describe("holds for the example of the clause", () => {
  const places: readonly Place[] = ["pipeline", "table", "source", "step", "window", "chunk", "sink"];
  const rows = places.flatMap((place) => clausesOf(place));
  it.each(rows.map((row) => [row.id, row] as const))("%s", (_, row) => {
    expectRoundTrip(
      around(
        row.place,
        row.example
          .replace("time data.at", "time timestamp(data.at)")
          .replace("time data.created_at", "time timestamp(data.created_at)"),
      ),
    );
  });
});

describe("holds for every option of the connector", () => {
  it.each(
    connectors.flatMap((row) =>
      row.roles.filter((role) => role === "source" || role === "sink").map((role) => [role, row.name, row] as const),
    ),
  )("%s %s", (role, name, row) => {
    const value: Record<string, string> = {
      string: '"text"',
      strings: '["a", "b"]',
      int: "3",
      number: "0.5",
      bool: "true",
      duration: "1m",
      size: "64KiB",
      rate: "10/s",
      expr: "data.x",
      map: '{ "a-b": "c", d: "e" }',
      value: "[{ a: 1, b: 2.5, c: [null] }]",
      secret: 'secret("a", "b")',
    };
    const particular: Record<string, string> = {
      "cron.schedule": '"* * * * *"',
      "generate.data": "{ a: i }",
      "http.path": '"/text"',
      "http.url": '"http://text"',
    };
    const rows: readonly OptionRow[] = row.options.filter(
      (option) => option.roles === undefined || option.roles.includes(role),
    );
    const text = (options: readonly OptionRow[]): string =>
      options
        .map(
          (option) =>
            `${option.name}: ${option.kind === "choice" ? JSON.stringify(option.choices![0]!.name) : option.kind === "options" ? `{ ${text(option.options ?? [])} }` : (particular[`${name}.${option.name}`] ?? value[option.kind])}`,
        )
        .join(", ");
    const options = text(rows.filter((option) => !(name === "db" && option.name === "query")));
    expectRoundTrip(
      role === "source"
        ? `source s { ${name} { ${options} } }\nsink o from s { stdout {} }\n`
        : `source s { stdin {} }\nsink o from s { ${name} { ${options} } }\n`,
    );
  });
});

/** What is hard to quote, or to write as a block: quotes, backslashes, spaces at the ends of lines, line ends of all kinds, control characters. */
const hardText = fc
  .array(
    fc.oneof(
      fc.constantFrom(
        '"',
        '"""',
        "'''",
        "\\",
        "\n",
        " ",
        "\t",
        "\r",
        "\r\n",
        "  \n",
        "#",
        ": ",
        "- ",
        "|",
        "{{",
        "$",
        "`",
        "\u0000",
      ),
      fc.constantFrom("\u0085", "\u2028", "\ufeff", "\u007f", "😀", "é", "---\n", "...\n", "\\u0041", "// x\n", "%"),
      fc.string({ maxLength: 5 }),
    ),
    { maxLength: 12 },
  )
  .map((parts) => parts.join(""));

it("holds for code of any text", () => {
  fc.assert(
    fc.property(hardText, (body) => {
      const source = `export default 1;${body}`;
      const literal = JSON.stringify(source);
      const text = `source s { stdin {} }\nstep a from s { code javascript ${literal} { memory: 32MiB } }\nsink o from a { stdout {} }\n`;
      expectRoundTrip(text);
      const { ir } = compiled("p.yaml", compiled("p.flow", text).yaml);
      const [code] = ir.nodes.find(({ name }) => name === "a")!.clauses;
      expect(new Map(code!.values).get("source")).toMatchObject({ kind: "constant", value: source });
    }),
    { numRuns: 500 },
  );
});

it("keeps code as it is written, in a resource as a block", () => {
  const code = 'export default (event) => {\n  const x = "\\d";\n\n    return event.data;  \n}\n';
  const text = `source s { stdin {} }\nstep a from s { code javascript r"""${code}""" }\nsink o from a { stdout {} }\n`;
  const { yaml } = compiled("p.flow", text);
  expect(yaml).toContain("source: |\n              export default (event) => {\n                const x = ");
  expect(decompile(sourceText("p.yaml", yaml)).text).toContain(`code javascript r"""${code}"""\n`);
});

it("keeps the type of a step with user code", () => {
  const step = (operators: string, type = "Score") =>
    `type Score { score: double, note?: string }\nsource s: Score { stdin {} }\nstep a: ${type} from s { ${operators} }\nsink o from a { stdout {} }\n`;
  for (const operators of [
    'container "i:1"',
    'process { command: ["i"] }',
    'filter data.score > 1.0 container "i:1" log "x"',
  ])
    for (const type of ["Score", "[Score]", "{string: Score}", '"a" | "b" | null', "{ n: int, at?: timestamp }"])
      expectRoundTrip(step(operators, type));
  expect(compiled("p.flow", step('container "i:1"')).yaml).toContain("type: Score\n      image: i:1\n");
});

describe("holds for the options of a container by", () => {
  it.each([
    ["http", 'url: "unix:/x", ready: "/up", mode: structured, concurrency: 2'],
    ["http", "mode: binary"],
    ["stdio", "grace: 1m"],
    ["fifo", 'command: ["a"], args: ["b"], timeout: 1s, grace: 5s'],
    ["file", 'concurrency: 3, folder: "shared"'],
    ["socket", "frames: length"],
  ])("%s: %s", (io, options) => {
    const step = (operators: string) =>
      `source s { stdin {} }\nstep a from s { ${operators} }\nsink o from a { stdout {} }\n`;
    expectRoundTrip(step(`container "i:1" { io: ${io}, ${options} }`));
    expectRoundTrip(step(`filter data.x\ncontainer "i:1" { io: ${io}, ${options} }`));
    expectRoundTrip(step(`process { command: ["i"], io: ${io}, ${options.replace(/command: \["a"\], /, "")} }`));
    if (io === "http") expectRoundTrip(step(`container "i:1" { ${options} }`));
  });
});
