/** Tells of files that come into a folder: by the system's own news where there are any, and by looking now and then, since news may be lost. */
import { type FSWatcher, watch } from "node:fs";
import type { Clock } from "../engine/clock.ts";

const lookEveryMs = 100;

/** @param onNews a name, or undefined: look at what is waited for. @returns a function that ends it */
export function watchFolder(path: string, clock: Clock, onNews: (name: string | undefined) => void): () => void {
  const watcher = watching(path, onNews);
  let cancel = () => {};
  const look = () => {
    onNews(undefined);
    cancel = clock.after(lookEveryMs, look);
  };
  cancel = clock.after(lookEveryMs, look);
  return () => {
    cancel();
    watcher?.close();
  };
}

/** Undefined where the system gives no news, or has no room for more watchers. */
function watching(path: string, onNews: (name: string | undefined) => void): FSWatcher | undefined {
  try {
    const watcher = watch(path, (_, name) => onNews(name ?? undefined));
    watcher.on("error", () => watcher.close());
    return watcher;
  } catch {
    return undefined;
  }
}
