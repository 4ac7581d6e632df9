/** Diagnostics: one way or the other, the same as `flow check`, and never old ones. */
import { globSync, readFileSync } from "node:fs";
import { resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { describe, expect, it } from "vitest";
import { brokenFlow, copyFlow, place } from "../cli/flow.ts";
import { Editor, editor, modernClient, type Range } from "./editor.ts";

interface Found {
  readonly code: string;
  readonly severity: number;
  readonly message: string;
  readonly range: Range;
}
interface Report {
  readonly kind: "full" | "unchanged";
  readonly resultId?: string;
  readonly items: readonly Found[];
  readonly relatedDocuments?: Readonly<Record<string, { readonly items: readonly Found[] }>>;
}

const typesFlow = "type Order { id: string }\n";
const importing =
  'import "./types.flow"\n\nsource orders: Order {\n  stdin {}\n}\n\nsink out from orders {\n  stdout {}\n}\n';

const pull = (ed: Editor, path: string, previousResultId?: string): Promise<Report> =>
  ed.request<Report>("textDocument/diagnostic", {
    textDocument: { uri: ed.uri(path) },
    ...(previousResultId ? { previousResultId } : {}),
  });

describe("a client that pulls", () => {
  it("gets code, place, severity, the page of the code, and nothing by notification", async () => {
    const ed = await editor();
    ed.open("a.flow", brokenFlow);
    const { items } = await pull(ed, "a.flow");
    expect(items).toEqual([
      {
        range: { start: { line: 4, character: 14 }, end: { line: 4, character: 19 } },
        severity: 1,
        code: "FLOW2001",
        codeDescription: { href: expect.stringContaining("docs/diagnostics/FLOW2001.md") },
        source: "flow",
        message: expect.stringContaining("'ordrs'"),
      },
    ]);
    expect(ed.client.received.filter(({ method }) => method === "textDocument/publishDiagnostics")).toEqual([]);
  });

  it("gets 'unchanged' until something changes", async () => {
    const ed = await editor();
    ed.open("a.flow", brokenFlow);
    const first = await pull(ed, "a.flow");
    expect(await pull(ed, "a.flow", first.resultId)).toEqual({ kind: "unchanged", resultId: first.resultId });
    ed.change("a.flow", "ordrs", "orders");
    expect(await pull(ed, "a.flow", first.resultId)).toMatchObject({ kind: "full", items: [] });
  });

  it("sees an edit of an imported file in those that import it", async () => {
    const ed = await editor({ "types.flow": typesFlow });
    ed.open("a.flow", importing);
    expect((await pull(ed, "a.flow")).items).toEqual([]);
    ed.open("types.flow", typesFlow);
    ed.change("types.flow", "Order", "Ordre");
    expect((await pull(ed, "a.flow")).items.map(({ code }) => code)).not.toEqual([]);
    ed.client.notify("textDocument/didClose", { textDocument: { uri: ed.uri("types.flow") } });
    expect((await pull(ed, "a.flow")).items).toEqual([]);
  });

  it("hears twice that nothing is wrong in a file it closed, though it asked for that file alone", async () => {
    const ed = await editor();
    const { textDocument } = ed.open("a.flow", brokenFlow);
    expect((await pull(ed, "a.flow")).items).not.toEqual([]);
    ed.client.notify("textDocument/didClose", { textDocument });
    const ask = () =>
      ed.request<{ readonly items: readonly unknown[] }>("workspace/diagnostic", { previousResultIds: [] });
    const nothing = expect.objectContaining({ uri: ed.uri("a.flow"), kind: "full", items: [] });
    expect((await ask()).items).toEqual([nothing]);
    expect((await ask()).items).toEqual([nothing]);
    expect((await ask()).items).toEqual([]);
  });

  it("gets what is wrong in an imported file that is not open, with the file that imports it", async () => {
    const ed = await editor({ "types.flow": "type Order { id: strin }\n" });
    ed.open("a.flow", importing);
    const { relatedDocuments } = await pull(ed, "a.flow");
    expect(relatedDocuments?.[ed.uri("types.flow")]?.items).toHaveLength(1);
    ed.open("types.flow", "type Order { id: strin }\n");
    ed.change("types.flow", "strin ", "string ");
    expect((await pull(ed, "a.flow")).relatedDocuments).toBeUndefined();
    expect((await pull(ed, "types.flow")).items).toEqual([]);
  });
});

describe("a client that does not pull", () => {
  const pushed = { ...modernClient, textDocument: {} };
  const published = (ed: Editor, path: string, isEmpty: boolean) =>
    ed.client.next(
      "textDocument/publishDiagnostics",
      ({ uri, diagnostics }: { uri: string; diagnostics: unknown[] }) =>
        uri === ed.uri(path) && (diagnostics.length === 0) === isEmpty,
    );

  it("is told after opening, changing and closing, with the version", async () => {
    const ed = new Editor();
    const { capabilities } = await ed.start(pushed);
    expect(capabilities.diagnosticProvider).toBeUndefined();
    let told = published(ed, "a.flow", false);
    ed.open("a.flow", brokenFlow);
    expect((await told).params).toMatchObject({ version: 1, diagnostics: [{ code: "FLOW2001" }] });
    told = published(ed, "a.flow", true);
    ed.change("a.flow", "ordrs", "orders");
    expect((await told).params).toMatchObject({ version: 2 });
    told = published(ed, "a.flow", false);
    ed.change("a.flow", "orders {", "ordrs2 {");
    await told;
    told = published(ed, "a.flow", true);
    ed.client.notify("textDocument/didClose", { textDocument: { uri: ed.uri("a.flow") } });
    await told;
  });

  it("is told of the files that import the one that changed", async () => {
    const ed = await editor({ "types.flow": typesFlow }, pushed);
    let told = published(ed, "a.flow", true);
    ed.open("a.flow", importing);
    ed.open("types.flow", typesFlow);
    await told;
    told = published(ed, "a.flow", false);
    ed.change("types.flow", "Order", "Ordre");
    await told;
  });
});

describe("files on disk", () => {
  it("are read when something imports them, and again when the client says that they changed", async () => {
    const ed = await editor({ "types.flow": typesFlow });
    ed.open("a.flow", importing);
    expect((await pull(ed, "a.flow")).items).toEqual([]);
    ed.write("types.flow", "type Other { id: string }\n");
    const refresh = ed.client.next("workspace/diagnostic/refresh");
    ed.client.notify("workspace/didChangeWatchedFiles", { changes: [{ uri: ed.uri("types.flow"), type: 2 }] });
    await refresh;
    expect((await pull(ed, "a.flow")).items).not.toEqual([]);
  });

  it("that nobody imports are not asked about again", async () => {
    const ed = await editor({ "other.flow": "nonsense" });
    ed.open("a.flow", copyFlow);
    await pull(ed, "a.flow");
    ed.client.notify("workspace/didChangeWatchedFiles", { changes: [{ uri: ed.uri("other.flow"), type: 2 }] });
    await pull(ed, "a.flow");
    expect(ed.client.received.filter(({ method }) => method === "workspace/diagnostic/refresh")).toEqual([]);
  });

  it("that appear are found by whoever looked for them", async () => {
    const ed = await editor();
    ed.open("a.flow", importing);
    expect((await pull(ed, "a.flow")).items).not.toEqual([]);
    ed.write("types.flow", typesFlow);
    ed.client.notify("workspace/didCreateFiles", { files: [{ uri: ed.uri("types.flow") }] });
    expect((await pull(ed, "a.flow")).items).toEqual([]);
  });

  it("are looked at again on save, for clients that watch nothing", async () => {
    const ed = await editor({ "types.flow": typesFlow });
    const { textDocument } = ed.open("a.flow", importing);
    expect((await pull(ed, "a.flow")).items).toEqual([]);
    ed.write("types.flow", "type Changed { id: string }\n");
    ed.client.notify("textDocument/didSave", { textDocument });
    expect((await pull(ed, "a.flow")).items).not.toEqual([]);
  });

  it("are watched where the client can", async () => {
    const ed = new Editor();
    const registered = ed.client.next("client/registerCapability");
    await ed.start();
    expect((await registered).params).toMatchObject({
      registrations: [
        {
          method: "workspace/didChangeWatchedFiles",
          registerOptions: { watchers: [{ globPattern: expect.stringContaining("flow") }] },
        },
      ],
    });
  });
});

describe("flow.config.json", () => {
  const unused = `${copyFlow}\nstep unused from orders {\n  filter data.x > 1\n}\n`;
  const codesOf = async (ed: Editor) =>
    (await pull(ed, "a.flow")).items.map(({ code, severity }) => `${code} ${severity}`);

  it("sets the levels, from disk and while it is typed", async () => {
    const ed = await editor();
    ed.open("a.flow", unused);
    const [first = ""] = await codesOf(ed);
    const code = first.split(" ")[0] ?? "";
    expect(code).toMatch(/^FLOW\d/);
    ed.write("flow.config.json", JSON.stringify({ levels: { [code]: "off" } }));
    ed.client.notify("workspace/didChangeWatchedFiles", { changes: [{ uri: ed.uri("flow.config.json"), type: 1 }] });
    expect(await codesOf(ed)).toEqual([]);
    ed.open("flow.config.json", JSON.stringify({ levels: { [code]: "hint" } }));
    expect(await codesOf(ed)).toEqual([`${code} 4`]);
  });

  it("has diagnostics of its own when it is open", async () => {
    const ed = await editor();
    ed.open("flow.config.json", '{ "level": {} }');
    expect((await pull(ed, "flow.config.json")).items).toMatchObject([{ code: "FLOW9006" }]);
  });
});

describe("the same as flow check", () => {
  const files = [...globSync("test/goldens/*/*.flow"), ...globSync("examples/*/*.flow")].sort();
  it("of every golden and example, file by file", { timeout: 60_000 }, async () => {
    expect(files.length).toBeGreaterThan(10);
    const ed = await editor();
    const root = resolve(".");
    const { out } = place().flow("check", ...files.map((file) => resolve(file)), "--format", "json");
    const checked = JSON.parse(out) as { file: string; code: string; message: string; range: Range }[];
    for (const file of files) {
      const uri = pathToFileURL(resolve(file)).href;
      ed.client.notify("textDocument/didOpen", {
        textDocument: { uri, languageId: "flow", version: 1, text: readFileSync(file, "utf8") },
      });
      const { items } = await ed.request<Report>("textDocument/diagnostic", { textDocument: { uri } });
      const expected = checked.filter((one) => resolve(root, one.file) === resolve(file));
      expect(
        items.map(({ code, message, range }) => ({ code, message, range })),
        file,
      ).toEqual(expected.map(({ code, message, range }) => ({ code, message, range })));
    }
  });
});
