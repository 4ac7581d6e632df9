/** `test` blocks in the Test Explorer and in the gutter: run, run again, run when a file is saved. The server runs them, on the text as it is. */
import * as vscode from "vscode";
import type { ServerClient } from "../server-client.ts";
import { runTests } from "./run-tests.ts";
import { TestTree } from "./test-tree.ts";

export function registerTesting(context: vscode.ExtensionContext, server: ServerClient): void {
  const controller = vscode.tests.createTestController("flow", "Flow");
  const tree = new TestTree(controller, server);
  const run = (request: vscode.TestRunRequest, token: vscode.CancellationToken) =>
    request.continuous === true ? runOnSave(request, token) : runTests(tree, server, request, token);

  /** Until the token is cancelled. */
  const runOnSave = (request: vscode.TestRunRequest, token: vscode.CancellationToken): void => {
    const saved = vscode.workspace.onDidSaveTextDocument(async ({ uri, languageId }) => {
      if (languageId !== "flow") return;
      const file = await tree.refresh(uri);
      const own = request.include?.filter((item) => item.uri?.toString() === uri.toString());
      const include = own ?? (file ? [file] : []);
      if (include.length > 0)
        await runTests(tree, server, new vscode.TestRunRequest(include, request.exclude, profile, true), token);
    });
    token.onCancellationRequested(() => saved.dispose());
  };
  const profile = controller.createRunProfile("Run", vscode.TestRunProfileKind.Run, run, true, undefined, true);

  /** `flow.test` of a lens: a document's URI and a title. Without: all tests of the active editor. */
  const testHere = async (uri?: string, title?: string): Promise<void> => {
    const at = uri === undefined ? vscode.window.activeTextEditor?.document.uri : vscode.Uri.parse(uri);
    const file = at && (await tree.refresh(at));
    if (!file) {
      void vscode.window.showInformationMessage(
        "There is no test in this file: a block 'test \"what it shows\" { … }'.",
      );
      return;
    }
    const items =
      title === undefined ? [file] : [...file.children].map(([, item]) => item).filter(({ label }) => label === title);
    const source = new vscode.CancellationTokenSource();
    try {
      await runTests(tree, server, new vscode.TestRunRequest(items, undefined, profile), source.token);
    } finally {
      source.dispose();
    }
  };
  context.subscriptions.push(controller, tree, vscode.commands.registerCommand("flow.test", testHere));
}
