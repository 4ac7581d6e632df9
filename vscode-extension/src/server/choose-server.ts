/** Which server runs on the desktop: the one the setting names, else the project's own, else the extension's copy. */
import { dirname, isAbsolute, resolve } from "node:path";
import * as vscode from "vscode";
import type { ServerOrigin } from "../server-client.ts";
import { flowIn, projectFlow } from "./find-flow.ts";

/**
 * One server serves the whole window. With several folders the first that has `argo-dataflow` decides, the folder of the file in
 * front before the others. Code of the workspace runs only when the workspace is trusted.
 */
export function chooseServer(bundled: string, channel: vscode.LogOutputChannel): ServerOrigin {
  const fallback: ServerOrigin = { kind: "bundled", path: bundled };
  if (!vscode.workspace.isTrusted) {
    channel.info("The workspace is not trusted, so its own server is not started.");
    return fallback;
  }
  const named = vscode.workspace.getConfiguration("flow").get<string>("server.path", "").trim();
  if (named !== "") {
    const path = flowIn(absolute(named));
    if (path !== undefined) return { kind: "setting", path };
    throw new Error(`The setting 'flow.server.path' names '${named}', where there is no flow.js and no argo-dataflow.`);
  }
  for (const folder of startingPoints()) {
    const path = projectFlow(folder);
    if (path !== undefined) return { kind: "workspace", path };
  }
  return fallback;
}

function startingPoints(): readonly string[] {
  const front = vscode.window.activeTextEditor?.document;
  const file = front?.languageId === "flow" && front.uri.scheme === "file" ? [dirname(front.uri.fsPath)] : [];
  const folders = vscode.workspace.workspaceFolders ?? [];
  return [...file, ...folders.filter(({ uri }) => uri.scheme === "file").map(({ uri }) => uri.fsPath)];
}

function absolute(path: string): string {
  const first = vscode.workspace.workspaceFolders?.[0]?.uri.fsPath;
  return isAbsolute(path) || first === undefined ? path : resolve(first, path);
}
