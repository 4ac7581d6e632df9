/** Definitions, references, rename, outlines, links and the hierarchy of nodes. */
import { describe, expect, it } from "vitest";
import { around, marked } from "../../test/support/service-workspace.ts";
import { definition, typeDefinition } from "./definition.ts";
import { documentLinks } from "./document-links.ts";
import { downstream, prepareHierarchy, upstream } from "./hierarchy.ts";
import { highlights, references } from "./references.ts";
import { linkedEditing, prepareRename, rename } from "./rename.ts";
import { renameFile } from "./rename-files.ts";
import { documentSymbols, workspaceSymbols } from "./symbols.ts";
import type { Workspace } from "./workspace.ts";

const common = `type Order { id: string, items: [{ sku: string }] }
param least: int = 3
fn large(n: int): bool = n > least
`;
const main = `import "./common.flow"
source orders: Order { stdin {} }
step big from orders {
  filter large(data.items.size()) && data.items.exists(item, item.sku != "")
  set data.n = least
}
sink out from big { stdout {} }
`;
const other = `import "./common.flow"
source more: Order { stdin {} }
step few from more { filter !large(1) }
sink out from few { stdout {} }
`;
const others = { "common.flow": common, "other.flow": other };

const texts = (ws: Workspace, spans: readonly { start: number; end: number; file?: string }[], path = "main.flow") =>
  spans.map((span) => `${span.file ?? path}: ${around(ws.source(span.file ?? path).text, span)}`);

const at = (find: string, text = main) => marked(text.replace(find.replace("‸", ""), find), others);

describe("definition", () => {
  const go = (find: string) => {
    const { ws, path, offset } = at(find);
    return texts(
      ws,
      definition(ws, path, offset).map((one) => one.at),
    );
  };

  it("finds nodes, types, functions, params, variables, fields and files", () => {
    expect(go("from ord‸ers")).toEqual(["main.flow: source «orders»: Order { stdin {} }"]);
    expect(go("orders: Or‸der")).toEqual(["common.flow: type «Order» { id: string, items: [{ sku: string }] }"]);
    expect(go("filter lar‸ge")).toEqual(["common.flow: fn «large»(n: int): bool = n > least"]);
    expect(go("= lea‸st")).toEqual(["common.flow: param «least»: int = 3"]);
    expect(go("it‸em.sku")).toEqual([
      'main.flow: filter large(data.items.size()) && data.items.exists(«item», item.sku != "")',
    ]);
    expect(go("item.sk‸u")).toEqual(["common.flow: type Order { id: string, items: [{ «sku»: string }] }"]);
    expect(go('"./comm‸on')).toEqual(["common.flow: «»type Order { id: string, items: [{ sku: string }] }"]);
  });

  it("of a type leads from a value to the type it has", () => {
    const { ws, path, offset } = at("large(da‸ta");
    expect(
      texts(
        ws,
        typeDefinition(ws, path, offset).map((one) => one.at),
      ),
    ).toEqual(["common.flow: type «Order» { id: string, items: [{ sku: string }] }"]);
  });
});

describe("references", () => {
  it("are found in every file that reads the declaration", () => {
    const { ws, path, offset } = at("filter lar‸ge");
    expect(texts(ws, references(ws, path, offset, true))).toEqual([
      "common.flow: fn «large»(n: int): bool = n > least",
      'main.flow: filter «large»(data.items.size()) && data.items.exists(item, item.sku != "")',
      "other.flow: step few from more { filter !«large»(1) }",
    ]);
  });

  it("are highlighted in their file, the declaration as written", () => {
    const { ws, path, offset, text } = at("source ord‸ers");
    expect(highlights(ws, path, offset).map((one) => `${one.kind} ${around(text, one)}`)).toEqual([
      "write source «orders»: Order { stdin {} }",
      "read step big from «orders» {",
    ]);
  });
});

