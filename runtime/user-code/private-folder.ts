/** A folder that only we and the programs we start can enter, for sockets and named pipes. Gone when removed, or when we are: the watchdog knows of it. */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Watchdog } from "./watchdog.ts";

export interface PrivateFolder {
  readonly path: string;
  remove(): Promise<void>;
}

/** A Unix socket's path has at most 107 bytes (103 on macOS); this leaves room for the names in it. */
const longestPlaceBytes = 70;

export async function privateFolder(watchdog: Watchdog): Promise<PrivateFolder> {
  const place = Buffer.byteLength(tmpdir()) <= longestPlaceBytes && !tmpdir().includes("\n") ? tmpdir() : "/tmp";
  // Readable by us alone: mode 0700.
  const path = await mkdtemp(join(place, "flow-program-"));
  watchdog.addFolder(path);
  return {
    path,
    remove: async () => {
      await rm(path, { recursive: true, force: true });
      watchdog.removeFolder(path);
    },
  };
}
