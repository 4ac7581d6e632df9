/**
 * The two folders between us and a program, `in` and `out`: a file is put whole, by rename, and taken whole. What the program puts there is not trusted: links are
 * not followed, and nothing but plain files is read.
 */
import { constants } from "node:fs";
import { lstat, mkdir, open, readdir, rename, rm, unlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { messageOf, RuntimeError } from "../engine/runtime-error.ts";
import { privateFolder } from "./private-folder.ts";
import type { Watchdog } from "./watchdog.ts";

export interface FileFolders {
  /** We write, the program reads: FLOW_IN. */
  readonly inFolder: string;
  /** The program writes, we read: FLOW_OUT. */
  readonly outFolder: string;
  /** Beside them, for files that are being written: programs look at all that is in FLOW_IN. */
  readonly newFolder: string;
  /** Nobody but us may read the files. */
  readonly isPrivate: boolean;
  /** Removes what we made. */
  release(): Promise<void>;
}

export type TakenFile =
  | { readonly kind: "absent" }
  | { readonly kind: "whole"; readonly bytes: Buffer }
  | { readonly kind: "too-much" }
  /** Something else: as the end of a sentence. */
  | { readonly kind: "unreadable"; readonly what: string };

/** @throws RuntimeError "user-code-unavailable" */
export async function privateFolders(watchdog: Watchdog): Promise<FileFolders> {
  const folder = await privateFolder(watchdog);
  const folders = await foldersIn(folder.path, true);
  return { ...folders, isPrivate: true, release: () => folder.remove() };
}

/** A folder that is shared with a container. What an earlier run left is removed. @throws RuntimeError "user-code-unavailable" */
export async function sharedFolders(path: string): Promise<FileFolders & { readonly highestNumber: number }> {
  const folders = await foldersIn(path, false);
  const clear = async () => {
    const numbers = await Promise.all(Object.values(folders).map(clearFolder));
    return Math.max(...numbers);
  };
  return { ...folders, isPrivate: false, highestNumber: await clear(), release: async () => void (await clear()) };
}

type Paths = Pick<FileFolders, "inFolder" | "outFolder" | "newFolder">;

async function foldersIn(path: string, isPrivate: boolean): Promise<Paths> {
  const folders = { inFolder: join(path, "in"), outFolder: join(path, "out"), newFolder: join(path, "new") };
  try {
    for (const folder of Object.values(folders))
      await mkdir(folder, { recursive: true, mode: isPrivate ? 0o700 : 0o777 });
    return folders;
  } catch (cause) {
    const message = `The folders for files could not be made in ${path}: ${messageOf(cause)}.`;
    throw new RuntimeError("user-code-unavailable", message, { cause });
  }
}

/** `00000001.json` for an event, `00000001.ndjson` for a chunk. */
export function fileName(number: number, isChunk: boolean): string {
  return `${String(number).padStart(8, "0")}.${isChunk ? "ndjson" : "json"}`;
}

/** Undefined for a name that `fileName` does not give. */
export function numberOfName(name: string): number | undefined {
  const digits = /^(\d{8,15})\.(?:json|ndjson)$/.exec(name)?.[1];
  return digits === undefined ? undefined : Number(digits);
}

/** Removes the files that we name so. @returns the highest number among them, 0 where there are none */
async function clearFolder(folder: string): Promise<number> {
  let highest = 0;
  for (const name of await readdir(folder).catch(() => [])) {
    const number = numberOfName(name);
    if (number === undefined) continue;
    highest = Math.max(highest, number);
    await removeAny(join(folder, name));
  }
  return highest;
}

/** Writes the file where nobody looks, then shows it, unless `isGivenUp` by then. @throws what the file system says */
export async function putFile(
  folders: FileFolders,
  name: string,
  bytes: Uint8Array,
  isGivenUp: () => boolean,
): Promise<void> {
  const hidden = join(folders.newFolder, name);
  // A link that waits there is not written through.
  await writeFile(hidden, bytes, { flag: "wx", mode: folders.isPrivate ? 0o600 : 0o666 });
  if (isGivenUp()) await removeAny(hidden);
  else await rename(hidden, join(folders.inFolder, name));
}

/** Both files of a unit. */
export async function removeBoth(folders: FileFolders, name: string): Promise<void> {
  await Promise.all([removeAny(join(folders.inFolder, name)), removeAny(join(folders.outFolder, name))]);
}

/** It may be gone already; what cannot be removed is left. */
export async function removeAny(path: string): Promise<void> {
  try {
    await unlink(path);
  } catch (error) {
    const isGone = error instanceof Error && "code" in error && error.code === "ENOENT";
    if (!isGone) await rm(path, { recursive: true, force: true }).catch(() => {});
  }
}

export async function isThere(path: string): Promise<boolean> {
  return lstat(path).then(
    () => true,
    () => false,
  );
}

export async function takeFile(path: string, mostBytes: number): Promise<TakenFile> {
  let file: Awaited<ReturnType<typeof open>>;
  try {
    file = await open(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
  } catch (error) {
    return unopened(error);
  }
  try {
    const before = await file.stat();
    if (!before.isFile()) return { kind: "unreadable", what: "a file that is none" };
    if (before.size > mostBytes) return { kind: "too-much" };
    const bytes = await file.readFile();
    const after = await file.stat();
    // Still being written, against the contract: its end is waited for.
    if (after.size !== bytes.length || after.mtimeMs !== before.mtimeMs) return { kind: "absent" };
    return { kind: "whole", bytes };
  } catch (error) {
    return { kind: "unreadable", what: messageOf(error) };
  } finally {
    await file.close().catch(() => {});
  }
}

function unopened(error: unknown): TakenFile {
  const code = error instanceof Error && "code" in error ? error.code : undefined;
  if (code === "ENOENT") return { kind: "absent" };
  return { kind: "unreadable", what: code === "ELOOP" ? "a symbolic link, which is not followed" : messageOf(error) };
}
