/** Formatting, code actions, the shape of a file, hints, lenses and previews. */
import { describe, expect, it } from "vitest";
import { around, marked } from "../../test/support/service-workspace.ts";
import { codeActions, fixAll, organizeImports } from "./code-actions.ts";
import { codeLenses } from "./code-lenses.ts";
import { foldingRanges } from "./folding.ts";
import { formatDocument, formatOnType, formatRange } from "./formatting.ts";
import { inlayHints } from "./inlay-hints.ts";
import { preview } from "./preview.ts";
import { selectionRanges } from "./selection.ts";
import { semanticTokens } from "./semantic-tokens.ts";
import type { Edit } from "./types.ts";

const apply = (text: string, edits: readonly Edit[]): string =>
  edits
    .toSorted((a, b) => b.start - a.start)
    .reduce((now, { start, end, newText }) => now.slice(0, start) + newText + now.slice(end), text);

const good = `pipeline p { kafka { brokers: ["k:1"] } }

source a {
  stdin {}
  time timestamp(data.at)
}

step b from a where data.x > 1 {
  set data.n = int(data.x)
}

window w from b {
  key data.n
  fixed 1m
  emit { n: count() }
}

sink out from w { stdout {} }

test "it runs" {
  a at 0s { x: 2 }
  expect b [{ n: 2 }]
}
`;

describe("formatting", () => {
  const messy = "source a { stdin {} }\n\n\nstep b   from a {filter true}\nsink out from b {stdout {}}\n";

  it("changes only the lines that differ", () => {
    const { ws, path, text } = marked(messy);
    const edits = formatDocument(ws, path);
    expect(apply(text, edits)).toBe(
      "source a { stdin {} }\n\nstep b from a { filter true }\nsink out from b { stdout {} }\n",
    );
    expect(edits.every(({ start }) => start >= text.indexOf("\n\n"))).toBe(true);
  });

  it("of a range leaves the rest", () => {
    const { ws, path, text } = marked(messy);
    const start = text.indexOf("sink");
    expect(apply(text, formatRange(ws, path, { start: start + 2, end: start + 3 }))).toContain(
      "sink out from b { stdout {} }",
    );
  });

  it("on type mends the declaration that was closed", () => {
    const { ws, path, offset, text } = marked("source a {stdin {}}‸\nsink b from a {stdout {}}\n");
    expect(apply(text, formatOnType(ws, path, offset))).toBe("source a { stdin {} }\nsink b from a {stdout {}}\n");
  });

  it("leaves alone what does not parse, and what is well", () => {
    const broken = marked("source a {");
    expect(formatDocument(broken.ws, broken.path)).toEqual([]);
    const fine = marked(good);
    expect(formatDocument(fine.ws, fine.path)).toEqual([]);
  });
});

describe("code actions", () => {
  const wrong = "source orders { stdin {} }\nsink out from ordres { stdout {} }\nsink more from orders { stdoot {} }\n";

  it("are the fixes of the diagnostics at the place, and all of the file's at once", () => {
    const { ws, path, text } = marked(wrong);
    const at = text.indexOf("ordres");
    const actions = codeActions(ws, path, { start: at, end: at });
    expect(actions.map(({ kind, title }) => `${kind} ${title}`)).toEqual([
      "quickfix Change to 'orders'",
      "source.fixAll.flow Fix all that can be fixed",
    ]);
    expect(ws.file(path).diagnostics[actions[0]!.diagnostic!]!.at.start).toBe(at);
    ws.change(path, apply(text, fixAll(ws, path)));
    expect(ws.file(path).diagnostics).toEqual([]);
  });

  it("import a type, a function or a param that another file declares", () => {
    const others = { "lib/a.flow": "type Team { id: string }\nfn twice(n: int): int = n * 2\nparam least: int = 3\n" };
    const fixed = (find: string): string => {
      const { ws, path, offset, text } = marked(
        `pipeline p\n\nsource teams${find} { stdin {} }\n\nsink out from teams { stdout {} }\n`,
        others,
      );
      const action = codeActions(ws, path, { start: offset, end: offset }).find(({ title }) =>
        title.startsWith("Import"),
      );
      expect(action?.title).toMatch(/^Import '\w+' from "\.\/lib\/a\.flow"$/);
      return apply(text, action!.edits());
    };
    expect(fixed(": Te‸am")).toMatch(/^pipeline p\n\nimport "\.\/lib\/a\.flow"\n\nsource teams: Team/);
    expect(fixed(" { stdin {} }\nstep a from teams { filter tw‸ice(data.n) > 1 }\nsource more")).toContain("import ");
    expect(fixed(" { stdin {} }\nstep a from teams { filter data.n > le‸ast }\nsource more")).toContain("import ");
  });

  it("sort imports and take away double ones", () => {
    const others = { "a.flow": "fn f(x: int): int = x\n", "b.flow": "fn g(x: int): int = x\n" };
    const { ws, path, text } = marked(
      'import "./b.flow"\nimport "./a.flow"\nimport "./b.flow"\nparam n: int = 1\n',
      others,
    );
    expect(apply(text, organizeImports(ws, path))).toBe('import "./a.flow"\nimport "./b.flow"\nparam n: int = 1\n');
  });
});

