/** Rename: of every kind of name, there and back, in every file of this repository; fields; and what is refused. */
import { describe, expect, it } from "vitest";
import { diskHost, marked, realFiles } from "../../test/support/service-workspace.ts";
import { scan } from "../syntax/scan.ts";
import { prepareRename, rename, renameRefusal } from "./rename.ts";
import { renameFilesInSteps } from "./rename-files.ts";
import { atOnce } from "./steps.ts";
import type { Edit } from "./types.ts";
import { Workspace } from "./workspace.ts";

const types = `type Order {
  id: string
  lines: [{ sku: string, qty: int }]
  buyer?: { name: string }
  total: double
}
`;
const shop = `import "./types.flow"
fn large(o: Order): bool = o.total > 10.0
fn empty(id: string): Order = { id: id, lines: [], total: 0.0 }
param first: Order = { id: "a", lines: [], total: 1.0 }
source orders: Order { stdin {} }
step paid from orders where data.total > 1.0 {
  filter large(data) && data.lines.exists(line, line.qty > 1 && line.sku != "") && data.id != first.id
  set data.total = data.total * 2.0
  filter data.total > 3.0 && has(data.buyer.name)
  remove data.buyer.name
}
step made from orders { map { total: data.total, other: empty("x").total } }
sink out from paid { stdout {} }
sink more: Order from remade { stdout {} }
step remade from orders { map { id: data.id, lines: data.lines, total: 2.0 } }
step last from remade { filter data.total > 1.0 }
sink end from last, made { stdout {} }
test "it works" {
  orders at 0s { id: "a", lines: [{ sku: "s", qty: 2 }], "total": 4.0, buyer: { name: "b" } }
  expect paid [{ total: 8.0 }]
}
`;
const other = `import "./types.flow"
source o: Order { stdin {} }
sink p from o where data.total > 5.0 { stdout {} }
`;

/** The texts of all files after the edits; or why there are none. */
function renamed(
  text: string,
  to: string,
  others: Readonly<Record<string, string>> = {},
): Record<string, string> | string {
  const { ws, path, offset } = marked(text, others);
  const { edits, refusal } = rename(ws, path, offset, to);
  if (refusal !== undefined) return refusal;
  apply(ws, edits);
  return Object.fromEntries(["main.flow", ...Object.keys(others)].map((file) => [file, ws.source(file).text]));
}

function apply(ws: Workspace, edits: readonly Edit[]): void {
  for (const edit of edits.toSorted((a, b) => b.start - a.start)) ws.change(edit.file, [edit]);
}

