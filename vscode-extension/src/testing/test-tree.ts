/** The items of the Test Explorer: a file that has tests, and below it each of its `test` blocks, as the text is now. */
import * as vscode from "vscode";
import { flowFilesBelow } from "../server/virtual-files.ts";
import type { ServerClient } from "../server-client.ts";
import type { FoundTest } from "./answers.ts";
import { serverHas } from "./server-commands.ts";

/** While someone types, the items follow after such a pause. */
const pauseMs = 200;
/** A closed file is looked into only so far: whether it is one with tests. */
const startsTest = /^\s*test\s*"/m;

export class TestTree implements vscode.Disposable {
  readonly controller: vscode.TestController;
  readonly #server: ServerClient;
  readonly #timers = new Map<string, ReturnType<typeof setTimeout>>();
  readonly #subscriptions: vscode.Disposable[] = [];
  #isListed = false;

  constructor(controller: vscode.TestController, server: ServerClient) {
    this.controller = controller;
    this.#server = server;
    // Asked for without an item when the Test Explorer is first shown: only then is the workspace looked through.
    controller.resolveHandler = (item) => (item ? this.#resolve(item) : this.findAll());
    controller.refreshHandler = () => this.findAll();
    const files = vscode.workspace.createFileSystemWatcher("**/*.flow", false, true, false);
    this.#subscriptions.push(
      files,
      // Files that come by another way than the editor. Before the Test Explorer is shown nothing is read.
      files.onDidCreate((uri) => {
        if (this.#isListed && !isOpen(uri.toString())) void this.#putClosed(uri);
      }),
      files.onDidDelete((uri) => controller.items.delete(uri.toString())),
      vscode.workspace.onDidOpenTextDocument((document) => this.#later(document, 0)),
      vscode.workspace.onDidChangeTextDocument(({ document }) => this.#later(document, pauseMs)),
      server.onDidStart(() => {
        for (const document of vscode.workspace.textDocuments) this.#later(document, 0);
      }),
    );
  }

  dispose(): void {
    for (const timer of this.#timers.values()) clearTimeout(timer);
    for (const one of this.#subscriptions) one.dispose();
  }

  /** The file's item with its tests, as the text is now; undefined when it has none. */
  async refresh(uri: vscode.Uri): Promise<vscode.TestItem | undefined> {
    // The server knows the texts of open documents, in a virtual workspace those alone.
    const document = await vscode.workspace.openTextDocument(uri);
    const params = { command: "flow.tests", arguments: [uri.toString()] };
    if (!serverHas(this.#server, params.command)) return undefined;
    const version = document.version;
    const found = await this.#server.client.sendRequest<readonly FoundTest[] | null>(
      "workspace/executeCommand",
      params,
    );
    if (!found || document.version !== version) return this.controller.items.get(uri.toString());
    if (found.length > 0) return this.#put(uri, found);
    this.controller.items.delete(uri.toString());
    return undefined;
  }

  /** Every file of the workspace that has tests. */
  async findAll(token?: vscode.CancellationToken): Promise<void> {
    this.#isListed = true;
    const folders = vscode.workspace.workspaceFolders ?? [];
    const uris = (await Promise.all(folders.map(({ uri }) => flowFilesBelow(uri)))).flat();
    const found = new Set(uris.map((uri) => uri.toString()));
    for (const [id] of this.controller.items) if (!found.has(id) && !isOpen(id)) this.controller.items.delete(id);
    for (const uri of uris) {
      if (token?.isCancellationRequested === true) return;
      if (isOpen(uri.toString())) await this.refresh(uri);
      else await this.#putClosed(uri);
    }
  }

  async #putClosed(uri: vscode.Uri): Promise<void> {
    try {
      const text = new TextDecoder().decode(await vscode.workspace.fs.readFile(uri));
      if (!startsTest.test(text)) this.controller.items.delete(uri.toString());
      else if (!this.controller.items.get(uri.toString())) this.#file(uri).canResolveChildren = true;
    } catch {
      // It is gone since it was found.
      this.controller.items.delete(uri.toString());
    }
  }

  async #resolve(item: vscode.TestItem): Promise<void> {
    if (!item.uri || item.parent) return;
    try {
      await this.refresh(item.uri);
    } catch (error) {
      item.error = error instanceof Error ? error.message : String(error);
    }
  }

  #later(document: vscode.TextDocument, delayMs: number): void {
    if (document.languageId !== "flow" || document.isClosed) return;
    const id = document.uri.toString();
    clearTimeout(this.#timers.get(id));
    const refresh = (): void => {
      this.#timers.delete(id);
      if (!document.isClosed) this.refresh(document.uri).catch(() => {});
    };
    this.#timers.set(id, setTimeout(refresh, delayMs));
  }

  #put(uri: vscode.Uri, found: readonly FoundTest[]): vscode.TestItem {
    const file = this.#file(uri);
    file.canResolveChildren = false;
    const seen = new Map<string, number>();
    const items = found.map(({ name, range }, order) => {
      const times = (seen.get(name) ?? 0) + 1;
      seen.set(name, times);
      const id = `${file.id}#${name}${times > 1 ? `#${times}` : ""}`;
      // An item that stays keeps its last result.
      const item = file.children.get(id) ?? this.controller.createTestItem(id, name, uri);
      item.range = this.#server.client.protocol2CodeConverter.asRange(range);
      item.sortText = String(order).padStart(6, "0");
      return item;
    });
    file.children.replace(items);
    return file;
  }

  #file(uri: vscode.Uri): vscode.TestItem {
    const id = uri.toString();
    const known = this.controller.items.get(id);
    if (known) return known;
    const item = this.controller.createTestItem(id, vscode.workspace.asRelativePath(uri), uri);
    this.controller.items.add(item);
    return item;
  }
}

const isOpen = (id: string): boolean =>
  vscode.workspace.textDocuments.some(({ uri, isClosed }) => !isClosed && uri.toString() === id);
