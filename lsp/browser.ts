/** The server as a web worker. Files that are not open come from the client, by the request `flow/readFile`. */
import { BrowserMessageReader, BrowserMessageWriter, createConnection } from "vscode-languageserver/browser";
import { clientFiles } from "./client-files.ts";
import { serve } from "./server.ts";

/** The part of a worker's global scope that carries messages. */
type Port = ConstructorParameters<typeof BrowserMessageReader>[0];

const port = globalThis as object as Port;
const connection = createConnection(new BrowserMessageReader(port), new BrowserMessageWriter(port));
serve(connection, (params) => clientFiles(connection, params));
