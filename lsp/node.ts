/** The server as a process: over standard input and output, a socket or a pipe. */

import { connect as connectTo } from "node:net";
import { type Connection, createConnection } from "vscode-languageserver/node";
import { clientFiles } from "./client-files.ts";
import { diskFiles } from "./disk.ts";
import { filesByScheme } from "./files-by-scheme.ts";
import { nodeRunner } from "./running/node-runner.ts";
import { serve } from "./server.ts";

/** As the protocol has it, the editor listens on a socket or pipe, and the server connects. */
export type Transport =
  | { readonly kind: "stdio" }
  | { readonly kind: "socket"; readonly port: number }
  | { readonly kind: "pipe"; readonly name: string };

/** Serves until the client says `exit` or goes away, which ends the process: with 0 after `shutdown`, else with 1. */
export function serveProcess(transport: Transport): void {
  const connection = connect(transport);
  stayUp(connection);
  serve(
    connection,
    (params) => filesByScheme(diskFiles(), clientFiles(connection, params)),
    () => nodeRunner,
  );
}

function connect(transport: Transport): Connection {
  if (transport.kind === "stdio") return createConnection(process.stdin, process.stdout);
  const socket = transport.kind === "socket" ? connectTo(transport.port, "127.0.0.1") : connectTo(transport.name);
  socket.on("error", ({ message }) => {
    process.stderr.write(`error: The editor cannot be reached: ${message}\n`);
    process.exit(1);
  });
  return createConnection(socket, socket);
}

/** What no handler caught is logged; the next request is answered all the same. */
function stayUp(connection: Connection): void {
  for (const event of ["uncaughtException", "unhandledRejection"]) {
    process.removeAllListeners(event);
    process.on(event, (error: unknown) => {
      if (isGone(error)) process.exit(1);
      connection.console.error(error instanceof Error ? (error.stack ?? error.message) : String(error));
    });
  }
}

/** Nobody is there any more to read what we write, or to be connected to. */
const isGone = (error: unknown): boolean =>
  error instanceof Error &&
  "code" in error &&
  /^(EPIPE|ECONN\w+|ENOENT|ERR_STREAM_DESTROYED)$/.test(String(error.code));
