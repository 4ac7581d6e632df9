/** A folder that only we and the programs we start can enter, for sockets and named pipes. Gone when removed, or when we are: the watchdog knows of it. */
import { mkdtempSync } from "node:fs";
import { rm } from "node:fs/promises";
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
  // Made with mode 0700; and told in the same turn, so that none is left if we end in the next.
  const path = mkdtempSync(join(place, "flow-program-"));
  watchdog.addFolder(path);
  return {
    path,
    remove: async () => {
      await rm(path, { recursive: true, force: true });
      watchdog.removeFolder(path);
    },
  };
}
