/** The generated grammar sees what the scanner and the language server see. */
import { globSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { flowGrammar } from "../../compiler/emit/editor/grammar.ts";
import { embeddedLanguages } from "../../compiler/emit/editor/grammar-embedded.ts";
import { markdownGrammar } from "../../compiler/emit/editor/grammar-markdown.ts";
import { semanticTokens } from "../../compiler/service/semantic-tokens.ts";
import { Workspace } from "../../compiler/service/workspace.ts";
import { memoryHost } from "../../compiler/source/host.ts";
import { scan } from "../../compiler/syntax/scan.ts";
import { scopesOf } from "../../test/support/text-mate-scopes.ts";

const files = [...globSync("examples/*/*.flow"), ...globSync("test/goldens/*/*.flow")].sort();
const scopes = await scopesOf("source.flow", { "source.flow": flowGrammar() });

/** What the innermost scopes of a character say it is. */
function kindOf(all: readonly string[] | undefined): string {
  for (const scope of [...(all ?? [])].reverse()) {
    if (/^punctuation\.separator/.test(scope)) return "punctuation";
    if (/^comment/.test(scope)) return /documentation/.test(scope) ? "doc comment" : "comment";
    if (/^string\..*bytes/.test(scope)) return "bytes";
    if (/^string/.test(scope)) return "string";
    if (/^invalid\.illegal\.number|^constant\.numeric/.test(scope)) {
      const kind = scope.split(".")[2];
      return kind === "duration" || kind === "size" || kind === "double" ? kind : "number";
    }
    if (/^keyword\.operator(?!\.word)/.test(scope)) return "operator";
    if (/^punctuation\.(?!definition)/.test(scope)) return "punctuation";
    if (/^(keyword|entity|variable|support|constant\.language)/.test(scope)) return "word";
    if (/^invalid/.test(scope)) return "invalid";
  }
  return "nothing";
}

const wanted: Readonly<Record<string, readonly string[]>> = {
  Word: ["word"],
  QuotedName: ["word"],
  String: ["string"],
  Bytes: ["bytes"],
  Int: ["number"],
  Uint: ["number"],
  Double: ["double"],
  Duration: ["duration"],
  Size: ["size"],
  Operator: ["operator"],
  Minus: ["operator"],
  Not: ["operator"],
  Equals: ["operator"],
  Pipe: ["operator"],
  Question: ["operator", "punctuation"],
  Ellipsis: ["operator"],
  DotDot: ["operator"],
};

/** Where the grammar and the scanner differ. */
function differences(name: string, text: string): readonly string[] {
  const seen = scopes(text);
  const { tokens, comments } = scan(text, () => {});
  const found: string[] = [];
  const expectKind = (start: number, end: number, kinds: readonly string[], what: string): void => {
    const both = [kindOf(seen[start]), kindOf(seen[end - 1])];
    if (!both.every((kind) => kinds.includes(kind)))
      found.push(`${name}:${text.slice(0, start).split("\n").length} ${text.slice(start, end)}: ${what}, ${both}`);
  };
  for (const { startOffset: start, end, tokenType, broken } of tokens)
    if (end > start && !broken) expectKind(start, end, wanted[tokenType.name] ?? ["punctuation"], tokenType.name);
  for (const { span, kind } of comments)
    expectKind(span.start, span.end, kind === "doc" ? ["doc comment"] : ["comment", "invalid"], kind);
  return found;
}

/** Every form of literal, comment and operator, many of which no example needs. */
const forms = `/// Documentation
//// four slashes are no documentation
# not ours
step a from b { /* a block
  of two lines */ filter data.x == "a \\n \\u00e9 \\" b" /* and more */ && 'single' != r"raw \\" }
step c from b {
  map {
    triple: """one "quoted" word
      // no comment """, raw: r'''it's \\ ''', bytes: b"\\x00", both: bR"\\",
    hex: 0xFF, unsigned: 12u, whole: 12, fraction: 1.5, small: .5, large: 1e9, least: 2.5E-3,
    long: 1h30m, short: 250ms, half: 1.5s, size: 64KiB, other: 1.5MB, byte: 1B,
    \`quoted name\`: data.\`other name\`, "b c": data.?x.orValue(0), list: [...data.items, -1], not: !data.y,
    choice: data.a ? key : window, pick: data.a<=1||data.b>=2&&data.c<3, ratio: data.a/2*3%4-5+6
  }
  throttle 100/s
  retry 3 backoff 100ms..1m else drop // done
}
fn f(a: string, b: {string: int}): [double] = a == "" ? [1.0] : [2.0]
param p: "x" | "y" = "x"
type T { a?: string | null, "b c": [{ d: int }] }
source s: { a: int } { stdin {} }
`;

describe("the grammar and the scanner", () => {
  it.each(files)("see the same tokens in %s", (path) => {
    expect(differences(path, readFileSync(path, "utf8"))).toEqual([]);
  });

  it("see the same tokens in every form of literal", () => {
    expect(differences("forms", forms)).toEqual([]);
  });

  it("agree again from the next declaration on, where a brace or a quote is missing", () => {
    for (const broken of [
      "step a from b {\n  map { x: 1\n",
      'step a from b { log "open\n}\n',
      "step a from b { filter (1\n",
    ]) {
      const text = `${broken}\nsource s { stdin {} }\n`;
      const at = text.indexOf("source");
      expect(scopes(text)[at]?.at(-1), broken).toBe("keyword.control.declaration.flow");
      expect(scopes(text)[text.indexOf("stdin")]?.at(-1), broken).toBe("keyword.control.connector.flow");
    }
  });

  it("marks escapes, and those that are none", () => {
    const seen = scopes('step a from b { log "\\n\\q" }');
    expect([seen[21], seen[23]].map((all) => all?.at(-1))).toEqual([
      "constant.character.escape.flow",
      "invalid.illegal.escape.flow",
    ]);
  });
});

const roleOf = (all: readonly string[] | undefined): string => all?.at(-1) ?? "";
/** What the editor, and `semanticTokenScopes` of the manifest, take a token's type for: a theme gives both one colour. */
const roles: Readonly<Record<string, RegExp>> = {
  keyword: /^keyword\.control/,
  "keyword.defaultLibrary": /^constant\.language/,
  enumMember: /^constant\.language/,
  "variable.defaultLibrary": /^support\.variable/,
  function: /function/,
  method: /function|property/,
  type: /type|function/,
};
const notKeyword = /^(?!keyword)/;

describe("the grammar and the server's colours", () => {
  it.each(files.filter((path) => !path.includes("broken")))("agree on every word in %s", (path) => {
    const text = readFileSync(path, "utf8");
    const seen = scopes(text);
    const ws = new Workspace(memoryHost({ [path]: text }));
    const found = semanticTokens(ws, path).flatMap(({ start, end, type, modifiers }) => {
      const word = text.slice(start, end);
      if (!/^[A-Za-z_]/.test(word) || type === "comment" || type === "string") return [];
      const role = roleOf(seen[start]);
      return (roles[[type, ...modifiers].join(".")] ?? roles[type] ?? notKeyword).test(role)
        ? []
        : [`${path}:${text.slice(0, start).split("\n").length} ${word}: ${type}, ${role}`];
    });
    expect(found).toEqual([]);
  });
});

describe("code of another language", () => {
  const javascript = {
    name: "JavaScript",
    scopeName: "source.js",
    patterns: [
      { name: "keyword.js", match: "\\b(?:export|default|return)\\b" },
      { name: "meta.block.js", begin: "\\{", end: "\\}", patterns: [{ include: "$self" }] },
    ],
    repository: {},
  };
  const step = (code: string): string =>
    `step a from b {\n  code javascript ${code} { timeout: 1s }\n}\nsource s { stdin {} }\n`;

  it("is coloured by its own grammar, and what is behind it by ours, whatever the code leaves open", async () => {
    const colours = await scopesOf("source.flow", { "source.flow": flowGrammar(), "source.js": javascript });
    for (const code of [
      `"""\nexport default (e) => { return e }\n"""`,
      `r"""\nexport default (e) => {{{\n  return\n"""`,
      `'''export\ndefault {\n}'''`,
    ]) {
      const text = step(code);
      const seen = colours(text);
      const at = (word: string): readonly string[] => seen[text.indexOf(word)] ?? [];
      expect([at("default").includes("meta.embedded.block.javascript"), at("default").at(-1)]).toEqual([
        true,
        "keyword.js",
      ]);
      expect(kindOf(at("1s")), code).toBe("duration");
      expect(at("source").at(-1), code).toBe("keyword.control.declaration.flow");
    }
  });

  it("on one line is a string", () => {
    const text = step(`"""export default 1"""`);
    expect([kindOf(scopes(text)[text.indexOf('"""')]), kindOf(scopes(text)[text.indexOf("1s")])]).toEqual([
      "string",
      "duration",
    ]);
  });

  it("is known to the editor by the scope that the manifest names", () => {
    const manifest = JSON.parse(readFileSync("vscode-extension/package.json", "utf8"));
    const grammar = manifest.contributes.grammars.find(
      ({ scopeName }: { readonly scopeName: string }) => scopeName === "source.flow",
    );
    expect(grammar.embeddedLanguages).toEqual(embeddedLanguages);
  });
});

describe("fences in Markdown", () => {
  it("are coloured as .flow, and what is around them is not", async () => {
    const page = {
      name: "Markdown",
      scopeName: "text.html.markdown",
      patterns: [{ name: "meta.paragraph.markdown", match: "[A-Za-z ]+" }],
      repository: {},
    };
    const grammars = {
      "text.html.markdown": page,
      "markdown.flow.codeblock": markdownGrammar(),
      "source.flow": flowGrammar(),
    };
    const markdown = await scopesOf("text.html.markdown", grammars, {
      "text.html.markdown": ["markdown.flow.codeblock"],
    });
    const text = "source of all\n\n```flow\nsource a { stdin {} }\n```\n\nsource again\n\n```js\nsource a\n```\n";
    const seen = markdown(text);
    const keywords = [...text.matchAll(/source/g)].map(({ index }) =>
      seen[index]?.includes("keyword.control.declaration.flow"),
    );
    expect(keywords).toEqual([false, true, false, false]);
    expect(seen[text.indexOf("stdin")]).toContain("meta.embedded.block.flow");
  });
});