describe("rename", () => {
  const renamed = (find: string, to: string) => {
    const { ws, path, offset } = at(find);
    const { edits, refusal } = rename(ws, path, offset, to);
    if (refusal !== undefined) return refusal;
    for (const edit of edits.toSorted((a, b) => b.start - a.start)) ws.change(edit.file, [edit]);
    return ["main.flow", "common.flow", "other.flow"].map((file) => ws.source(file).text);
  };

  it("changes every use in every file, and nothing else", () => {
    expect(renamed("filter lar‸ge", "huge")).toEqual(
      [main, common, other].map((text) => text.replaceAll(/\blarge\b/g, "huge")),
    );
    expect(renamed("orders: Or‸der", "Purchase")).toEqual(
      [main, common, other].map((text) => text.replaceAll(/\bOrder\b/g, "Purchase")),
    );
    expect(renamed("= lea‸st", "limit")).toEqual(
      [main, common, other].map((text) => text.replaceAll("least", "limit")),
    );
    expect(renamed("exists(it‸em", "line")).toEqual([main.replace("(item, item", "(line, line"), common, other]);
  });

  it("refuses what would mean something else, and says why", () => {
    expect(renamed("from ord‸ers", "big")).toBe("There is already a step 'big'.");
    expect(renamed("from ord‸ers", "Big One")).toMatch(/^'Big One' is no name/);
    expect(renamed("filter lar‸ge", "data")).toBe("'data' is a word of the language.");
    expect(renamed("exists(it‸em", "least")).toBe("There is already a param 'least'.");
    const nested = marked(
      "source a { stdin {} }\nstep b from a { filter data.x.exists(i‸i, ii.y.exists(j, j == ii)) }\n",
    );
    expect(rename(nested.ws, nested.path, nested.offset, "j").refusal).toMatch(/means something else/);
    expect(renamed("item.sk‸u", "a code")).toMatch(/^'a code' is no name of a field/);
  });

  it("says beforehand whether there is a name to change", () => {
    const { ws, path, offset, text } = at("from ord‸ers");
    expect(around(text, prepareRename(ws, path, offset)!.span)).toBe("step big from «orders» {");
    const keyword = at("ste‸p big");
    expect(prepareRename(keyword.ws, keyword.path, keyword.offset)).toBeUndefined();
  });

  it("changes a variable and its uses together", () => {
    const { ws, path, offset, text } = at("exists(it‸em");
    expect(linkedEditing(ws, path, offset).map(({ start, end }) => text.slice(start, end))).toEqual(["item", "item"]);
  });

  it("of a file mends the imports of it, and its own", () => {
    const { ws } = at("ste‸p big");
    expect(renameFile(ws, "common.flow", "lib/types.flow").map(({ file, newText }) => [file, newText])).toEqual([
      ["main.flow", '"./lib/types.flow"'],
      ["other.flow", '"./lib/types.flow"'],
    ]);
    expect(renameFile(ws, "main.flow", "deep/er/main.flow")).toMatchObject([{ newText: '"../../common.flow"' }]);
  });
});

describe("outlines", () => {
  it("name the declarations of a file with their clauses and fields", () => {
    const { ws, path } = at("ste‸p big");
    const outline = documentSymbols(ws, path).map(({ name, kind, detail, children }) => [
      kind,
      name,
      detail,
      children.map((child) => child.name).join(" "),
    ]);
    expect(outline).toEqual([
      ["import", "./common.flow", "", ""],
      ["source", "orders", ": Order", "stdin"],
      ["step", "big", "from orders", "filter set"],
      ["sink", "out", "from big", "stdout"],
    ]);
    expect(documentSymbols(ws, "common.flow")[0]!.children.map(({ name }) => name)).toEqual(["id", "items"]);
  });

  it("of the workspace find a name by its letters", () => {
    const { ws } = at("ste‸p big");
    expect(workspaceSymbols(ws, "or").map(({ name, at }) => `${name} ${at.file}`)).toEqual([
      "orders main.flow",
      "Order common.flow",
      "more other.flow",
    ]);
  });

  it("link the file that a source or a table reads, and no pattern", () => {
    const { ws, path, text } = marked(`source a { file { path: "a.ndjson" } }
source b { file { path: "logs/*.csv" } }
source c { file { path: "-" } }
table t { file { path: "data/t.json" } key data.id }
sink out from a { file { path: "out.ndjson" } }
`);
    expect(documentLinks(ws, path).map(({ span, target }) => [text.slice(span.start, span.end), target])).toEqual([
      ["a.ndjson", "a.ndjson"],
      ["data/t.json", "data/t.json"],
    ]);
  });

  it("link the files that are named", () => {
    const { ws, path, text } = at("ste‸p big");
    const [link] = documentLinks(ws, path);
    expect([link!.target, around(text, link!.span)]).toEqual(["common.flow", 'import "«./common.flow»"']);
  });
});

it("walks the pipeline upstream and downstream as a call hierarchy", () => {
  const { ws, path, offset, text } = at("step b‸ig");
  const [item] = prepareHierarchy(ws, path, offset);
  expect(item!.name).toBe("big");
  expect(upstream(ws, item!).map((call) => [call.item.name, around(text, call.from[0]!)])).toEqual([
    ["orders", "step big from «orders» {"],
  ]);
  expect(downstream(ws, item!).map((call) => call.item.name)).toEqual(["out"]);
});

