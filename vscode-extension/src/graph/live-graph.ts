/** Asks the server for the graph of one file, again after each change, and gives only answers that are not overtaken. */
import * as vscode from "vscode";
import { ExecuteCommandRequest } from "vscode-languageclient";
import type { ServerClient } from "../server-client.ts";
import { type Graph, graphOf } from "./graph-data.ts";

/** Diagnostics and completion of a keystroke come first. */
const delayMs = 80;

export class LiveGraph implements vscode.Disposable {
  readonly #server: ServerClient;
  readonly #given: (graph: Graph) => void;
  readonly #failed: (reason: string) => void;
  #uri: vscode.Uri | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #request: vscode.CancellationTokenSource | undefined;

  constructor(server: ServerClient, given: (graph: Graph) => void, failed: (reason: string) => void) {
    this.#server = server;
    this.#given = given;
    this.#failed = failed;
  }

  /** From now on it is this file's graph. */
  follow(uri: vscode.Uri): void {
    this.#uri = uri;
    this.refresh();
  }

  refresh(): void {
    this.#stop();
    if (this.#uri) void this.#ask(this.#uri);
  }

  /** After a burst of changes. */
  refreshSoon(): void {
    this.#stop();
    this.#timer = setTimeout(() => this.refresh(), delayMs);
  }

  dispose(): void {
    this.#uri = undefined;
    this.#stop();
  }

  #stop(): void {
    clearTimeout(this.#timer);
    this.#request?.cancel();
    this.#request = undefined;
  }

  async #ask(uri: vscode.Uri): Promise<void> {
    const request = new vscode.CancellationTokenSource();
    this.#request = request;
    const isOvertaken = (): boolean => this.#request !== request;
    try {
      const document = await vscode.workspace.openTextDocument(uri);
      if (isOvertaken()) return;
      const params = { command: "flow.graph", arguments: [uri.toString()] };
      const answer: unknown = await this.#server.client.sendRequest(ExecuteCommandRequest.type, params, request.token);
      if (isOvertaken()) return;
      const graph = graphOf(answer);
      if (!graph) this.#failed("This language server gives no graph: update argo-dataflow.");
      else if (graph.version === undefined || graph.version === document.version) this.#given(graph);
      else this.refreshSoon();
    } catch (error) {
      if (!isOvertaken()) this.#failed(error instanceof Error ? error.message : String(error));
    }
  }
}
