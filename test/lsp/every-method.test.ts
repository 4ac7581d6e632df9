/** At least one thing that each ✅ of the table does, over the wire. The compiler asks for a row here for each row there. */
import { beforeAll, describe, expect, it } from "vitest";
import { type MethodRow, methods } from "../../lsp/methods.ts";
import { copyFlow } from "../cli/flow.ts";
import type { Message } from "./client.ts";
import { type Edit, Editor, modernClient, positionIn } from "./editor.ts";

type Supported = Extract<(typeof methods)[number], { readonly supported: true }>["method"];

const types = "/// One order.\ntype Order { id: string, total: double, lines: [{ qty: int }] }\n";
const shop = `import "./types.flow"

/// What customers ordered.
source orders: Order {
  file { path: "orders.ndjson" }
}

step paid from orders {
  filter data.total > 10.0 && data.lines.exists(line, line.qty > 1)
}

step few from paid {
  filter   data.id.replace("a", "b") != ""
}

sink out from few { stdout {} }

test "nothing" {
  expect nothing from paid
}
`;
const broken = 'import "./types.flow"\nsource orders: Order { stdin {} }\nsink b from orderz { stdout {} }\n';

const client = {
  ...modernClient,
  textDocument: {
    ...modernClient.textDocument,
    inlayHint: { resolveSupport: { properties: ["tooltip", "label.location"] } },
    codeLens: { resolveSupport: { properties: ["command"] } },
  },
  workspace: {
    ...modernClient.workspace,
    symbol: { resolveSupport: { properties: ["location.range"] } },
    configuration: true,
    semanticTokens: { refreshSupport: true },
    inlayHint: { refreshSupport: true },
    codeLens: { refreshSupport: true },
    textDocumentContent: {},
  },
  window: { workDoneProgress: true },
  experimental: { commands: ["flow.showNeighbours"] },
};

let ed: Editor;
let shopDocument: { readonly uri: string };
beforeAll(async () => {
  ed = new Editor({ "types.flow": types, "shop.flow": shop, "broken.flow": broken });
  ed.client.onRequest("workspace/configuration", () => [{ inlayHints: { stages: false } }]);
  await ed.start(client);
  shopDocument = ed.open("shop.flow", shop).textDocument;
  ed.open("broken.flow", broken);
});

/** Where the text stands, and so many letters further. */
const at = (text: string, further = 0) => ({
  textDocument: shopDocument,
  position: positionIn(shop, shop.indexOf(text) + further),
});
const whole = () => ({ start: { line: 0, character: 0 }, end: positionIn(shop, shop.length) });
const ask = <T>(method: string, params: unknown): Promise<T> => ed.request<T>(method, params);
const inShop = (more: object = {}) => ({ textDocument: shopDocument, ...more });
const inBroken = (more: object = {}) => ({ textDocument: { uri: ed.uri("broken.flow") }, ...more });
const words = (edits: readonly Edit[]) => edits.map(({ newText }) => newText);
/** A message of the server's own that has come, or comes. */
const comes = async (method: string): Promise<unknown> =>
  ed.client.received.find((message) => message.method === method)?.params ?? (await ed.client.next(method)).params;

/** A server that ends with its test. */
async function alone(capabilities: object = {}): Promise<Editor> {
  const one = new Editor();
  await one.start(capabilities);
  return one;
}

const changes = (uri: string, type: number) => ({ changes: [{ uri, type }] });
/** What the broken file says after a notification about the file that it imports. */
async function afterTypes(text: string | undefined, method: string, params: object): Promise<readonly unknown[]> {
  ed.write("types.flow", text ?? "");
  ed.client.notify(method, params);
  const report = await ask<{ items: { code: string }[] }>("textDocument/diagnostic", inBroken());
  ed.write("types.flow", types);
  ed.client.notify("workspace/didChangeWatchedFiles", changes(ed.uri("types.flow"), 2));
  return report.items.map(({ code }) => code);
}

