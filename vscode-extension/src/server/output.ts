/** Where the extension and the server write: one output, into which the messages between them go too when the setting says so. */
import * as vscode from "vscode";

export interface Channels {
  readonly channel: vscode.LogOutputChannel;
  /** The same one, as the client sees it that traces messages. */
  readonly trace: vscode.LogOutputChannel;
}

export function openChannels(context: vscode.ExtensionContext): Channels {
  const channel = vscode.window.createOutputChannel("Flow", { log: true });
  const changed = new vscode.EventEmitter<vscode.LogLevel>();
  context.subscriptions.push(
    channel,
    changed,
    vscode.workspace.onDidChangeConfiguration((event) => {
      if (event.affectsConfiguration("flow.trace.server")) changed.fire(level());
    }),
  );
  // The client traces when its channel's level is Trace, which only the user's log level sets; here the setting does as well.
  const level = (): vscode.LogLevel => (traces() ? vscode.LogLevel.Trace : channel.logLevel);
  const trace: vscode.LogOutputChannel = Object.create(channel, {
    logLevel: { get: level },
    onDidChangeLogLevel: { value: changed.event },
    trace: { value: (message: string) => (traces() ? channel.info(message) : channel.trace(message)) },
  });
  return { channel, trace };
}

const traces = (): boolean => vscode.workspace.getConfiguration("flow").get<string>("trace.server", "off") !== "off";
