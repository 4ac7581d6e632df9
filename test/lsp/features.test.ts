/** Every feature over the wire: text with a cursor mark in, text out. What each one finds is tested beside it; here that it arrives. */
import { describe, expect, it } from "vitest";
import { type Edit, type Editor, editor, modernClient, type Range } from "./editor.ts";

interface Location {
  readonly uri: string;
  readonly range: Range;
}
interface WorkspaceEdit {
  readonly documentChanges: readonly {
    readonly textDocument: { uri: string; version: number | null };
    readonly edits: readonly Edit[];
  }[];
}

const shop = `import "./types.flow"

/// What customers ordered.
source orders: Order {
  file { path: "orders.ndjson" }
}

step paid from orders {
  filter data.total > 10.0
}

sink out from paid {
  stdout {}
}
`;
const types = "/// One order.\ntype Order { id: string, total: double }\n";
const files = { "types.flow": types };

/** The file with a mark after the first `before`. */
const marked = (before: string): string => {
  const at = shop.indexOf(before) + before.length;
  return `${shop.slice(0, at)}|${shop.slice(at)}`;
};

/** One server for all tests that open `a.flow` anew and need no client of their own. */
const shared = editor(files);

async function opened(before = ""): Promise<{ ed: Editor; place: ReturnType<Editor["open"]> }> {
  const ed = await shared;
  return { ed, place: ed.open("a.flow", marked(before)) };
}

