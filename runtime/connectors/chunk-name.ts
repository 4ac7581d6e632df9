/** Names of files that are made of a chunk's id or key: always one name of a folder's entry, whatever the id or key is. */
import { createHash } from "node:crypto";

/** Longer ones are cut; with what is put around them they stay within the 255 bytes that file systems take. */
const mostBytes = 150;
const hashLength = 16;

/**
 * Letters, digits, `.`, `_` and `-` stay; all else is percent-encoded. A name that would be empty, `.` or `..` is too. A long one is cut and ends in `-` and a
 * hash of the whole.
 */
export function safeName(text: string): string {
  if (text === "") return "%";
  if (text === "." || text === "..") return text.replaceAll(".", "%2E");
  const name = text.toWellFormed().replace(/[^A-Za-z0-9._-]/gu, encoded);
  if (name.length <= mostBytes) return name;
  const hash = createHash("sha256").update(text).digest("hex").slice(0, hashLength);
  return `${name.slice(0, mostBytes - hashLength - 1)}-${hash}`;
}

/** `encodeURIComponent` leaves some characters as they are. */
function encoded(character: string): string {
  return [...new TextEncoder().encode(character)]
    .map((byte) => `%${byte.toString(16).toUpperCase().padStart(2, "0")}`)
    .join("");
}

/** A string as it is, any other value as JSON. */
export const keyName = (key: unknown, toJson: (value: unknown) => string): string =>
  safeName(typeof key === "string" ? key : toJson(key ?? null));