describe("the shape of a file", () => {
  it("folds what is whole in a file that is not", () => {
    const { ws, path, text } = marked("step a from b {\n  filter data.\n}\nsink c from a {\n  file {\n    path: \n");
    const folds = foldingRanges(ws, path);
    expect(folds.map(({ start }) => text.slice(start, start + 6))).toContain("step a");
    for (const { start, end } of folds) expect(text.slice(start, end).length).toBeGreaterThan(0);
  });

  it("folds declarations and blocks of several lines", () => {
    const { ws, path, text } = marked(`// one\n// two\n${good}`);
    expect(foldingRanges(ws, path).map(({ start, kind }) => `${kind} ${text.slice(start, start + 6)}`)).toEqual([
      "comment // one",
      "region source",
      "region step b",
      "region window",
      'region test "',
    ]);
  });

  it("grows a selection from the word to the file", () => {
    const { ws, path, offset, text } = marked(good.replace("int(data.x)", "int(data.‸x)"));
    expect(selectionRanges(ws, path, offset).map(({ start, end }) => text.slice(start, end).slice(0, 24))).toEqual([
      "x",
      "data.x",
      "int(data.x)",
      "= int(data.x)",
      "set data.n = int(data.x)",
      "step b from a where data",
      "pipeline p { kafka { bro",
    ]);
  });

  it("colours words by what they mean", () => {
    const { ws, path, text } = marked("/// Doc.\nstep b from a {\n  filter data.window.size() > 1 // why\n}\n");
    expect(semanticTokens(ws, path).map(({ start, end, type }) => `${text.slice(start, end)}:${type}`)).toEqual([
      "/// Doc.:comment",
      "step:keyword",
      "b:class",
      "from:keyword",
      "a:class",
      "filter:keyword",
      "data:variable",
      "window:property",
      "size:method",
      ">:operator",
      "1:number",
      "// why:comment",
    ]);
  });

  it("colours the type of a step", () => {
    const { ws, path, text } = marked('type T { n: int }\nstep b: T from a { process { command: ["b"] } }\n');
    expect(semanticTokens(ws, path).map(({ start, end, type }) => `${text.slice(start, end)}:${type}`)).toEqual(
      expect.arrayContaining(["b:class", "T:type", "from:keyword", "a:class", "process:keyword"]),
    );
  });

  it("gives coloured words in order, one line each, without overlaps, and the same for a part", () => {
    const { ws, path, text } = marked(good.replace('["k:1"]', '["""\nx\n"""]'));
    const tokens = semanticTokens(ws, path);
    for (const [i, token] of tokens.entries()) {
      expect(text.slice(token.start, token.end)).not.toContain("\n");
      expect(token.start).toBeGreaterThanOrEqual(tokens[i - 1]?.end ?? 0);
    }
    const span = { start: text.indexOf("window w"), end: text.indexOf("sink out") };
    expect(semanticTokens(ws, path, span)).toEqual(
      tokens.filter(({ start, end }) => start <= span.end && end >= span.start),
    );
  });

  it("hints at types that are not written, and where data crosses a topic", () => {
    const { ws, path, text } = marked(good);
    expect(
      inlayHints(ws, path).map(({ offset, label }) => `${text.slice(0, offset).split("\n").at(-1)}[${label}]`),
    ).toEqual(["window w[: { n: int }]", "window w from b[⇢ topic]", "  fixed 1m[lateness 0s]"]);
  });

  it("hints at defaults that change the outcome, and says what they mean", () => {
    const { ws, path, text } = marked(`source a { kafka { brokers: ["k:1"], topic: "t" } time timestamp(data.at) }
window w from a {
  key data.x
  fixed 1m
  early every 10s
  emit { n: count() }
}
sink out from w {
  http { url: "http://x" }
  retry 5
}
`);
    expect(
      inlayHints(ws, path)
        .filter(({ kind }) => kind === "default")
        .map(
          ({ offset, label, tooltip }) =>
            `${text.slice(0, offset).split("\n").at(-1)}[${label}] ${tooltip.length > 20}`,
        ),
    ).toEqual([
      'source a { kafka[start: "earliest"] true',
      "  fixed 1m[lateness 0s] true",
      "  early every 10s[panes accumulate] true",
      "  retry 5[backoff 100ms..10s] true",
      "  retry 5[else dead_letter] true",
    ]);
  });

  it("counts neighbours above each node, and offers to run and to test", () => {
    const { ws, path, text } = marked(good);
    expect(codeLenses(ws, path).map(({ span, title }) => `${text.slice(span.start, span.end)}: ${title}`)).toEqual([
      "pipeline: run",
      "a: 0 upstream · 1 downstream",
      "b: 1 upstream · 1 downstream",
      "w: 1 upstream · 1 downstream",
      "out: 1 upstream · 0 downstream",
      "test: test",
    ]);
  });
});