const works: Readonly<Record<Supported, () => Promise<unknown>>> = {
  // Lifecycle.
  initialize: async () => {
    const { capabilities } = await new Editor().start(client);
    expect(capabilities).toMatchObject({ positionEncoding: "utf-16", hoverProvider: true });
  },
  initialized: () => comes("client/registerCapability"),
  shutdown: async () => {
    const one = await alone();
    expect(await one.client.call("shutdown")).toMatchObject({ result: null });
  },
  exit: async () => expect(await (await alone()).client.stop()).toBe(0),
  "$/cancelRequest": async () => {
    const params = { previousResultIds: [], partialResultToken: "c" };
    await ask("workspace/diagnostic", params);
    const { items } = await ask<{ items: { uri: string; resultId: string }[] }>("workspace/diagnostic", {
      previousResultIds: [],
    });
    const previousResultIds = items.map(({ uri, resultId }) => ({ uri, value: resultId }));
    const { id, answer } = ed.client.start("workspace/diagnostic", { ...params, previousResultIds });
    ed.client.notify("$/cancelRequest", { id });
    expect((await answer).error?.code).toBe(-32800);
  },
  "$/setTrace": async () => {
    ed.client.notify("$/setTrace", { value: "verbose" });
    expect(await ask("textDocument/hover", at("orders:"))).not.toBe(null);
  },
  "$/progress": async () => {
    await ask("workspace/diagnostic", { previousResultIds: [], partialResultToken: "p" });
    const parts = ed.client.received.filter(
      ({ method, params }) => method === "$/progress" && (params as { token: unknown }).token === "p",
    );
    expect(parts.length).toBeGreaterThan(1);
  },
  "client/registerCapability": async () =>
    expect(await comes("client/registerCapability")).toMatchObject({
      registrations: [{ method: "workspace/didChangeWatchedFiles" }],
    }),

  // Text.
  "textDocument/didOpen": async () => {
    const { textDocument } = ed.open("new.flow", "sink b from nobody { stdout {} }\n");
    expect(await ask("textDocument/diagnostic", { textDocument })).toMatchObject({ items: [{ code: "FLOW2001" }] });
  },
  "textDocument/didChange": async () => {
    const { textDocument } = ed.open("new.flow", "sink b from nobody { stdout {} }\nsource a { stdin {} }\n");
    ed.change("new.flow", "nobody", "a");
    expect(await ask("textDocument/diagnostic", { textDocument })).toMatchObject({ items: [] });
  },
  "textDocument/didClose": async () => {
    ed.write("new.flow", copyFlow);
    const { textDocument } = ed.open("new.flow", "sink b from nobody { stdout {} }\n");
    ed.client.notify("textDocument/didClose", { textDocument });
    expect(await ask("textDocument/diagnostic", { textDocument })).toMatchObject({ items: [] });
  },
  "textDocument/didSave": async () =>
    expect(await afterTypes("type Other { id: string }\n", "textDocument/didSave", inShop())).toContain("FLOW2002"),

  // Diagnostics.
  "textDocument/diagnostic": async () =>
    expect(await ask("textDocument/diagnostic", inBroken())).toMatchObject({ items: [{ code: "FLOW2001" }] }),
  "workspace/diagnostic": async () => {
    const { items } = await ask<{ items: { uri: string }[] }>("workspace/diagnostic", { previousResultIds: [] });
    expect(items.map(({ uri }) => uri)).toEqual(
      expect.arrayContaining(["types.flow", "shop.flow"].map((path) => ed.uri(path))),
    );
  },
  "workspace/diagnostic/refresh": () => refreshed("workspace/diagnostic/refresh"),
  "textDocument/publishDiagnostics": async () => {
    const one = await alone();
    const published = one.client.next("textDocument/publishDiagnostics");
    one.open("a.flow", broken);
    expect((await published).params).toMatchObject({ uri: one.uri("a.flow"), version: 1 });
  },

  // Reading.
  "textDocument/hover": async () =>
    expect(await ask("textDocument/hover", at("orders {", 1))).toMatchObject({
      contents: { value: expect.stringContaining("What customers ordered.") },
    }),
  "textDocument/completion": async () => {
    const { items } = await ask<{ items: { label: string }[] }>("textDocument/completion", at("data.total", 5));
    expect(items.map(({ label }) => label)).toContain("total");
  },
  "completionItem/resolve": async () => {
    const { items } = await ask<{ items: { documentation?: unknown; data?: unknown }[] }>(
      "textDocument/completion",
      at("step paid"),
    );
    const item = items.find(({ documentation, data }) => documentation === undefined && data !== undefined);
    expect(await ask("completionItem/resolve", item)).toMatchObject({
      documentation: { value: expect.stringMatching(/\w/) },
    });
  },
  "textDocument/signatureHelp": async () =>
    expect(await ask("textDocument/signatureHelp", at('"b")'))).toMatchObject({ activeParameter: 1 }),
  "textDocument/declaration": async () =>
    expect(await ask("textDocument/declaration", at("Order {"))).toMatchObject([{ uri: ed.uri("types.flow") }]),
  "textDocument/definition": async () =>
    expect(await ask("textDocument/definition", at("Order {"))).toMatchObject([{ targetUri: ed.uri("types.flow") }]),
  "textDocument/typeDefinition": async () =>
    expect(await ask("textDocument/typeDefinition", at("from orders", 6))).toMatchObject([
      { targetUri: ed.uri("types.flow") },
    ]),
  "textDocument/references": async () =>
    expect(
      await ask("textDocument/references", { ...at("Order {"), context: { includeDeclaration: true } }),
    ).toHaveLength(3),
  "textDocument/documentHighlight": async () =>
    expect(await ask("textDocument/documentHighlight", at("paid from"))).toHaveLength(3),
  "textDocument/documentSymbol": async () =>
    expect(await ask("textDocument/documentSymbol", inShop())).toMatchObject([{}, { name: "orders" }, {}, {}, {}, {}]),
  "workspace/symbol": async () =>
    expect(await ask("workspace/symbol", { query: "paid" })).toMatchObject([
      { name: "paid", location: { uri: shopDocument.uri } },
    ]),
  "workspaceSymbol/resolve": async () => {
    const [symbol] = await ask<{ location: object }[]>("workspace/symbol", { query: "paid" });
    expect(symbol!.location).toEqual({ uri: shopDocument.uri });
    const { position: start } = at("paid from");
    expect(await ask("workspaceSymbol/resolve", symbol)).toMatchObject({
      location: { uri: shopDocument.uri, range: { start } },
    });
  },
  "textDocument/prepareCallHierarchy": async () =>
    expect(await ask("textDocument/prepareCallHierarchy", at("paid from"))).toMatchObject([{ name: "paid" }]),
  "callHierarchy/incomingCalls": async () => {
    const [item] = await ask<object[]>("textDocument/prepareCallHierarchy", at("paid from"));
    expect(await ask("callHierarchy/incomingCalls", { item })).toMatchObject([{ from: { name: "orders" } }]);
  },
  "callHierarchy/outgoingCalls": async () => {
    const [item] = await ask<object[]>("textDocument/prepareCallHierarchy", at("paid from"));
    expect(await ask("callHierarchy/outgoingCalls", { item })).toMatchObject([{ to: { name: "few" } }]);
  },
  "textDocument/documentLink": async () =>
    expect(await ask("textDocument/documentLink", inShop())).toMatchObject([
      { target: ed.uri("types.flow") },
      { target: ed.uri("orders.ndjson") },
    ]),
  "documentLink/resolve": async () => {
    const [link] = await ask<object[]>("textDocument/documentLink", inShop());
    expect(await ask("documentLink/resolve", link)).toMatchObject({ tooltip: "Open types.flow: type Order" });
  },
  "textDocument/foldingRange": async () =>
    expect(await ask("textDocument/foldingRange", inShop())).toEqual(
      expect.arrayContaining([expect.objectContaining({ startLine: 3, endLine: 5 })]),
    ),
  "textDocument/selectionRange": async () =>
    expect(await ask("textDocument/selectionRange", inShop({ positions: [at("total").position] }))).toMatchObject([
      { parent: { parent: {} } },
    ]),
  "textDocument/semanticTokens/full": async () =>
    expect((await ask<{ data: number[] }>("textDocument/semanticTokens/full", inShop())).data.length % 5).toBe(0),
  "textDocument/semanticTokens/full/delta": async () => {
    const { resultId: previousResultId } = await ask<{ resultId: string }>(
      "textDocument/semanticTokens/full",
      inShop(),
    );
    expect(await ask("textDocument/semanticTokens/full/delta", inShop({ previousResultId }))).toMatchObject({
      edits: [],
    });
  },
  "textDocument/semanticTokens/range": async () => {
    const { data } = await ask<{ data: number[] }>("textDocument/semanticTokens/range", inShop({ range: whole() }));
    expect(data).toEqual((await ask<{ data: number[] }>("textDocument/semanticTokens/full", inShop())).data);
  },
  "workspace/semanticTokens/refresh": () => refreshed("workspace/semanticTokens/refresh"),
  "textDocument/inlayHint": async () =>
    expect(await ask("textDocument/inlayHint", inShop({ range: whole() }))).toMatchObject([
      { label: [{ value: ": Order" }], kind: 1 },
      { label: [{ value: ": Order" }], kind: 1 },
    ]),
  "inlayHint/resolve": async () => {
    const [hint] = await ask<object[]>("textDocument/inlayHint", inShop({ range: whole() }));
    expect(hint).not.toHaveProperty("tooltip");
    expect(await ask("inlayHint/resolve", hint)).toMatchObject({
      tooltip: "Order",
      label: [{ value: ": Order", location: { uri: ed.uri("types.flow") } }],
    });
  },
  "workspace/inlayHint/refresh": () => refreshed("workspace/inlayHint/refresh"),
  "textDocument/codeLens": async () =>
    expect(await ask("textDocument/codeLens", inShop())).toMatchObject([
      { command: { title: "run" } },
      { data: { node: "orders" } },
      { data: { node: "paid" } },
      { data: { node: "few" } },
      { data: { node: "out" } },
      { command: { title: "test" } },
    ]),
  "codeLens/resolve": async () => {
    const lenses = await ask<{ data?: { node: string } }[]>("textDocument/codeLens", inShop());
    const lens = lenses.find(({ data }) => data?.node === "paid");
    expect(await ask("codeLens/resolve", lens)).toMatchObject({
      command: {
        title: "1 upstream · 1 downstream",
        command: "flow.showNeighbours",
        arguments: [shopDocument.uri, {}, [{}, {}]],
      },
    });
  },
  "workspace/codeLens/refresh": () => refreshed("workspace/codeLens/refresh"),

  // Changing.
  "textDocument/codeAction": async () =>
    expect(await brokenActions()).toEqual(expect.arrayContaining([expect.objectContaining({ kind: "quickfix" })])),
  "codeAction/resolve": async () => {
    const [action] = await brokenActions();
    expect(await ask("codeAction/resolve", action)).toMatchObject({
      edit: { documentChanges: [{ textDocument: { version: 1 } }] },
    });
  },
  "textDocument/formatting": async () =>
    expect(words(await ask("textDocument/formatting", inShop({ options: {} })))).not.toEqual([]),
  "textDocument/rangeFormatting": async () =>
    expect(words(await ask("textDocument/rangeFormatting", inShop({ range: whole(), options: {} })))).not.toEqual([]),
  "textDocument/rangesFormatting": async () =>
    expect(
      words(await ask("textDocument/rangesFormatting", inShop({ ranges: [whole(), whole()], options: {} }))),
    ).not.toEqual([]),
  "textDocument/onTypeFormatting": async () => {
    const { textDocument } = ed.open("typed.flow", "source a {\n  stdin   {}\n}\n");
    const params = { textDocument, position: { line: 2, character: 1 }, ch: "}", options: {} };
    expect(words(await ask("textDocument/onTypeFormatting", params))).not.toEqual([]);
  },
  "textDocument/prepareRename": async () =>
    expect(await ask("textDocument/prepareRename", at("total"))).toMatchObject({ placeholder: "total" }),
  "textDocument/rename": async () =>
    expect(await ask("textDocument/rename", { ...at("total"), newName: "sum" })).toMatchObject({
      documentChanges: expect.arrayContaining([
        {
          textDocument: { uri: ed.uri("types.flow"), version: null },
          edits: [expect.objectContaining({ newText: "sum" })],
        },
      ]),
    }),
  "textDocument/linkedEditingRange": async () =>
    expect(await ask("textDocument/linkedEditingRange", at("line,"))).toMatchObject({ ranges: [{}, {}] }),
  "workspace/willRenameFiles": async () => {
    const files = [{ oldUri: ed.uri("types.flow"), newUri: ed.uri("lib/types.flow") }];
    const { documentChanges } = await ask<{ documentChanges: { edits: Edit[] }[] }>("workspace/willRenameFiles", {
      files,
    });
    expect(documentChanges.flatMap(({ edits }) => words(edits))).toEqual(['"./lib/types.flow"', '"./lib/types.flow"']);
  },
  "workspace/didCreateFiles": async () =>
    expect(
      await afterTypes("type Other { id: string }\n", "workspace/didCreateFiles", {
        files: [{ uri: ed.uri("types.flow") }],
      }),
    ).toContain("FLOW2002"),
  "workspace/didRenameFiles": async () => {
    const files = [{ oldUri: ed.uri("other.flow"), newUri: ed.uri("types.flow") }];
    expect(await afterTypes("type Other { id: string }\n", "workspace/didRenameFiles", { files })).toContain(
      "FLOW2002",
    );
  },
  "workspace/didDeleteFiles": async () =>
    expect(await afterTypes("", "workspace/didDeleteFiles", { files: [{ uri: ed.uri("types.flow") }] })).toContain(
      "FLOW2002",
    ),

  // Workspace.
  "workspace/didChangeWatchedFiles": async () =>
    expect(
      await afterTypes(
        "type Other { id: string }\n",
        "workspace/didChangeWatchedFiles",
        changes(ed.uri("types.flow"), 2),
      ),
    ).toContain("FLOW2002"),
  "workspace/didChangeWorkspaceFolders": async () => {
    const other = new Editor({ "far.flow": "source far_away { stdin {} }\n" });
    const event = { added: [{ uri: other.uri("").replace(/\/$/, ""), name: "far" }], removed: [] };
    ed.client.notify("workspace/didChangeWorkspaceFolders", { event });
    expect(await ask("workspace/symbol", { query: "far_away" })).toMatchObject([{ name: "far_away" }]);
    ed.client.notify("workspace/didChangeWorkspaceFolders", { event: { added: [], removed: event.added } });
    expect(await ask("workspace/symbol", { query: "far_away" })).toEqual([]);
  },
  "workspace/didChangeConfiguration": async () => {
    const one = await alone();
    const { textDocument } = one.open(
      "a.flow",
      'source a { kafka { brokers: ["k:1"], topic: "t" } }\nsink b from a { stdout {} }\n',
    );
    const hints = () => one.request<object[]>("textDocument/inlayHint", { textDocument, range: whole() });
    expect(await hints()).toHaveLength(1);
    one.client.notify("workspace/didChangeConfiguration", { settings: { flow: { inlayHints: { defaults: false } } } });
    expect(await hints()).toEqual([]);
  },
  "workspace/configuration": async () =>
    expect(await comes("workspace/configuration")).toEqual({ items: [{ section: "flow" }] }),
  "workspace/executeCommand": async () =>
    expect(
      await ask("workspace/executeCommand", { command: "flow.graph", arguments: [shopDocument.uri] }),
    ).toMatchObject({
      nodes: [{ name: "orders" }, { name: "paid" }, { name: "few" }, { name: "out" }],
    }),
  "workspace/textDocumentContent": async () =>
    expect(await ask("workspace/textDocumentContent", { uri: previewUri() })).toMatchObject({
      text: expect.stringContaining("kind: Pipeline"),
    }),
  "workspace/textDocumentContent/refresh": async () => {
    await ask("workspace/textDocumentContent", { uri: previewUri() });
    const refresh = ed.client.next("workspace/textDocumentContent/refresh");
    ed.change("shop.flow", "10.0", "11.0");
    expect((await refresh).params).toEqual({ uri: previewUri() });
    ed.change("shop.flow", "11.0", "10.0");
  },

  // Window.
  "window/logMessage": async () => {
    ed.client.notify("textDocument/didChange", {
      textDocument: { uri: ed.uri("closed.flow"), version: 1 },
      contentChanges: [],
    });
    expect(await comes("window/logMessage")).toMatchObject({ message: expect.stringContaining("not open") });
  },
  "window/workDoneProgress/create": async () => expect(longWorkShows).toContain("window/workDoneProgress/create"),
  "window/workDoneProgress/cancel": async () => expect(longWorkShows).toContain("window/workDoneProgress/cancel"),
};

