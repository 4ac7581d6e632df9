/** Standard input, of any size: pulled, so that the program that writes it waits while the engine is busy. */
import { fstatSync, readSync } from "node:fs";
import type { BytePart, ByteSource, Connector, OpenContext } from "../engine/connector.ts";
import { openStreamPart } from "./stream-part.ts";

const stdinFd = 0;

export const stdin: Connector = { type: "stdin", forgets: () => "standard input", openSource: openStdin };

/** Only one node of a process can read standard input; a second one finds it ended. */
export function openStdin(context: OpenContext): ByteSource {
  const redirected = fstatSync(stdinFd).isFile();
  let part: BytePart | undefined;
  const stopping = new AbortController();
  return {
    kind: "bytes",
    nextPart: async () => {
      if (part !== undefined || stopping.signal.aborted) return undefined;
      part = redirected
        ? redirectedFile(context, () => stopping.signal.aborted)
        : await openStreamPart("stdin", process.stdin, context, { stopping: stopping.signal });
      return part;
    },
    // What was read from a pipe is gone; there is nowhere to note how far it was taken.
    ack: () => {},
    stop: () => stopping.abort(),
    close: () => part?.close(),
  };
}

/** `< file`: read in place, from where the file descriptor stands. */
function redirectedFile(context: OpenContext, isStopped: () => boolean): BytePart {
  const first = new Uint8Array(3);
  let kept = context.format.type === "bytes" ? 0 : readSync(stdinFd, first, 0, 3, null);
  const startOffset = kept === 3 && first[0] === 0xef && first[1] === 0xbb && first[2] === 0xbf ? 3 : 0;
  if (startOffset > 0) kept = 0;
  const giveKept = (buffer: Uint8Array, at: number): number => {
    const count = Math.min(kept, buffer.length - at);
    buffer.set(first.subarray(0, count), at);
    first.copyWithin(0, count, kept);
    kept -= count;
    return count;
  };
  return {
    name: "stdin",
    startOffset,
    read: (buffer, at) => {
      if (isStopped()) return 0;
      return kept > 0 ? giveKept(buffer, at) : readSync(stdinFd, buffer, at, buffer.length - at, null);
    },
    close: () => {},
  };
}