describe("a field that no type declares", () => {
  const flow = `source raw { stdin {} }
step a from raw { set data.kind = data.k set data.to.city = "x" }
step b from raw { map { kind: "b", in: { n: 1 } } }
window w from a, b {
  key data.kind
  fixed 1m
  emit { kind: key, n: count() }
}
step c from b { filter data.in.n > 0 && data.kind != "" }
step d from a { filter data.to.city == "" && data.to != null }
sink out from w where data.kind == "x" { stdout {} }
sink rest from c, d { stdout {} }
test "one" {
  raw at 0s { k: "x" }
  expect w [{ kind: "x" }]
}
`;
  const lead = (find: string) => {
    const { ws, path, offset } = marked(flow.replace(find.replace("‸", ""), find));
    return texts(
      ws,
      definition(ws, path, offset).map((one) => one.at),
    );
  };

  it("leads to where it is made, in every branch", () => {
    expect(lead("key data.ki‸nd")).toEqual([
      'main.flow: step a from raw { set data.«kind» = data.k set data.to.city = "x" }',
      'main.flow: step b from raw { map { «kind»: "b", in: { n: 1 } } }',
    ]);
    expect(lead("where data.ki‸nd")).toEqual(["main.flow: emit { «kind»: key, n: count() }"]);
    expect(lead("data.in.n‸ >")).toEqual(['main.flow: step b from raw { map { kind: "b", in: { «n»: 1 } } }']);
    expect(lead("data.t‸o !=")).toEqual([
      'main.flow: step a from raw { set data.kind = data.k set data.«to».city = "x" }',
    ]);
    expect(lead('[{ ki‸nd: "x"')).toEqual(["main.flow: emit { «kind»: key, n: count() }"]);
    expect(lead("= data.k‸ ")).toEqual([]);
  });

  it("is found, and highlighted, where it is read", () => {
    const { ws, path, offset, text } = marked(flow.replace("emit { kind", "emit { ki‸nd"));
    const places = ["emit { «kind»: key, n: count() }", 'sink out from w where data.«kind» == "x" { stdout {} }'];
    expect(texts(ws, references(ws, path, offset, true))).toEqual(
      [...places, 'expect w [{ «kind»: "x" }]'].map((one) => `main.flow: ${one}`),
    );
    expect(references(ws, path, offset, false)).toHaveLength(2);
    expect(
      highlights(ws, path, offset)
        .map((one) => `${one.kind} ${around(text, one)}`)
        .slice(0, 2),
    ).toEqual([`write ${places[0]}`, `read ${places[1]}`]);
    expect(rename(ws, path, offset, "sort")).toEqual({
      refusal: expect.stringMatching(/^'kind' is no field of a type that is declared here/),
    });
  });
});

describe("in a file that is not whole", () => {
  const broken = `type Order { id: string, total: double }
source orders: Order { stdin {} }
step big from orders {
  filter data.
  set data.n =
}
window pairs from big as left, orders as right {
  join left.data.id == right.data.id && right.
  fixed
sink out from big { stdout {}
`;
  const here = (find: string) => marked(broken.replace(find.replace("‸", ""), find));

  it("the pipeline is walked upstream and downstream", () => {
    const { ws, path, offset } = here("step bi‸g");
    const [item] = prepareHierarchy(ws, path, offset);
    expect(upstream(ws, item!).map((call) => call.item.name)).toEqual(["orders"]);
    expect(downstream(ws, item!).map((call) => call.item.name)).toEqual(["pairs", "out"]);
  });

  it("a node leads to its type, and a field to where it is declared or made", () => {
    const { ws, path, offset } = here("from ord‸ers {");
    expect(
      texts(
        ws,
        typeDefinition(ws, path, offset).map(({ at }) => at),
      ),
    ).toEqual(["main.flow: type «Order» { id: string, total: double }"]);
    const field = here("right.data.i‸d");
    expect(
      texts(
        field.ws,
        definition(field.ws, field.path, field.offset).map(({ at }) => at),
      ),
    ).toEqual(["main.flow: type Order { «id»: string, total: double }"]);
  });

  it("an alias is typed at once where it is declared and used", () => {
    const { ws, path, offset, text } = here("as lef‸t");
    expect(linkedEditing(ws, path, offset).map((span) => around(text, span))).toEqual([
      "window pairs from big as «left», orders as right {",
      "join «left».data.id == right.data.id && right.",
    ]);
  });
});
