/** A dead letter that is a file: its lines, and beside it, in `<file>.replayed`, the byte offsets of those that were replayed. */
import { appendFileSync, closeSync, createReadStream, existsSync, fsyncSync, openSync, readFileSync } from "node:fs";
import { reasonOf } from "./atomic-write.ts";
import type { Entry } from "./deadletter-entry.ts";
import { CommandFailure } from "./exit.ts";

const marksOf = (file: string): string => `${file}.replayed`;

/** In written order. A line that is none of ours is passed over. @throws CommandFailure when it cannot be read */
export async function* entriesOfFile(file: string): AsyncGenerator<Entry> {
  const replayed = replayedIn(file);
  let offset = 0;
  for await (const line of linesOf(file)) {
    const entry = entryOf(line, String(offset), replayed);
    offset += line.length + 1;
    if (entry !== undefined) yield entry;
  }
}

/** After what they say is on the disk. */
export function markInFile(file: string, places: readonly string[]): void {
  const at = openSync(marksOf(file), "a");
  try {
    appendFileSync(at, places.map((place) => `${place}\n`).join(""));
    fsyncSync(at);
  } finally {
    closeSync(at);
  }
}

function replayedIn(file: string): ReadonlySet<string> {
  if (!existsSync(marksOf(file))) return new Set();
  return new Set(readFileSync(marksOf(file), "utf8").split("\n"));
}

async function* linesOf(file: string): AsyncGenerator<Buffer> {
  const parts: Buffer[] = [];
  try {
    for await (const chunk of createReadStream(file)) {
      const bytes = chunk as Buffer;
      let from = 0;
      for (let end = bytes.indexOf(10); end >= 0; end = bytes.indexOf(10, from)) {
        parts.push(bytes.subarray(from, end));
        yield Buffer.concat(parts);
        parts.length = 0;
        from = end + 1;
      }
      if (from < bytes.length) parts.push(Buffer.from(bytes.subarray(from)));
    }
  } catch (error) {
    throw new CommandFailure(`The dead letter '${file}' cannot be read: ${reasonOf(error)}.`);
  }
  if (parts.length > 0) yield Buffer.concat(parts);
}

function entryOf(line: Buffer, place: string, replayed: ReadonlySet<string>): Entry | undefined {
  const value = parsed(line);
  if (value === undefined) return undefined;
  const { node, operator, at, reason, position, text, base64, kept } = value;
  if (typeof node !== "string" || typeof reason !== "string" || typeof position !== "string") return undefined;
  return {
    place,
    node,
    operator: typeof operator === "string" ? operator : undefined,
    at: typeof at === "string" ? at : undefined,
    reason,
    position,
    bytes:
      text === null
        ? null
        : typeof base64 === "string"
          ? Buffer.from(base64, "base64")
          : Buffer.from(typeof text === "string" ? text : ""),
    isOutput: kept === "output",
    wasReplayed: replayed.has(place),
  };
}

function parsed(line: Buffer): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(line.toString("utf8"));
    return typeof value === "object" && value !== null ? (value as Readonly<Record<string, unknown>>) : undefined;
  } catch {
    return undefined;
  }
}
