/** Files of the scheme `memory:`, kept by the test that serves the page. Served as JavaScript; no part of the product. */
import {
  EventEmitter,
  type ExtensionContext,
  type FileChangeEvent,
  FileChangeType,
  type FileStat,
  FileSystemError,
  type FileSystemProvider,
  FileType,
  Uri,
  workspace,
} from "vscode";
import type { FolderAnswer, FolderQuestion } from "../memory-folder.ts";

export function activate(context: ExtensionContext): void {
  const address = Uri.joinPath(context.extensionUri, "../../folder").toString(true);
  const changes = new EventEmitter<FileChangeEvent[]>();
  const ask = async (uri: Uri, question: FolderQuestion): Promise<FolderAnswer & { readonly found: true }> => {
    const response = await fetch(address, { method: "POST", body: JSON.stringify(question) });
    const answer = (await response.json()) as FolderAnswer;
    if (!answer.found) throw FileSystemError.FileNotFound(uri);
    return answer;
  };
  const stat = async (uri: Uri): Promise<FileStat> => {
    const answer = await ask(uri, { ask: "stat", path: uri.path });
    return "text" in answer
      ? { type: FileType.File, ctime: 0, mtime: answer.changed, size: answer.size }
      : { type: FileType.Directory, ctime: 0, mtime: 0, size: 0 };
  };
  const provider: FileSystemProvider = {
    onDidChangeFile: changes.event,
    watch: () => ({ dispose() {} }),
    stat,
    async readDirectory(uri) {
      const answer = await ask(uri, { ask: "stat", path: uri.path });
      if ("text" in answer) throw FileSystemError.FileNotADirectory(uri);
      return answer.entries.map(([name, isFolder]) => [name, isFolder ? FileType.Directory : FileType.File]);
    },
    async readFile(uri) {
      const answer = await ask(uri, { ask: "read", path: uri.path });
      if (!("text" in answer)) throw FileSystemError.FileIsADirectory(uri);
      return new TextEncoder().encode(answer.text);
    },
    async writeFile(uri, content) {
      await ask(uri, { ask: "write", path: uri.path, text: new TextDecoder().decode(content) });
      changes.fire([{ type: FileChangeType.Changed, uri }]);
    },
    async delete(uri) {
      await ask(uri, { ask: "delete", path: uri.path });
      changes.fire([{ type: FileChangeType.Deleted, uri }]);
    },
    async rename(from, to) {
      await ask(from, { ask: "rename", path: from.path, to: to.path });
      changes.fire([
        { type: FileChangeType.Deleted, uri: from },
        { type: FileChangeType.Created, uri: to },
      ]);
    },
    createDirectory() {}, // a folder is there as soon as something lies in it
  };
  context.subscriptions.push(workspace.registerFileSystemProvider("memory", provider, { isCaseSensitive: true }));
}
