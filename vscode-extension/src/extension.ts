/** The extension, whatever it runs in: one language server for the window, and the features around it. */
import * as vscode from "vscode";
import { State } from "vscode-languageclient";
import { sayWhichCommands } from "./client-options.ts";
import { registerCommands } from "./commands/register-commands.ts";
import { registerGraph } from "./graph/register-graph.ts";
import { registerPreviews } from "./previews/register-previews.ts";
import { registerRunHere } from "./run-here/register-run-here.ts";
import { type Channels, openChannels } from "./server/output.ts";
import { registerStatus } from "./server/status.ts";
import { answerFileRequests } from "./server/virtual-files.ts";
import type { Platform, ServerClient } from "./server-client.ts";
import { registerTasks } from "./tasks/register-tasks.ts";
import { registerTesting } from "./testing/register-testing.ts";

/** @param start makes the client: a process on the desktop, a worker in the web. */
export async function activate(
  context: vscode.ExtensionContext,
  start: (context: vscode.ExtensionContext, channels: Channels) => Platform,
): Promise<void> {
  const channels = openChannels(context);
  const { channel } = channels;
  const { client, origin, commandLine } = start(context, channels);
  client.registerFeature(sayWhichCommands);
  answerFileRequests(client);

  const started = new vscode.EventEmitter<void>();
  const run = async (): Promise<void> => {
    try {
      if (client.needsStop()) await client.stop();
      await client.start();
    } catch (error) {
      await sayWhyNot(error);
    }
  };
  const server: ServerClient = {
    client,
    origin,
    onDidStart: started.event,
    restart: run,
    ...(commandLine ? { commandLine } : {}),
  };
  context.subscriptions.push(
    started,
    client.onDidChangeState(({ newState }) => {
      if (newState === State.Running) started.fire();
    }),
    { dispose: () => void client.dispose().catch(() => {}) },
    vscode.workspace.onDidGrantWorkspaceTrust(() => void run()),
    vscode.workspace.onDidChangeConfiguration((event) => {
      if (event.affectsConfiguration("flow.server.path")) void run();
    }),
  );

  registerStatus(context, server, channel);
  registerCommands(context, server, channel);
  registerPreviews(context, server);
  registerTasks(context, server);
  registerGraph(context, server);
  registerTesting(context, server);
  registerRunHere(context, server);
  await run();
}

async function sayWhyNot(error: unknown): Promise<void> {
  const output = "Show Output";
  const chosen = await vscode.window.showErrorMessage(
    `The Flow language server could not be started: ${error instanceof Error ? error.message : String(error)}`,
    output,
  );
  if (chosen === output) await vscode.commands.executeCommand("flow.showOutput");
}
