/** An editor for tests: a folder of files, a server, and texts with a cursor mark `|` that become requests. */
import { pathToFileURL } from "node:url";
import { afterAll } from "vitest";
import { binary, place } from "../cli/flow.ts";
import { Client } from "./client.ts";

export interface Range {
  readonly start: { readonly line: number; readonly character: number };
  readonly end: { readonly line: number; readonly character: number };
}
export interface Edit {
  readonly range: Range;
  readonly newText: string;
}

/** What most editors can do. */
export const modernClient = {
  general: { positionEncodings: ["utf-16"] },
  textDocument: {
    diagnostic: { relatedDocumentSupport: true },
    hover: { contentFormat: ["markdown"] },
    completion: { completionItem: { snippetSupport: true, documentationFormat: ["markdown"] } },
    definition: { linkSupport: true },
    typeDefinition: { linkSupport: true },
    documentSymbol: { hierarchicalDocumentSymbolSupport: true },
    codeAction: { dataSupport: true, resolveSupport: { properties: ["edit"] } },
  },
  workspace: {
    workspaceEdit: { documentChanges: true },
    diagnostics: { refreshSupport: true },
    didChangeWatchedFiles: { dynamicRegistration: true },
  },
};

export class Editor {
  readonly client: Client;
  readonly folder: string;
  readonly write: (path: string, text: string) => void;
  readonly #texts = new Map<string, string>();
  #version = 1;

  constructor(files: Readonly<Record<string, string>> = {}) {
    const here = place(files);
    this.folder = here.cwd;
    this.write = here.write;
    this.client = new Client({ binary, cwd: here.cwd });
    open.push(this);
  }

  uri(path: string): string {
    return pathToFileURL(`${this.folder}/${path}`).href;
  }

  async start(
    capabilities: object = modernClient,
    more: object = {},
  ): Promise<{ capabilities: Record<string, unknown> }> {
    const folders = [{ uri: pathToFileURL(this.folder).href, name: "test" }];
    const params = { processId: process.pid, rootUri: null, workspaceFolders: folders, capabilities, ...more };
    const result = await this.client.request<{ capabilities: Record<string, unknown> }>("initialize", params);
    this.client.notify("initialized", {});
    return result;
  }

  /** Opens the text without its mark, and says where the mark stood. */
  open(path: string, marked: string): { readonly textDocument: { uri: string }; readonly position: Range["start"] } {
    const { text, offset } = withoutMark(marked);
    this.#texts.set(path, text);
    this.#version = 1;
    const textDocument = { uri: this.uri(path), languageId: path.split(".").at(-1), version: this.#version, text };
    this.client.notify("textDocument/didOpen", { textDocument });
    return { textDocument: { uri: this.uri(path) }, position: positionIn(text, offset) };
  }

  /** Replaces the first `from` by `to`, as one incremental change. */
  change(path: string, from: string, to: string): void {
    const text = this.text(path);
    const start = text.indexOf(from);
    if (start < 0) throw new Error(`'${from}' does not stand in ${path}`);
    const range = { start: positionIn(text, start), end: positionIn(text, start + from.length) };
    this.#texts.set(path, text.slice(0, start) + to + text.slice(start + from.length));
    const textDocument = { uri: this.uri(path), version: ++this.#version };
    this.client.notify("textDocument/didChange", { textDocument, contentChanges: [{ range, text: to }] });
  }

  text(path: string): string {
    return this.#texts.get(path) ?? "";
  }

  /** What stands there, `12:3`-less: the words themselves. */
  at(path: string, { start, end }: Range): string {
    const text = this.text(path);
    return text.slice(offsetIn(text, start), offsetIn(text, end));
  }

  /** The text after the edits. */
  edited(path: string, edits: readonly Edit[]): string {
    const text = this.text(path);
    return [...edits]
      .sort((a, b) => offsetIn(text, b.range.start) - offsetIn(text, a.range.start))
      .reduce(
        (now, { range, newText }) =>
          now.slice(0, offsetIn(text, range.start)) + newText + now.slice(offsetIn(text, range.end)),
        text,
      );
  }

  request<T>(method: string, params: unknown): Promise<T> {
    return this.client.request<T>(method, params);
  }
}

const open: Editor[] = [];
afterAll(() => {
  for (const { client } of open) client.process.kill();
});

/** A server with these files on disk, and the first steps done. */
export async function editor(
  files: Readonly<Record<string, string>> = {},
  capabilities: object = modernClient,
): Promise<Editor> {
  const started = new Editor(files);
  await started.start(capabilities);
  return started;
}

/** The mark is a `|` that stands alone. */
export function withoutMark(marked: string): { readonly text: string; readonly offset: number } {
  const offset = marked.search(/(?<!\|)\|(?!\|)/);
  return offset < 0
    ? { text: marked, offset: 0 }
    : { text: marked.slice(0, offset) + marked.slice(offset + 1), offset };
}

export function positionIn(text: string, offset: number): Range["start"] {
  const before = text.slice(0, offset).split("\n");
  return { line: before.length - 1, character: before.at(-1)!.length };
}

export function offsetIn(text: string, { line, character }: Range["start"]): number {
  const lines = text.split("\n");
  return (
    lines.slice(0, line).reduce((sum, one) => sum + one.length + 1, 0) + Math.min(character, lines[line]?.length ?? 0)
  );
}
