/** "Run here": a pipeline on sample events, and beside each node what came out. Nothing outside is opened, and nothing is written. */
import * as vscode from "vscode";
import type { ServerClient } from "../server-client.ts";
import type { FoundTest } from "../testing/answers.ts";
import { failed, serverHas, tooOld } from "../testing/server-commands.ts";
import type { HereAnswer } from "./answer.ts";
import { originText } from "./describe.ts";
import { ShownRun } from "./shown-run.ts";

/** How long the status bar says where the events came from. */
const saidMs = 15_000;

export function registerRunHere(context: vscode.ExtensionContext, server: ServerClient): void {
  const shown = new ShownRun();
  let running: vscode.CancellationTokenSource | undefined;

  /** @param test whose events are taken; without it those of samples */
  const run = async (uri: vscode.Uri, test?: string): Promise<void> => {
    if (!serverHas(server, "flow.runHere")) return tell(tooOld);
    // The newest run counts.
    running?.cancel();
    const source = new vscode.CancellationTokenSource();
    running = source;
    const document = await vscode.workspace.openTextDocument(uri);
    const { version } = document;
    try {
      const params = { command: "flow.runHere", arguments: [uri.toString(), test === undefined ? {} : { test }] };
      const answer = await vscode.window.withProgress(
        { location: vscode.ProgressLocation.Window, title: "Flow: running the pipeline on sample events" },
        () => server.client.sendRequest<HereAnswer | null>("workspace/executeCommand", params, source.token),
      );
      if (source.token.isCancellationRequested) return;
      if (!answer) return tell(failed);
      if (answer.problem !== undefined) tell(answer.problem);
      if (answer.nodes.length === 0 || document.version !== version) return;
      shown.show(answer, server.client);
      vscode.window.setStatusBarMessage(`$(beaker) ${originText(answer)}`, saidMs);
    } catch (error) {
      if (!source.token.isCancellationRequested) tell(error instanceof Error ? error.message : String(error));
    } finally {
      if (running === source) running = undefined;
      source.dispose();
    }
  };

  const runOnTest = async (): Promise<void> => {
    const uri = active();
    if (!uri) return;
    const params = { command: "flow.tests", arguments: [uri.toString()] };
    const tests = await server.client.sendRequest<readonly FoundTest[] | null>("workspace/executeCommand", params);
    if (!tests) return tell(failed);
    const chosen = await vscode.window.showQuickPick(
      tests.map(({ name }) => name),
      { title: "Run on the events of a test", placeHolder: tests.length === 0 ? "The file has no tests" : "" },
    );
    if (chosen !== undefined) await run(uri, chosen);
  };

  context.subscriptions.push(
    shown,
    { dispose: () => running?.cancel() },
    vscode.commands.registerCommand("flow.run", async (given?: unknown) => {
      const uri = typeof given === "string" ? vscode.Uri.parse(given) : active();
      if (uri) await run(uri);
    }),
    vscode.commands.registerCommand("flow.runOnTest", runOnTest),
    vscode.commands.registerCommand("flow.clearRun", () => {
      running?.cancel();
      shown.clear();
    }),
  );
}

function active(): vscode.Uri | undefined {
  const document = vscode.window.activeTextEditor?.document;
  return document?.languageId === "flow" ? document.uri : undefined;
}

const tell = (message: string): void => void vscode.window.showWarningMessage(message);