describe("previews", () => {
  it("show the custom resource, and lead from its fields back to the source", () => {
    const { ws, path, text } = marked(good);
    const { text: yaml, mappings, problem } = preview(ws, path, "resource");
    expect(ws.file(path).diagnostics).toEqual([]);
    expect(problem).toBeUndefined();
    const sourceOf = (wanted: string): string => {
      const at = yaml.indexOf(wanted);
      return around(text, mappings.find(({ span }) => span.start <= at && at < span.end)!.source);
    };
    expect(yaml).toContain("kind: Pipeline");
    expect(sourceOf("fixed:")).toContain("«fixed 1m»");
    expect(sourceOf("data.x > 1")).toContain("«data.x > 1»");
  });

  it.each(["runtime", "ir"] as const)("show the %s, with nodes and expressions leading back", (kind) => {
    const { ws, path, text } = marked(good);
    const shown = preview(ws, path, kind);
    const sources = new Set(shown.mappings.map(({ source }) => text.slice(source.start, source.end)));
    expect([...sources]).toEqual(expect.arrayContaining(["a", "b", "w", "out", "data.x > 1"]));
    const condition = shown.mappings.find(({ source }) => text.slice(source.start, source.end) === "data.x > 1")!;
    expect(JSON.parse(shown.text.slice(condition.span.start, condition.span.end))).toBeTypeOf("object");
  });

  it("show the graph, with the nodes leading back", () => {
    const kind = "graph";
    const { ws, path, text } = marked(good);
    const shown = preview(ws, path, kind);
    expect(shown.text.length).toBeGreaterThan(100);
    expect(new Set(shown.mappings.map(({ source }) => text.slice(source.start, source.end)))).toEqual(
      new Set(["a", "b", "w", "out"]),
    );
  });

  it("say what is in the way", () => {
    const { ws, path } = marked("source a { stdin {} }\nsink b from c { stdout {} }\n");
    expect(preview(ws, path, "resource")).toMatchObject({ text: "", problem: "An error has to be mended first." });
  });
});