describe("a field of a declared type", () => {
  it("is renamed in its type and wherever a value of that type is read, made, written to or tested", () => {
    const expected = {
      "main.flow": shop.replaceAll("total", "amount").replace("map { amount: data.amount", "map { total: data.amount"),
      "types.flow": types.replace("total", "amount"),
      "other.flow": other.replace("total", "amount"),
    };
    for (const place of [
      "where data.tot‸al > 1",
      "o.‸total >",
      "set data.total‸ =",
      '"to‸tal": 4.0',
      "id: id, lines: [], tot‸al",
    ])
      expect(
        renamed(shop.replace(place.replace("‸", ""), place), "amount", { "types.flow": types, "other.flow": other }),
      ).toEqual(expected);
  });

  it("is renamed from its declaration, and inside lists and records", () => {
    const main = types.replace("qty", "q‸ty");
    const uses = { "shop.flow": shop.replace("./types.flow", "./main.flow") };
    expect(renamed(main, "count", uses)).toEqual({
      "main.flow": types.replace("qty", "count"),
      "shop.flow": uses["shop.flow"].replaceAll("qty", "count"),
    });
    expect(renamed(types.replace("name", "na‸me"), "called", uses)).toMatchObject({
      "shop.flow": uses["shop.flow"].replaceAll(/\bname\b/g, "called"),
    });
  });

  it("is renamed where user code answers with the type, and so is the type", () => {
    const flow = (type: string, field: string, of: string) => `type ${type} { ${of}: double }
source a: ${type} { stdin {} }
step s: ${type} from a {
  map { score: data.${field} }
  process { command: ["s"] }
  filter data.${field} > 0.5
}
sink out from s where data.${field} < 0.9 { stdout {} }
test "t" { a at 0s { ${field}: 1.0 } expect s [{ ${field}: 0.7 }] }
`;
    const before = flow("Score", "score", "score");
    const after = { "main.flow": flow("Score", "rate", "rate") };
    for (const place of ["filter data.sc‸ore", "where data.sco‸re", "expect s [{ sc‸ore"])
      expect(renamed(before.replace(place.replace("‸", ""), place), "rate")).toEqual(after);
    expect(renamed(before.replace("s: Score", "s: Sc‸ore"), "Mark")).toEqual({
      "main.flow": flow("Mark", "score", "score"),
    });
  });

  it("is refused where the type has a field of that name, and where the name is none", () => {
    const at = (to: string) => renamed(shop.replace("data.total", "data.to‸tal"), to, { "types.flow": types });
    expect(at("id")).toMatch(/^It would make a new problem, in line \d+ of /);
    expect(at("a b")).toMatch(/^'a b' is no name of a field/);
  });

  it("is refused where its type is not written here", () => {
    const files = { "s.json": '{ "type": "object", "properties": { "id": { "type": "string" } } }' };
    const text =
      'type T from schema("s.json")\nsource a: T { stdin {} }\nsink b from a where data.i‸d == "" { stdout {} }\n';
    expect(renamed(text, "key", files)).toMatch(/^'id' is no field of a type that is declared here/);
    const { ws, path, offset } = marked(text, files);
    expect([prepareRename(ws, path, offset), renameRefusal(ws, path, offset)]).toEqual([
      undefined,
      expect.stringContaining("'id'"),
    ]);
  });
});

it("of a folder mends the imports of what is inside it, and those inside it", () => {
  const { ws } = marked('import "./lib/a.flow"\nimport "./c.flow"\n', {
    "lib/a.flow": 'import "./b.flow"\nimport "../c.flow"\n',
    "lib/b.flow": "",
    "c.flow": "",
  });
  const edits = atOnce(renameFilesInSteps(ws, [{ from: "lib", to: "deep/er/lib" }]));
  expect(edits.map(({ file, newText }) => `${file} ${newText}`)).toEqual([
    'main.flow "./deep/er/lib/a.flow"',
    'lib/a.flow "../../../c.flow"',
  ]);
});

describe.each(realFiles())("in %s", (file) => {
  it("every name is renamed without a new diagnostic, or refused with a reason, and back to the same text", () => {
    const ws = new Workspace(diskHost, {
      files: () => realFiles().filter((one) => one.startsWith(file.replace(/[^/]*$/, ""))),
    });
    const { text } = ws.source(file);
    const seen = new Set<string>();
    const wrong: string[] = [];
    for (const { startOffset } of scan(text, () => {}).tokens) {
      const place = prepareRename(ws, file, startOffset);
      if (!place) continue;
      const at = rename(ws, file, startOffset, "renamed_x").edits ?? rename(ws, file, startOffset, "RenamedX").edits;
      const key = JSON.stringify(at?.map((edit) => `${edit.file}:${edit.start}`));
      if (!at || seen.has(key)) continue;
      seen.add(key);
      const before = new Map(at.map((edit) => [edit.file, ws.source(edit.file).text]));
      const codes = ws.file(file).diagnostics.map(({ code }) => code);
      apply(ws, at);
      const after = ws.file(file).diagnostics.map(({ code }) => code);
      if (after.length > codes.length) wrong.push(`${place.placeholder}: ${after.join(" ")} after ${codes.join(" ")}`);
      const shift = at.filter((edit) => edit.file === file && edit.start < place.span.start);
      const now =
        place.span.start + shift.reduce((sum, edit) => sum + edit.newText.length - (edit.end - edit.start), 0);
      const back = rename(ws, file, now, place.placeholder);
      if (back.edits) apply(ws, back.edits);
      else wrong.push(`${place.placeholder} back: ${back.refusal}`);
      for (const [path, old] of before) {
        if (ws.source(path).text !== old) wrong.push(`${place.placeholder}: ${path} is not as before`);
        ws.change(path, old);
      }
    }
    expect(wrong).toEqual([]);
  }, 60_000);
});
