/** Reads files, plain or gzip, one after the other. Gives bytes; the engine cuts them into records. What only some files need is loaded for them. */
import {
  closeSync,
  constants,
  createReadStream,
  fstatSync,
  globSync,
  open,
  openSync,
  readSync,
  type Stats,
  statSync,
} from "node:fs";
import { resolve } from "node:path";
import type { Readable } from "node:stream";
import type { Awaitable, BytePart, BytePosition, ByteSource, OpenContext } from "../engine/connector.ts";
import { messageOf, RuntimeError } from "../engine/runtime-error.ts";
import { openStdin } from "./stdin.ts";
import { openStreamPart, shorter } from "./stream-part.ts";

/**
 * The files that `path` names, in order of name: a glob where it has `*`, `?`, `[…]` or `{…}` and no file is called exactly so.
 * Folders never match. `-` is standard input.
 */
export function openFileSource(context: OpenContext): ByteSource {
  const path = String(context.options.path);
  if (path === "-") return openStdin(context);
  const names = namesOf(path, context);
  const from = positionOf(context);
  let next = from === undefined ? 0 : placeOf(from, names, context);
  const stopping = new AbortController();
  let current: BytePart | undefined;
  return {
    kind: "bytes",
    nextPart: async () => {
      const name = names[next];
      if (name === undefined || stopping.signal.aborted) return undefined;
      next += 1;
      const offset = from !== undefined && !from.ended && from.part === name ? from.offset : 0;
      const part = await openPart(name, context, stopping.signal, offset);
      // What was not read before the stop was not taken either: the part just ends.
      current = { ...part, read: (buffer, at) => (stopping.signal.aborted ? 0 : part.read(buffer, at)) };
      return current;
    },
    // A file can be read again from its start: there is nothing to note.
    ack: () => {},
    stop: () => {
      stopping.abort();
      wakeNamedPipe(names[next - 1], context);
    },
    close: () => current?.close(),
  };
}

function positionOf({ kept }: OpenContext): BytePosition | undefined {
  const position = kept?.position;
  return typeof position === "object" && position !== null && "part" in position
    ? (position as BytePosition)
    : undefined;
}

/** Number of the file that is read next. Files before the one that was read last are not looked at again. */
function placeOf(from: BytePosition, names: readonly string[], { node }: OpenContext): number {
  const place = names.indexOf(from.part);
  if (place >= 0) return from.ended ? place + 1 : place;
  if (!from.ended)
    throw new RuntimeError(
      "source-unavailable",
      `'${node}' had read the file '${from.part}' up to byte ${from.offset}, and it is not there any more. Put it back, or read from the beginning with --reset ${node}.`,
    );
  const later = names.findIndex((name) => name > from.part);
  return later < 0 ? names.length : later;
}

/** @throws RuntimeError when no file fits. */
function namesOf(path: string, context: OpenContext): readonly string[] {
  const stat = statusOf(path, context);
  const where = `Relative paths begin in '${context.baseDirectory}'.`;
  if (stat?.isDirectory()) {
    throw new RuntimeError(
      "source-unavailable",
      `'${path}', which '${context.node}' reads, is a folder. To read its files say '${path.replace(/\/+$/, "")}/*'.`,
    );
  }
  if (stat !== undefined) return [path];
  if (!/[*?[{]/.test(path)) {
    throw new RuntimeError("source-unavailable", `There is no file '${path}' for '${context.node}' to read. ${where}`);
  }
  const names = globSync(path, { cwd: context.baseDirectory }).filter(
    (name) => statusOf(name, context)?.isDirectory() === false,
  );
  if (names.length === 0) {
    throw new RuntimeError("source-unavailable", `No file fits '${path}', which '${context.node}' reads. ${where}`);
  }
  return names.sort((a, b) => (a < b ? -1 : a > b ? 1 : 0));
}

function statusOf(name: string, context: OpenContext): Stats | undefined {
  return statSync(resolve(context.baseDirectory, name), { throwIfNoEntry: false });
}

async function openPart(name: string, context: OpenContext, stopping: AbortSignal, offset: number): Promise<BytePart> {
  const path = resolve(context.baseDirectory, name);
  try {
    const stat = statSync(path);
    const timeMs = Math.trunc(stat.mtimeMs);
    if (!stat.isFile() && context.kept !== undefined) throw cannotRepeat(name, context);
    if (!stat.isFile()) return await openStreamPart(name, await streamOf(path, stat), context, { stopping });
    const fd = openSync(path, "r");
    return name.endsWith(".gz")
      ? await (await import("./gzip-part.ts")).openGzipPart(name, fd, timeMs, context, offset)
      : regularPart(name, fd, timeMs, context, offset);
  } catch (error) {
    if (error instanceof RuntimeError) throw error;
    throw new RuntimeError(
      "source-unavailable",
      `'${context.node}' cannot open the file '${name}': ${messageOf(error)}.`,
      { cause: error },
    );
  }
}

function cannotRepeat(name: string, { node }: OpenContext): RuntimeError {
  return new RuntimeError(
    "unsupported",
    `'${node}' reads '${name}', which is a pipe or a device and cannot be read again after a crash, so its state cannot be kept. Run without --state.`,
  );
}

async function streamOf(path: string, stat: Stats): Promise<Readable> {
  if (!stat.isFIFO()) return createReadStream(path);
  const fd = await openPatiently(path);
  const { Socket } = await import("node:net");
  return new Socket({ fd, readable: true, writable: false });
}

/** A named pipe opens only when its other end does, so not on the main thread. */
function openPatiently(path: string): Promise<number> {
  return new Promise((resolve, reject) => open(path, "r", (error, fd) => (error ? reject(error) : resolve(fd))));
}

/** Ends the wait of `openPatiently`, which nothing can take back, and would hold up the end of the process: opens the other end for a moment. */
function wakeNamedPipe(name: string | undefined, context: OpenContext): void {
  if (name === undefined || statusOf(name, context)?.isFIFO() !== true) return;
  try {
    closeSync(openSync(resolve(context.baseDirectory, name), constants.O_WRONLY | constants.O_NONBLOCK));
  } catch {
    // Nobody waits.
  }
}

/** Reads synchronously: the page cache answers faster than a trip through the thread pool. */
function regularPart(name: string, fd: number, timeMs: number, context: OpenContext, from: number): BytePart {
  if (from > fstatSync(fd).size) throw shorter(name, from, context);
  const startOffset = from > 0 || context.format.type === "bytes" ? from : byteOrderMarkLength(fd);
  let offset = startOffset;
  let open = true;
  return {
    name,
    startOffset,
    timeMs,
    read: (buffer, at) => {
      try {
        const count = readSync(fd, buffer, at, buffer.length - at, offset);
        offset += count;
        return count;
      } catch (error) {
        throw new RuntimeError(
          "source-unavailable",
          `'${context.node}' cannot read on in the file '${name}' at byte ${offset}: ${messageOf(error)}.`,
          { cause: error },
        );
      }
    },
    close: (): Awaitable<void> => {
      if (open) closeSync(fd);
      open = false;
    },
  };
}

/** 3 when the file begins with a UTF-8 byte order mark, which is no part of its first record. */
function byteOrderMarkLength(fd: number): number {
  const first = new Uint8Array(3);
  const count = readSync(fd, first, 0, 3, 0);
  return count === 3 && first[0] === 0xef && first[1] === 0xbb && first[2] === 0xbf ? 3 : 0;
}
