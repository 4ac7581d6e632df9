/** Work over many files: it shows how far it is, gives way to other requests, and ends early when nobody wants it any more. */
import { describe, expect, it } from "vitest";
import { Editor, editor, modernClient } from "./editor.ts";

const cancelled = -32800;
const contentModified = -32801;
const files = 300;

const step = (i: number) => `step s${i} from ${i === 0 ? "orders" : `s${i - 1}`} {
  filter data.total > ${i}.0 && data.lines.exists(line, line.qty > ${i})
  set data.total = data.total * 1.5 + double(data.lines.size())
}
`;
const shop = (steps: number) => `import "./types.flow"
source orders: Order { stdin {} }
${Array.from({ length: steps }, (_, i) => step(i)).join("")}sink out from s${steps - 1} { stdout {} }
`;
const large: Record<string, string> = {
  "types.flow": "type Order { id: string, total: double, lines: [{ qty: int }] }\n",
  ...Object.fromEntries(Array.from({ length: files }, (_, i) => [`shop${i}.flow`, shop(16)])),
};

const client = { ...modernClient, window: { workDoneProgress: true } };

/** A workspace that takes long to look through, and the place of a name that all files use. */
async function largeWorkspace(): Promise<{ ed: Editor; place: ReturnType<Editor["open"]> }> {
  const ed = await editor(large, client);
  return { ed, place: ed.open("types.flow", large["types.flow"]!.replace("Order", "Ord|er")) };
}

interface Progress {
  readonly token: string | number;
  readonly value: { readonly kind?: string; readonly percentage?: number; readonly items?: readonly Report[] };
}
interface Report {
  readonly uri: string;
  readonly kind: string;
  readonly resultId?: string;
}
const begins = ({ value }: Progress): boolean => value.kind === "begin";
const progresses = (ed: Editor, token: unknown): Progress["value"][] =>
  ed.client.received.flatMap(({ method, params }) =>
    method === "$/progress" && (params as Progress).token === token ? [(params as Progress).value] : [],
  );

describe("references in many files", () => {
  it("show how far they are, and let hover be answered meanwhile", { timeout: 60_000 }, async () => {
    const { ed, place } = await largeWorkspace();
    const begun = ed.client.next("$/progress", begins);
    const order: string[] = [];
    const found = ed
      .request<unknown[]>("textDocument/references", { ...place, context: {}, workDoneToken: "w" })
      .then((all) => {
        order.push("references");
        return all;
      });
    await begun;
    expect(await ed.request("textDocument/hover", place)).not.toBe(null);
    order.push("hover");
    expect(await found).toHaveLength(files);
    expect(order).toEqual(["hover", "references"]);
    const kinds = progresses(ed, "w").map(({ kind }) => kind);
    expect([kinds[0], kinds.at(-1)]).toEqual(["begin", "end"]);
    const percentages = progresses(ed, "w").flatMap(({ percentage }) => percentage ?? []);
    expect(Math.max(...percentages)).toBeGreaterThan(50);
  });

  it("end early as cancelled, and the server goes on", { timeout: 60_000 }, async () => {
    const { ed, place } = await largeWorkspace();
    const begun = ed.client.next("$/progress", begins);
    const { id, answer } = ed.client.start("textDocument/references", { ...place, context: {}, workDoneToken: "w" });
    await begun;
    ed.client.notify("$/cancelRequest", { id });
    expect((await answer).error?.code).toBe(cancelled);
    expect(progresses(ed, "w").at(-1)).toMatchObject({ kind: "end" });
    expect(await ed.request("textDocument/hover", place)).not.toBe(null);
  });

  it("end as out of date when their text changes", { timeout: 60_000 }, async () => {
    const { ed, place } = await largeWorkspace();
    const begun = ed.client.next("$/progress", begins);
    const { answer } = ed.client.start("textDocument/references", { ...place, context: {}, workDoneToken: "w" });
    await begun;
    ed.change("types.flow", "id: string", "id: int");
    expect((await answer).error?.code).toBe(contentModified);
  });

  it("make a progress of their own when the client gave none, and its button ends them", {
    timeout: 60_000,
  }, async () => {
    const { ed, place } = await largeWorkspace();
    const begun = ed.client.next("$/progress", begins);
    const { answer } = ed.client.start("textDocument/rename", { ...place, newName: "Purchase" });
    const { token } = (await begun).params as Progress;
    ed.client.notify("window/workDoneProgress/cancel", { token });
    expect((await answer).error?.code).toBe(cancelled);
    expect(ed.client.received.some(({ method }) => method === "window/workDoneProgress/create")).toBe(true);
  });
});