describe("hover", () => {
  it("shows a node with its documentation, in Markdown", async () => {
    const { ed, place } = await opened("step paid from ord");
    const { contents, range } = await ed.request<{ contents: { kind: string; value: string }; range: Range }>(
      "textDocument/hover",
      place,
    );
    expect(contents.kind).toBe("markdown");
    expect(contents.value).toContain("What customers ordered.");
    expect(ed.at("a.flow", range)).toBe("orders");
  });

  it("shows plain text to clients that have no Markdown", async () => {
    const ed = await editor(files, { textDocument: { hover: { contentFormat: ["plaintext"] } } });
    const { contents } = await ed.request<{ contents: { kind: string; value: string } }>(
      "textDocument/hover",
      ed.open("a.flow", marked("step paid from ord")),
    );
    expect(contents.kind).toBe("plaintext");
    expect(contents.value).not.toMatch(/```|\*\*/);
  });

  it("shows nothing where there is nothing", async () => {
    const { ed, place } = await opened("}\n");
    expect(await ed.request("textDocument/hover", place)).toBe(null);
  });
});

describe("completion", () => {
  interface Item {
    readonly label: string;
    readonly textEdit: Edit;
    readonly insertTextFormat?: number;
    readonly documentation?: { readonly value: string };
    readonly data?: unknown;
  }
  const complete = async (ed: Editor, place: unknown) =>
    (await ed.request<{ items: Item[] }>("textDocument/completion", place)).items;
  const half = shop.replace("data.total > 10.0", "data.");

  it("offers the fields of what flows in, inside a half-typed expression, and inserts them", async () => {
    const ed = await shared;
    const place = ed.open("a.flow", half.replace("data.", "data.|"));
    const items = await complete(ed, place);
    const total = items.find(({ label }) => label === "total");
    expect(ed.edited("a.flow", [total!.textEdit])).toBe(half.replace("data.", "data.total"));
  });

  it("offers snippets to those that have them, and the bare text to the others", async () => {
    for (const snippetSupport of [true, false]) {
      const capabilities = { textDocument: { completion: { completionItem: { snippetSupport } } } };
      const ed = await editor(files, capabilities);
      const items = await complete(ed, ed.open("a.flow", `${shop}\n|`));
      expect(items.length).toBeGreaterThan(3);
      expect(items.some(({ insertTextFormat }) => insertTextFormat === 2)).toBe(snippetSupport);
      if (!snippetSupport) for (const { textEdit } of items) expect(textEdit.newText).not.toMatch(/\$\d|\$\{/);
    }
  });

  it("offers the files that lie beside the text", async () => {
    const ed = await editor({ "in/orders.ndjson": "{}\n", "order.schema.json": "{}" });
    const offered = async (marked: string) => (await complete(ed, ed.open("a.flow", marked))).map(({ label }) => label);
    expect(await offered('type A from schema("|")\n')).toEqual(["order.schema.json", "in/"]);
    expect(await offered('type A from sample("in/|")\n')).toEqual(["in/orders.ndjson"]);
  });

  it("gives the documentation when asked", async () => {
    const ed = await shared;
    const items = await complete(ed, ed.open("a.flow", `${shop}\n|`));
    const open = items.find(({ documentation, data }) => documentation === undefined && data !== undefined);
    const resolved = await ed.request<Item>("completionItem/resolve", open);
    expect(resolved.documentation?.value).toMatch(/\w/);
    expect({ ...resolved, documentation: undefined }).toEqual({ ...open, documentation: undefined });
  });

  it("resolves an item that it never offered to itself", async () => {
    const ed = await editor();
    expect(await ed.request("completionItem/resolve", { label: "x", data: 7 })).toEqual({ label: "x", data: 7 });
  });
});

it("signature help marks the parameter that is being typed", async () => {
  const ed = await shared;
  const place = ed.open("a.flow", shop.replace("data.total > 10.0", 'data.id.replace("a", |)'));
  const help = await ed.request<{
    signatures: { label: string; parameters: { label: [number, number] }[] }[];
    activeSignature: number;
    activeParameter: number;
  }>("textDocument/signatureHelp", place);
  expect(help.activeParameter).toBe(1);
  const { label, parameters } = help.signatures[help.activeSignature]!;
  expect(label).toContain("replace");
  expect(label.slice(...parameters[1]!.label)).toMatch(/\w/);
});

describe("navigation", () => {
  it("definition leads to the node, with what was clicked on", async () => {
    const { ed, place } = await opened("step paid from ord");
    const [link] = await ed.request<{ originSelectionRange: Range; targetUri: string; targetSelectionRange: Range }[]>(
      "textDocument/definition",
      place,
    );
    expect(ed.at("a.flow", link!.originSelectionRange)).toBe("orders");
    expect([link!.targetUri, ed.at("a.flow", link!.targetSelectionRange)]).toEqual([place.textDocument.uri, "orders"]);
  });

  it("definition leads into another file, as a location for clients that know no links", async () => {
    const ed = await editor(files, {});
    const found = await ed.request<Location[]>(
      "textDocument/definition",
      ed.open("a.flow", marked("source orders: Or")),
    );
    expect(found).toMatchObject([{ uri: ed.uri("types.flow"), range: { start: { line: 1, character: 5 } } }]);
  });

  it("type definition leads from a node to its type", async () => {
    const { ed, place } = await opened("step paid from ord");
    expect(await ed.request("textDocument/typeDefinition", place)).toMatchObject([{ targetUri: ed.uri("types.flow") }]);
  });

  it("references are all uses, with the declaration or without", async () => {
    const { ed, place } = await opened("step paid from ord");
    for (const [includeDeclaration, lines] of [
      [true, [3, 7]],
      [false, [7]],
    ] as const) {
      const found = await ed.request<Location[]>("textDocument/references", {
        ...place,
        context: { includeDeclaration },
      });
      expect(found.map(({ range }) => range.start.line)).toEqual(lines);
    }
  });

  it("highlights are writes and reads", async () => {
    const { ed, place } = await opened("step paid from ord");
    const found = await ed.request<{ range: Range; kind: number }[]>("textDocument/documentHighlight", place);
    expect(found.map(({ range, kind }) => [ed.at("a.flow", range), kind]).sort()).toEqual([
      ["orders", 2],
      ["orders", 3],
    ]);
  });

  it("links lead to imported files", async () => {
    const { ed, place } = await opened();
    const [link] = await ed.request<{ range: Range; target: string }[]>("textDocument/documentLink", place);
    expect([ed.at("a.flow", link!.range), link!.target]).toEqual(["./types.flow", ed.uri("types.flow")]);
  });

  it("the call hierarchy goes upstream and downstream", async () => {
    const { ed, place } = await opened("step pa");
    const [item] = await ed.request<{ name: string }[]>("textDocument/prepareCallHierarchy", place);
    expect(item).toMatchObject({ name: "paid" });
    const up = await ed.request<{ from: { name: string }; fromRanges: Range[] }[]>("callHierarchy/incomingCalls", {
      item,
    });
    const down = await ed.request<{ to: { name: string }; fromRanges: Range[] }[]>("callHierarchy/outgoingCalls", {
      item,
    });
    expect(up.map(({ from, fromRanges }) => [from.name, ...fromRanges.map((range) => ed.at("a.flow", range))])).toEqual(
      [["orders", "orders"]],
    );
    expect(down.map(({ to, fromRanges }) => [to.name, ...fromRanges.map((range) => ed.at("a.flow", range))])).toEqual([
      ["out", "paid"],
    ]);
  });
});

describe("symbols", () => {
  interface Symbol {
    readonly name: string;
    readonly children?: readonly Symbol[];
  }
  it("of a document are its declarations and what they hold", async () => {
    const { ed, place } = await opened();
    const found = await ed.request<Symbol[]>("textDocument/documentSymbol", place);
    expect(found.map(({ name }) => name)).toEqual(expect.arrayContaining(["orders", "paid", "out"]));
    expect(found.some(({ children }) => (children ?? []).length > 0)).toBe(true);
  });

  it("come flat to clients that know no trees", async () => {
    const ed = await editor(files, {});
    const found = await ed.request<{ name: string; location: Location }[]>(
      "textDocument/documentSymbol",
      ed.open("a.flow", shop),
    );
    expect(found.every(({ location }) => location.uri === ed.uri("a.flow"))).toBe(true);
  });

  it("of the workspace are found by name, in files that nobody opened", async () => {
    const { ed } = await opened();
    const found = await ed.request<{ name: string; location: Location }[]>("workspace/symbol", { query: "Order" });
    expect(found).toEqual(
      expect.arrayContaining([
        expect.objectContaining({ name: "Order", location: expect.objectContaining({ uri: ed.uri("types.flow") }) }),
      ]),
    );
  });
});

describe("rename", () => {
  it("changes every use in every file, with the versions of the texts", async () => {
    const { ed, place } = await opened("source orders: Or");
    expect(await ed.request("textDocument/prepareRename", place)).toMatchObject({ placeholder: "Order" });
    const { documentChanges } = await ed.request<WorkspaceEdit>("textDocument/rename", {
      ...place,
      newName: "Purchase",
    });
    const byUri = new Map(
      documentChanges.map(({ textDocument, edits }) => [textDocument.uri, { version: textDocument.version, edits }]),
    );
    expect(byUri.get(ed.uri("a.flow"))?.version).toBe(1);
    expect(byUri.get(ed.uri("types.flow"))?.version).toBe(null);
    expect(ed.edited("a.flow", byUri.get(ed.uri("a.flow"))!.edits)).toBe(
      shop.replace("orders: Order", "orders: Purchase"),
    );
    expect(byUri.get(ed.uri("types.flow"))!.edits).toMatchObject([
      { newText: "Purchase", range: { start: { line: 1, character: 5 } } },
    ]);
  });

  it("to a name that cannot be is refused with a sentence", async () => {
    const { ed, place } = await opened("step paid from ord");
    const { error } = await ed.client.call("textDocument/rename", { ...place, newName: "no name" });
    expect(error?.message).toMatch(/^[A-Z'].*\.$/);
    expect((await ed.client.call("textDocument/rename", place)).error?.message).toBe(
      "The parameters of 'textDocument/rename' are not whole: 'newName'.",
    );
  });

  it("of nothing is nothing", async () => {
    const { ed, place } = await opened("}\n");
    expect(await ed.request("textDocument/prepareRename", place)).toBe(null);
  });

  it("of a file mends the imports of it", async () => {
    const { ed } = await opened();
    const names = [{ oldUri: ed.uri("types.flow"), newUri: ed.uri("shared/order.flow") }];
    const { documentChanges } = await ed.request<WorkspaceEdit>("workspace/willRenameFiles", { files: names });
    expect(documentChanges.map(({ edits }) => ed.edited("a.flow", edits))).toEqual([
      shop.replace("./types.flow", "./shared/order.flow"),
    ]);
  });

  it("changes plainly for clients that know no versions", async () => {
    const ed = await editor(files, {});
    const place = ed.open("a.flow", marked("step paid from ord"));
    const { changes } = await ed.request<{ changes: Record<string, Edit[]> }>("textDocument/rename", {
      ...place,
      newName: "sales",
    });
    expect(ed.edited("a.flow", changes[ed.uri("a.flow")]!)).toBe(
      shop.replaceAll("orders:", "sales:").replace("from orders", "from sales"),
    );
  });
});

it("linked editing gives the places of a variable", async () => {
  const ed = await shared;
  const place = ed.open("a.flow", shop.replace("data.total > 10.0", "[1].exists(ite|m, item > 0)"));
  const { ranges } = await ed.request<{ ranges: Range[] }>("textDocument/linkedEditingRange", place);
  expect(ranges.map((range) => ed.at("a.flow", range))).toEqual(["item", "item"]);
});

describe("formatting", () => {
  const messy = shop
    .replace("  filter data.total > 10.0", "filter   data.total>10.0")
    .replace("stdout {}", "stdout{  }");
  const options = { tabSize: 2, insertSpaces: true };
  const whole = { start: { line: 0, character: 0 }, end: { line: 99, character: 0 } };

  it("of a document is that of flow fmt", async () => {
    const ed = await shared;
    const { textDocument } = ed.open("a.flow", messy);
    expect(ed.edited("a.flow", await ed.request("textDocument/formatting", { textDocument, options }))).toBe(shop);
  });

  it("of a range, or of several, leaves the rest", async () => {
    const ed = await shared;
    const { textDocument } = ed.open("a.flow", messy);
    const range = { start: { line: 8, character: 0 }, end: { line: 8, character: 5 } };
    const one = await ed.request<Edit[]>("textDocument/rangeFormatting", { textDocument, range, options });
    expect(ed.edited("a.flow", one)).toBe(shop.replace("stdout {}", "stdout{  }"));
    const all = await ed.request<Edit[]>("textDocument/rangesFormatting", {
      textDocument,
      ranges: [range, whole, whole],
      options,
    });
    expect(ed.edited("a.flow", all)).toBe(shop);
  });

  it("while typing mends the block that was closed", async () => {
    const ed = await shared;
    const { textDocument } = ed.open("a.flow", messy);
    const place = { textDocument, position: { line: 9, character: 1 }, ch: "}", options };
    expect(ed.edited("a.flow", await ed.request("textDocument/onTypeFormatting", place))).toBe(
      shop.replace("stdout {}", "stdout{  }"),
    );
  });

  it("of a broken file changes nothing", async () => {
    const ed = await shared;
    const { textDocument } = ed.open("a.flow", messy.replace("step paid", "step {{"));
    expect(await ed.request("textDocument/formatting", { textDocument, options })).toEqual([]);
  });
});

describe("code actions", () => {
  interface Action {
    readonly title: string;
    readonly kind: string;
    readonly edit?: WorkspaceEdit;
    readonly diagnostics?: readonly { readonly code: string }[];
  }
  const broken = shop.replace("from orders", "from ordrs");
  const ask = (ed: Editor, textDocument: { uri: string }, only?: readonly string[]) =>
    ed.request<Action[]>("textDocument/codeAction", {
      textDocument,
      range: { start: { line: 7, character: 17 }, end: { line: 7, character: 17 } },
      context: { diagnostics: [], ...(only === undefined ? {} : { only }) },
    });

  it("mend what is wrong; the edits come when one is chosen", async () => {
    const ed = await shared;
    const { textDocument } = ed.open("a.flow", broken);
    const fix = (await ask(ed, textDocument)).find(({ kind }) => kind === "quickfix");
    expect([fix?.edit, fix?.diagnostics?.[0]?.code]).toEqual([undefined, "FLOW2001"]);
    const { edit } = await ed.request<Action>("codeAction/resolve", fix);
    expect(edit?.documentChanges[0]?.textDocument.version).toBe(1);
    expect(ed.edited("a.flow", edit!.documentChanges[0]!.edits)).toBe(shop);
  });

  it("come with their edits to clients that cannot ask later", async () => {
    const ed = await editor(files, { workspace: { workspaceEdit: { documentChanges: true } } });
    const { textDocument } = ed.open("a.flow", broken);
    const fix = (await ask(ed, textDocument, ["quickfix"]))[0];
    expect(ed.edited("a.flow", fix!.edit!.documentChanges[0]!.edits)).toBe(shop);
  });

  it("that are out of date are refused", async () => {
    const ed = await shared;
    const { textDocument } = ed.open("a.flow", broken);
    const [fix] = await ask(ed, textDocument, ["quickfix"]);
    ed.change("a.flow", "orders", "sales");
    expect((await ed.client.call("codeAction/resolve", fix)).error?.message).toContain("has changed");
    expect(await ed.request("codeAction/resolve", { title: "never offered" })).toEqual({ title: "never offered" });
  });

  it("of the whole file come to those who ask for them", async () => {
    const ed = await shared;
    const { textDocument } = ed.open("a.flow", broken);
    expect((await ask(ed, textDocument)).filter(({ kind }) => kind.startsWith("source."))).toEqual([]);
    const [all] = await ask(ed, textDocument, ["source.fixAll"]);
    const { edit } = await ed.request<Action>("codeAction/resolve", all);
    expect(ed.edited("a.flow", edit!.documentChanges[0]!.edits)).toBe(shop);
  });
});

describe("refactorings", () => {
  interface Action {
    readonly title: string;
    readonly kind: string;
    readonly edit?: WorkspaceEdit;
    readonly disabled?: { readonly reason: string };
    readonly isPreferred?: boolean;
    readonly diagnostics?: readonly unknown[];
  }
  const text = `source orders { stdin {} }

step large from orders { filter data.total * 1.2 > 100.0 }

sink out from large { stdout {} }
`;
  const at = (from: number, to: number) => ({
    start: { line: 2, character: from },
    end: { line: 2, character: to },
  });
  const ask = (ed: Editor, range: object, only?: readonly string[], diagnostics: readonly unknown[] = []) => {
    const { textDocument } = ed.open("a.flow", text);
    const context = { diagnostics, ...(only === undefined ? {} : { only }) };
    return ed.request<Action[]>("textDocument/codeAction", { textDocument, range, context });
  };

  it("are titles at first; the edits come with the version of the text when one is chosen", async () => {
    const ed = await shared;
    const actions = await ask(ed, at(32, 48), ["refactor.extract"]);
    expect(actions.map(({ title, kind, edit }) => [title, kind, edit])).toEqual([
      ["Extract to a function", "refactor.extract.function", undefined],
    ]);
    const { edit } = await ed.request<Action>("codeAction/resolve", actions[0]);
    expect(edit!.documentChanges[0]!.textDocument).toMatchObject({ version: 1 });
    expect(ed.edited("a.flow", edit!.documentChanges[0]!.edits)).toBe(
      text
        .replace("step large", "fn extracted(total: any): double = total * 1.2\n\nstep large")
        .replace("data.total * 1.2", "extracted(data.total)"),
    );
  });

  it("come at once, by URI alone, to clients that take nothing more", async () => {
    const ed = await editor(files, {});
    const [inline] = await ask(ed, at(6, 6), ["refactor.inline"]);
    const changes = inline!.edit as unknown as { readonly changes: Readonly<Record<string, readonly Edit[]>> };
    expect(ed.edited("a.flow", changes.changes[ed.uri("a.flow")]!)).toBe(
      "source orders { stdin {} }\n\nsink out from orders where data.total * 1.2 > 100.0 { stdout {} }\n",
    );
  });

  it("that cannot be done say why, to clients that show it", async () => {
    const broken = text.replace("stdout {} }", "stdout {} }\n\nsink bad from large.errors { stdout {} }");
    const askBroken = async (ed: Editor) => {
      const { textDocument } = ed.open("a.flow", broken);
      const context = { diagnostics: [], only: ["refactor.inline"] };
      return ed.request<Action[]>("textDocument/codeAction", { textDocument, range: at(6, 6), context });
    };
    expect(await askBroken(await shared)).toEqual([]);
    const shows = await editor(files, { textDocument: { codeAction: { disabledSupport: true } } });
    expect(await askBroken(shows)).toEqual([
      {
        title: "Inline step 'large' into 'out', 'bad'",
        kind: "refactor.inline",
        disabled: { reason: "'large.errors' is read." },
      },
    ]);
  });

  it("leave the fixes to those who ask for fixes, of the diagnostics they show", async () => {
    const ed = await shared;
    const wrong = text.replace("from large", "from lrge");
    const { textDocument } = ed.open("a.flow", wrong);
    const range = { start: { line: 4, character: 14 }, end: { line: 4, character: 14 } };
    const fixes = (diagnostics: readonly object[]) =>
      ed.request<Action[]>("textDocument/codeAction", {
        textDocument,
        range,
        context: { diagnostics, only: ["quickfix"] },
      });
    const shown = { message: "", range, code: "FLOW2001" };
    const [fix] = await fixes([shown]);
    expect(fix).toMatchObject({ title: "Change to 'large'", isPreferred: true, diagnostics: [{ code: "FLOW2001" }] });
    expect(await fixes([{ ...shown, code: "FLOW3001" }])).toEqual([]);
  });
});

describe("semantic tokens", () => {
  interface Tokens {
    readonly resultId: string;
    readonly data: number[];
  }
  it("say what each word is", async () => {
    const { ed, place } = await opened();
    const { data } = await ed.request<Tokens>("textDocument/semanticTokens/full", place);
    expect(data.length % 5).toBe(0);
    expect(wordsOf(ed.text("a.flow"), data)).toEqual(expect.arrayContaining(["source", "orders", "Order", "paid"]));
  });

  it("come as a difference, that makes the whole of the old one", async () => {
    const { ed, place } = await opened();
    const first = await ed.request<Tokens>("textDocument/semanticTokens/full", place);
    ed.change("a.flow", "data.total > 10.0", 'data.total > 10.0 && data.id != ""');
    const params = { ...place, previousResultId: first.resultId };
    const { edits } = await ed.request<{ edits: { start: number; deleteCount: number; data?: number[] }[] }>(
      "textDocument/semanticTokens/full/delta",
      params,
    );
    const { data } = await ed.request<Tokens>("textDocument/semanticTokens/full", place);
    for (const { start, deleteCount, data: added = [] } of edits) first.data.splice(start, deleteCount, ...added);
    expect(first.data).toEqual(data);
    expect(
      await ed.request("textDocument/semanticTokens/full/delta", { ...place, previousResultId: "never" }),
    ).toMatchObject({ data });
  });

  it("of a range are those of the range", async () => {
    const { ed, place } = await opened();
    const range = { start: { line: 7, character: 0 }, end: { line: 7, character: 99 } };
    const { data } = await ed.request<Tokens>("textDocument/semanticTokens/range", { ...place, range });
    expect(data[0]).toBe(7);
    expect(wordsOf(ed.text("a.flow"), data)).toEqual(["step", "paid", "from", "orders"]);
  });
});

describe("what is drawn around the text", () => {
  it("folds blocks", async () => {
    const { ed, place } = await opened();
    const found = await ed.request<{ startLine: number; endLine: number }[]>("textDocument/foldingRange", place);
    expect(found).toContainEqual(expect.objectContaining({ startLine: 7, endLine: 9 }));
  });

  it("grows selections from the word to the file, for each position", async () => {
    interface Selection {
      readonly range: Range;
      readonly parent?: Selection;
    }
    const { ed, place } = await opened("data.tot");
    const [first, second] = await ed.request<Selection[]>("textDocument/selectionRange", {
      ...place,
      positions: [place.position, { line: 1, character: 0 }],
    });
    const texts: string[] = [];
    for (let one: Selection | undefined = first; one; one = one.parent) texts.push(ed.at("a.flow", one.range));
    expect(texts[0]).toBe("total");
    expect(texts).toContain("data.total > 10.0");
    expect(texts.map((text) => text.length)).toEqual(texts.map((text) => text.length).sort((a, b) => a - b));
    expect(second?.range).toBeDefined();
  });

  it("hints what is not written", async () => {
    const { ed, place } = await opened();
    const whole = { start: { line: 0, character: 0 }, end: { line: 99, character: 0 } };
    const found = await ed.request<{ label: string; position: Range["start"] }[]>("textDocument/inlayHint", {
      ...place,
      range: whole,
    });
    expect(found.length).toBeGreaterThan(0);
    const none = { start: { line: 1, character: 0 }, end: { line: 1, character: 0 } };
    expect(await ed.request("textDocument/inlayHint", { ...place, range: none })).toEqual([]);
  });

  it("has lenses, with the commands that the client has", async () => {
    interface Lens {
      readonly command: { readonly title: string; readonly command: string; readonly arguments?: readonly unknown[] };
    }
    const { ed, place } = await opened();
    const plain = await ed.request<Lens[]>("textDocument/codeLens", place);
    expect(plain.length).toBeGreaterThan(0);
    expect(plain.every(({ command }) => command.command === "" && command.title !== "")).toBe(true);
    const able = await editor(files, {
      ...modernClient,
      experimental: { commands: ["flow.run", "flow.showNeighbours"] },
    });
    const lenses = await able.request<Lens[]>("textDocument/codeLens", able.open("a.flow", shop));
    expect(lenses.map(({ command }) => command.command)).toEqual(
      expect.arrayContaining(["flow.run", "flow.showNeighbours"]),
    );
  });
});

describe("previews", () => {
  it("are documents of the compiled resource, and follow the text", async () => {
    const { ed, place } = await opened();
    const uri = `flow-preview:/resource/a.pipeline.yaml?${encodeURIComponent(place.textDocument.uri)}`;
    expect((await ed.request<{ text: string }>("workspace/textDocumentContent", { uri })).text).toContain(
      "kind: Pipeline",
    );
    const refreshed = ed.client.next("workspace/textDocumentContent/refresh");
    ed.change("a.flow", "from orders", "from orders where true");
    expect((await refreshed).params).toEqual({ uri });
    expect((await ed.request<{ text: string }>("workspace/textDocumentContent", { uri })).text).toContain("where:");
  });

  it("keep the last whole text while an error is in the way", async () => {
    const { ed, place } = await opened();
    const uri = `flow-preview:/resource/a.pipeline.yaml?${encodeURIComponent(place.textDocument.uri)}`;
    const content = async () => (await ed.request<{ text: string }>("workspace/textDocumentContent", { uri })).text;
    const whole = await content();
    ed.change("a.flow", "from orders", "from ordrs");
    expect(await content()).toBe(whole);
  });

  it("say what is in the way of the first text", async () => {
    const { ed, place } = await opened();
    ed.change("a.flow", "from orders", "from ordrs");
    const uri = `flow-preview:/ir/a.json?${encodeURIComponent(place.textDocument.uri)}`;
    expect((await ed.request<{ text: string }>("workspace/textDocumentContent", { uri })).text).toMatch(/^# .*mended/);
  });

  it.each(["resource", "runtime", "ir", "graph"])("by command: %s, with the way back to the source", async (kind) => {
    const { ed, place } = await opened();
    const params = { command: "flow.preview", arguments: [place.textDocument.uri, kind] };
    const { text, mappings } = await ed.request<{ text: string; mappings: { source: Location }[] }>(
      "workspace/executeCommand",
      params,
    );
    expect(text).toContain("orders");
    for (const { source } of mappings) expect(source.uri).toMatch(/\.flow$/);
  });

  it("the graph has nodes and edges with their places", async () => {
    const { ed, place } = await opened();
    const { nodes, edges } = await ed.request<{
      nodes: { name: string; at: Location }[];
      edges: { from: string; to: string }[];
    }>("workspace/executeCommand", { command: "flow.graph", arguments: [place.textDocument.uri] });
    expect(nodes.map(({ name, at }) => [name, ed.at("a.flow", at.range)])).toEqual(
      ["orders", "paid", "out"].map((name) => [name, name]),
    );
    expect(edges.map(({ from, to }) => [from, to])).toEqual([
      ["orders", "paid"],
      ["paid", "out"],
    ]);
  });

  it.each([
    [{ command: "rm", arguments: [] }, "There is no command 'rm'."],
    [{ command: "flow.graph" }, "needs the URI"],
    [{ command: "flow.graph", arguments: ["file:///none.flow"] }, "needs the URI"],
  ])("%j is refused", async (params, message) => {
    const { ed } = await opened();
    expect((await ed.client.call("workspace/executeCommand", params)).error?.message).toContain(message);
  });
});

/** The words that packed tokens stand on. */
function wordsOf(text: string, data: readonly number[]): string[] {
  const lines = text.split("\n");
  let [line, character] = [0, 0];
  return Array.from({ length: data.length / 5 }, (_, i) => {
    const [down = 0, right = 0, length = 0] = data.slice(i * 5);
    line += down;
    character = down === 0 ? character + right : right;
    return lines[line]!.slice(character, character + length);
  });
}
