/**
 * Files of an editor that has no disk. A file is asked for by `flow/readFile` when something imports it; until the client has
 * answered it counts as missing, and then whoever looked for it is analysed anew.
 *
 *     → flow/readFile { uri }            ← { text: string | null }
 *     → flow/findFiles { folders: uri[] } ← { uris: string[] }
 *
 * Only clients with `initializationOptions.readFile: true` are asked; `findFiles: true` is the second one.
 */
import type { Connection, InitializeParams } from "vscode-languageserver";
import type { Files } from "./files.ts";
import { pathOfUri, uriOfPath } from "./paths.ts";

/** A client that does not answer holds nobody up for longer. */
const patienceMs = 5_000;

export function clientFiles(connection: Connection, { initializationOptions }: InitializeParams): Files {
  const can = (what: string): boolean =>
    typeof initializationOptions === "object" &&
    initializationOptions !== null &&
    Reflect.get(initializationOptions, what) === true;
  const texts = new Map<string, string | undefined>();
  let listed: readonly string[] | undefined;
  let arrived: (path: string) => void = () => {};
  const onTheirWay = new Set<Promise<void>>();

  const ask = async (path: string): Promise<void> => {
    const { text } = await connection.sendRequest<{ text: string | null }>("flow/readFile", { uri: uriOfPath(path) });
    if (typeof text !== "string" || !texts.has(path)) return;
    texts.set(path, text);
    arrived(path);
  };
  const find = async (folders: readonly string[]): Promise<void> => {
    const { uris } = await connection.sendRequest<{ uris: string[] }>("flow/findFiles", {
      folders: folders.map(uriOfPath),
    });
    listed = uris.map(pathOfUri);
    for (const path of listed) files.read(path);
  };
  const files: Files = {
    read(path) {
      if (!texts.has(path)) {
        texts.set(path, undefined);
        if (can("readFile")) {
          const asked: Promise<void> = ask(path)
            .catch(() => {})
            .finally(() => onTheirWay.delete(asked));
          onTheirWay.add(asked);
        }
      }
      return texts.get(path);
    },
    inFolder: () => [],
    list(folders) {
      if (listed === undefined) {
        listed = [];
        if (can("findFiles")) find(folders).catch(() => {});
      }
      return listed;
    },
    forget(path) {
      texts.delete(path);
      listed = undefined;
    },
    recheck: () => [],
    onArrival(listener) {
      arrived = listener;
    },
    async arrivals() {
      if (onTheirWay.size === 0) return false;
      let timer: ReturnType<typeof setTimeout> | undefined;
      const late = new Promise<false>((resolve) => {
        timer = setTimeout(() => resolve(false), patienceMs);
      });
      const all = Promise.all(onTheirWay).then(() => true);
      const haveCome = await Promise.race([all, late]);
      clearTimeout(timer);
      return haveCome;
    },
  };
  return files;
}
