/** What happens when the server is gone by itself: it is started again, unless it keeps going away. */
import * as vscode from "vscode";
import { CloseAction, ErrorAction, type ErrorHandler } from "vscode-languageclient";

const mostRestarts = 4;
const withinMs = 3 * 60_000;

export function crashHandler(channel: vscode.LogOutputChannel): ErrorHandler {
  let times: readonly number[] = [];
  return {
    error: (error) => {
      channel.error(`A message to or from the server failed: ${error.message}`);
      return { action: ErrorAction.Continue, handled: true };
    },
    closed: () => {
      const now = Date.now();
      times = [...times.filter((time) => now - time < withinMs), now];
      channel.error(
        `The language server ended unexpectedly (${times.length} of ${mostRestarts + 1} in three minutes).`,
      );
      if (times.length <= mostRestarts) return { action: CloseAction.Restart, handled: true };
      times = [];
      void offerRestart();
      return { action: CloseAction.DoNotRestart, handled: true };
    },
  };
}

async function offerRestart(): Promise<void> {
  const output = "Show Output";
  const restart = "Restart";
  const chosen = await vscode.window.showErrorMessage(
    `The Flow language server ended ${mostRestarts + 1} times within three minutes, so it is not started again. Its output may say why.`,
    output,
    restart,
  );
  if (chosen === output) await vscode.commands.executeCommand("flow.showOutput");
  if (chosen === restart) await vscode.commands.executeCommand("flow.restartServer");
}