/** Tested in `long-work.test.ts`, which takes a large workspace. */
const longWorkShows = ["window/workDoneProgress/create", "window/workDoneProgress/cancel"];

const previewUri = () => `flow-preview:/resource/shop.yaml?${encodeURIComponent(shopDocument.uri)}`;

const brokenActions = () => {
  const range = {
    start: positionIn(broken, broken.indexOf("orderz")),
    end: positionIn(broken, broken.indexOf("orderz") + 6),
  };
  return ask<{ kind: string }[]>(
    "textDocument/codeAction",
    inBroken({ range, context: { diagnostics: [], only: ["quickfix"] } }),
  );
};

/** A file that is imported changes outside the editor: the client is told to ask again. */
async function refreshed(method: string): Promise<void> {
  await ask("textDocument/diagnostic", inShop());
  const refresh: Promise<Message> = ed.client.next(method);
  ed.write("types.flow", `${types}type More { id: string }\n`);
  ed.client.notify("workspace/didChangeWatchedFiles", changes(ed.uri("types.flow"), 2));
  await refresh;
  ed.write("types.flow", types);
  ed.client.notify("workspace/didChangeWatchedFiles", changes(ed.uri("types.flow"), 2));
}

const rows: readonly MethodRow[] = methods;
describe("every ✅ of docs/editors.md works over the wire", () => {
  it.each(rows.filter(({ supported }) => supported).map(({ method, doc }) => [method as Supported, doc]))(
    "%s: %s",
    async (method) => {
      await works[method]();
    },
  );
});

it("nothing was logged but what was provoked", () => {
  const logged = ed.client.received.flatMap(({ method, params }) => (method === "window/logMessage" ? [params] : []));
  expect(logged.filter((params) => !JSON.stringify(params).includes("not open"))).toEqual([]);
});
