/** One document in one language server, as an editor has it: over standard input and output. */
import { readFileSync } from "node:fs";
import { Client } from "../../test/lsp/client.ts";

export interface ServerUnderTest {
  readonly name: string;
  readonly binary: string;
  readonly args: readonly string[];
  readonly languageId: string;
  readonly uri: string;
  /** Answers of `workspace/configuration`, by section. */
  readonly settings: Readonly<Record<string, unknown>>;
  /** It is asked for diagnostics; else it sends them. */
  readonly pulls: boolean;
}

export class Editor {
  readonly client: Client;
  readonly #server: ServerUnderTest;
  #version = 1;

  private constructor(server: ServerUnderTest) {
    this.#server = server;
    this.client = new Client({ binary: server.binary, args: server.args });
    this.client.onRequest("workspace/configuration", (params) =>
      (params as { items: { section?: string }[] }).items.map(({ section }) => server.settings[section ?? ""] ?? null),
    );
  }

  /** With the time from the start of the process to the first diagnostics, and how many there were. */
  static async open(
    server: ServerUnderTest,
    text: string,
  ): Promise<{ readonly editor: Editor; readonly firstMs: number; readonly mistakes: number }> {
    const began = performance.now();
    const editor = new Editor(server);
    const { client } = editor;
    const capabilities = {
      workspace: { configuration: true },
      textDocument: {
        synchronization: {},
        publishDiagnostics: {},
        ...(server.pulls ? { diagnostic: { relatedDocumentSupport: true } } : {}),
        completion: { completionItem: { snippetSupport: true } },
      },
    };
    await client.request("initialize", { processId: process.pid, rootUri: null, capabilities });
    client.notify("initialized", {});
    const { uri, languageId } = server;
    const pushed = editor.#pushed();
    client.notify("textDocument/didOpen", { textDocument: { uri, languageId, version: 1, text } });
    const found = server.pulls ? await editor.#pull() : await pushed;
    return { editor, firstMs: performance.now() - began, mistakes: found.length };
  }

  type(line: number, start: number, end: number, text: string): void {
    this.client.notify("textDocument/didChange", {
      textDocument: { uri: this.#server.uri, version: ++this.#version },
      contentChanges: [{ range: { start: { line, character: start }, end: { line, character: end } }, text }],
    });
  }

  /** Types, and waits for what is wrong then. */
  async typeAndCheck(line: number, start: number, end: number, text: string): Promise<void> {
    const pushed = this.#pushed();
    this.type(line, start, end, text);
    await (this.#server.pulls ? this.#pull() : pushed);
  }

  complete(line: number, character: number): ReturnType<Client["start"]> {
    const textDocument = { uri: this.#server.uri };
    return this.client.start("textDocument/completion", { textDocument, position: { line, character } });
  }

  diagnostics(): ReturnType<Client["start"]> {
    return this.client.start("textDocument/diagnostic", { textDocument: { uri: this.#server.uri } });
  }

  cancel(id: number): void {
    this.client.notify("$/cancelRequest", { id });
  }

  residentMb(): number {
    try {
      const status = readFileSync(`/proc/${this.client.process.pid}/status`, "utf8");
      return Number(/VmRSS:\s+(\d+)/.exec(status)?.[1]) / 1024;
    } catch {
      return Number.NaN;
    }
  }

  close(): Promise<unknown> {
    return this.client.stop();
  }

  async #pull(): Promise<readonly unknown[]> {
    const { items } = (await this.diagnostics().answer).result as { readonly items: readonly unknown[] };
    return items;
  }

  async #pushed(): Promise<readonly unknown[]> {
    if (this.#server.pulls) return [];
    const { params } = await this.client.next("textDocument/publishDiagnostics");
    return (params as { readonly diagnostics: readonly unknown[] }).diagnostics;
  }
}
