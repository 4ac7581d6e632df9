/** Which commands the server that runs has: the workspace's own may be older than the extension. */
import type { ServerClient } from "../server-client.ts";

export function serverHas({ client }: ServerClient, command: string): boolean {
  return client.initializeResult?.capabilities.executeCommandProvider?.commands.includes(command) === true;
}

export const tooOld =
  "This version of argo-dataflow in the workspace cannot do that in the editor: a newer one is needed.";

/** The server answers nothing where it fails, and logs why. */
export const failed = "The language server has failed at it; its output says how: Flow: Show Language Server Output.";