describe("diagnostics of the workspace", () => {
  const broken = "source a { stdin {} }\nsink b from c { stdout {} }\n";
  const pull = (ed: Editor, previousResultIds: unknown[] = [], more: object = {}) =>
    ed.request<{ items: Report[] }>("workspace/diagnostic", { previousResultIds, ...more });
  const idsOf = (items: readonly Report[]) => items.map(({ uri, resultId }) => ({ uri, value: resultId }));
  const all = { initializationOptions: { settings: { flow: { diagnostics: { scope: "workspace" } } } } };

  it("are those of open files and what they import, unless the setting says all", async () => {
    const texts = { "types.flow": "type T { a: nope }\n", "alone.flow": broken };
    const ed = await editor(texts);
    ed.open("main.flow", 'import "./types.flow"\nsource a: T { stdin {} }\nsink b from a { stdout {} }\n');
    const few = await pull(ed);
    expect(few.items.map(({ uri }) => uri).sort()).toEqual([ed.uri("main.flow"), ed.uri("types.flow")]);
    const change = { settings: { flow: { diagnostics: { scope: "workspace" } } } };
    ed.client.notify("workspace/didChangeConfiguration", change);
    const more = await pull(ed, idsOf(few.items));
    expect(more.items.map(({ uri, kind }) => `${kind} ${uri}`).sort()).toEqual([
      `full ${ed.uri("alone.flow")}`,
      `unchanged ${ed.uri("main.flow")}`,
      `unchanged ${ed.uri("types.flow")}`,
    ]);
  });

  it("come in parts, and a client that asks again is answered when there is something new", async () => {
    const ed = new Editor({ "a.flow": broken, "b.flow": "type T { a: int }\n" });
    await ed.start(modernClient, all);
    ed.open("a.flow", broken);
    expect(await pull(ed, [], { partialResultToken: "p" })).toEqual({ items: [] });
    const parts = progresses(ed, "p").flatMap(({ items }) => items ?? []);
    expect(parts.map(({ uri }) => uri).sort()).toEqual([ed.uri("a.flow"), ed.uri("b.flow")]);
    const again = ed.client.start("workspace/diagnostic", { previousResultIds: idsOf(parts), partialResultToken: "q" });
    expect(
      await ed.request("textDocument/hover", {
        textDocument: { uri: ed.uri("a.flow") },
        position: { line: 0, character: 8 },
      }),
    ).not.toBe(null);
    ed.change("a.flow", "from c", "from a");
    expect((await again.answer).result).toEqual({ items: [] });
    expect(progresses(ed, "q").flatMap(({ items }) => items ?? [])).toMatchObject([
      { uri: ed.uri("a.flow"), kind: "full", items: [] },
    ]);
  });

  it("that wait for something new end when they are cancelled", async () => {
    const ed = await editor();
    ed.open("a.flow", broken);
    const { items } = await pull(ed);
    const { id, answer } = ed.client.start("workspace/diagnostic", {
      previousResultIds: idsOf(items),
      partialResultToken: "p",
    });
    ed.client.notify("$/cancelRequest", { id });
    expect((await answer).error?.code).toBe(cancelled);
  });

  it("of many files let others be answered meanwhile", { timeout: 60_000 }, async () => {
    const ed = new Editor(large);
    await ed.start(client, all);
    const place = ed.open("types.flow", large["types.flow"]!.replace("Order", "Ord|er"));
    const begun = ed.client.next("$/progress", begins);
    const order: string[] = [];
    const found = pull(ed, [], { workDoneToken: "w" }).then((report) => {
      order.push("diagnostics");
      return report;
    });
    await begun;
    await ed.request("textDocument/hover", place);
    order.push("hover");
    const first = await found;
    expect([first.items.length, order]).toEqual([files + 1, ["hover", "diagnostics"]]);
    const second = await pull(ed, idsOf(first.items));
    expect(new Set(second.items.map(({ kind }) => kind))).toEqual(new Set(["unchanged"]));
  });
});
