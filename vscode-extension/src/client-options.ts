/** What the client tells the server, on the desktop and in the web alike. */
import type { ClientCapabilities, LanguageClientOptions, StaticFeature } from "vscode-languageclient";
import { lensCommands } from "./lens-commands.ts";
import { crashHandler } from "./server/crashes.ts";
import type { Channels } from "./server/output.ts";

/** Files that are not on a disk the server asks of the client. */
const filesOfClient = { readFile: true, findFiles: true };

/** @param more initialization options of the platform. */
export function clientOptions(
  { channel, trace }: Channels,
  more: Readonly<Record<string, unknown>> = {},
): LanguageClientOptions {
  return {
    // Without a scheme: files of virtual workspaces and untitled ones count too.
    documentSelector: [{ language: "flow" }],
    outputChannel: channel,
    traceOutputChannel: trace,
    errorHandler: crashHandler(channel),
    initializationOptions: { ...filesOfClient, ...more },
    // Without these the client asks only when a document opens: while typing, and for a file whose import was edited in another tab.
    diagnosticPullOptions: { onChange: true, onFocus: true },
    markdown: { isTrusted: false, supportHtml: false },
  };
}

export const sayWhichCommands: StaticFeature = {
  fillClientCapabilities(capabilities: ClientCapabilities) {
    capabilities.experimental = { ...capabilities.experimental, commands: [...lensCommands] };
  },
  initialize() {},
  getState: () => ({ kind: "static" }),
  clear() {},
};
