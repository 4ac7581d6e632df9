/** Makes the names in a folder survive a loss of power. */
import { closeSync, fsyncSync, openSync } from "node:fs";

/** Not every file system can; then they are kept as well as it keeps names. */
export function syncFolder(folder: string): void {
  let fd: number | undefined;
  try {
    fd = openSync(folder, "r");
    fsyncSync(fd);
  } catch {
    // As well as this file system keeps names.
  } finally {
    if (fd !== undefined) closeSync(fd);
  }
}
