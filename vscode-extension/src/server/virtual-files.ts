/** Reads files for a server that has no disk: through the editor, so that virtual workspaces work. */
import * as vscode from "vscode";
import type { BaseLanguageClient } from "vscode-languageclient";

/** Larger files are no source of anyone. */
const largestBytes = 16 * 1024 * 1024;
const mostFiles = 5_000;
const mostFolders = 1_000;
const skipped = /^(?:node_modules|dist|out|\..*)$/;

export function answerFileRequests(client: BaseLanguageClient): void {
  client.onRequest("flow/readFile", async ({ uri }: { uri: string }) => ({
    text: await textOf(vscode.Uri.parse(uri)),
  }));
  client.onRequest("flow/findFiles", async ({ folders }: { folders: string[] }) => {
    const found = await Promise.all(folders.map((folder) => flowFilesBelow(vscode.Uri.parse(folder))));
    return { uris: found.flat().map((uri) => uri.toString()) };
  });
}

async function textOf(uri: vscode.Uri): Promise<string | null> {
  try {
    const { size } = await vscode.workspace.fs.stat(uri);
    if (size > largestBytes) return null;
    return new TextDecoder().decode(await vscode.workspace.fs.readFile(uri));
  } catch {
    return null;
  }
}

/** The `.flow` files below a folder, also where the file system cannot be searched. */
export async function flowFilesBelow(folder: vscode.Uri): Promise<readonly vscode.Uri[]> {
  const pattern = new vscode.RelativePattern(folder, "**/*.flow");
  const found = await vscode.workspace.findFiles(pattern, "**/{node_modules,dist,out,.*}/**", mostFiles);
  // Not every virtual file system can be searched.
  return found.length > 0 ? found : walk(folder);
}

async function walk(root: vscode.Uri): Promise<readonly vscode.Uri[]> {
  const found: vscode.Uri[] = [];
  const waiting = [root];
  for (let seen = 0; waiting.length > 0 && seen < mostFolders && found.length < mostFiles; seen++) {
    const folder = waiting.shift()!;
    for (const [name, type] of await entriesOf(folder)) {
      if (type === vscode.FileType.Directory && !skipped.test(name)) waiting.push(vscode.Uri.joinPath(folder, name));
      if (type === vscode.FileType.File && name.endsWith(".flow")) found.push(vscode.Uri.joinPath(folder, name));
    }
  }
  return found;
}

async function entriesOf(folder: vscode.Uri): Promise<readonly [string, vscode.FileType][]> {
  try {
    return await vscode.workspace.fs.readDirectory(folder);
  } catch {
    return [];
  }
}
