/**
 * A file that a run with state writes: a checkpoint makes what was written durable and notes the length; a run that goes on cuts the file back to that
 * length. A file that is to be replaced grows beside its place, under a name that is the same in every run of the same state, and is put there at the end.
 *
 * A gzip file ends a member with each checkpoint, as the inside of a member cannot be gone on from.
 */
import {
  closeSync,
  existsSync,
  fdatasyncSync,
  fstatSync,
  ftruncateSync,
  openSync,
  readSync,
  renameSync,
  statSync,
} from "node:fs";
import { basename, dirname, join } from "node:path";
import { crc32 } from "node:zlib";
import type { ByteSink, KeptContext } from "../engine/connector.ts";
import { RuntimeError } from "../engine/runtime-error.ts";
import { type BlockWriter, blockWriter } from "./block-writer.ts";
import { gzipWriter } from "./gzip-writer.ts";
import { syncFolder } from "./sync-folder.ts";

export interface KeptFile {
  /** As the user wrote it. */
  readonly path: string;
  /** Absolute. */
  readonly place: string;
  readonly node: string;
  readonly mode: number;
  readonly kept: KeptContext;
  explain(error: unknown): Error;
}

interface Position {
  /** Beside the place; absent where the file is written in its place. */
  readonly partial?: string;
  readonly lengthBytes: number;
  /** As the user wrote it. */
  readonly path: string;
  /** Sum over the last bytes: whether it is still the same file. */
  readonly tail: number;
}

const tailBytes = 64;

export function replaceKept(file: KeptFile): ByteSink {
  const { place, kept } = file;
  const position = positionOf(kept);
  const name = position?.partial ?? `.${basename(place)}.${kept.id}.partial`;
  const partial = join(dirname(place), name);
  if (position !== undefined && !existsSync(partial)) {
    const isInPlace =
      kept.isEnding === true && statSync(place, { throwIfNoEntry: false })?.size === position.lengthBytes;
    if (isInPlace) return committed;
    throw changed(file, `'${partial}', which holds what it has written so far, is not there any more`);
  }
  const fd = openSync(partial, "a+", file.mode);
  cutBack(fd, position, file, partial);
  syncFolder(dirname(place));
  return keptSink(fd, file, { partial: name }, position?.lengthBytes ?? 0, () => {
    renameSync(partial, place);
    syncFolder(dirname(place));
  });
}

export function appendKept(file: KeptFile, endLine: (fd: number) => void): ByteSink {
  const position = positionOf(file.kept);
  if (position !== undefined && !existsSync(file.place)) throw changed(file, "it is not there any more");
  const fd = openSync(file.place, "a+", file.mode);
  if (position === undefined) endLine(fd);
  // After an orderly stop what came behind is somebody else's.
  else if (file.kept.wasStopped !== true || fstatSync(fd).size < position.lengthBytes)
    cutBack(fd, position, file, file.place);
  return keptSink(fd, file, {}, fstatSync(fd).size, () => {});
}

function keptSink(fd: number, file: KeptFile, where: object, lengthBytes: number, finish: () => void): ByteSink {
  let isOpen = true;
  const written = blockWriter(fd, file.explain);
  // What the compressor still gives after a failure must not reach another file that got the same number.
  const plain: BlockWriter = {
    ...written,
    write: (block) => {
      if (isOpen) return written.write(block);
      throw new RuntimeError("aborted", `'${file.path}' is closed.`);
    },
  };
  const close = () => {
    if (isOpen) closeSync(fd);
    isOpen = false;
  };
  const isGzip = file.path.endsWith(".gz");
  let member: BlockWriter | undefined = isGzip ? undefined : plain;
  let syncedBytes = -1;
  return {
    kind: "bytes",
    continues: lengthBytes > 0,
    write: (block) => {
      member ??= gzipWriter(plain);
      return member.write(block);
    },
    flush: () => {},
    checkpoint: async () => {
      if (isGzip) await member?.end();
      if (isGzip) member = undefined;
      if (!isOpen) throw new RuntimeError("aborted", `'${file.path}' is closed.`);
      const nowBytes = lengthBytes + plain.writtenBytes();
      if (nowBytes !== syncedBytes) fdatasyncSync(fd);
      syncedBytes = nowBytes;
      return { ...where, lengthBytes: nowBytes, path: file.path, tail: tailOf(fd, nowBytes) };
    },
    commit: () => {
      close();
      finish();
    },
    // What came after the last checkpoint is cut off when the run goes on.
    abort: close,
    leave: close,
  };
}

/** An earlier run had put it in its place before it was killed. */
const committed: ByteSink = {
  kind: "bytes",
  write: () => {
    throw new Error("nothing is written after the end");
  },
  flush: () => {},
  commit: () => {},
  abort: () => {},
  leave: () => {},
};

function positionOf({ position }: KeptContext): Position | undefined {
  return typeof position === "object" && position !== null && "lengthBytes" in position
    ? (position as Position)
    : undefined;
}

function tailOf(fd: number, lengthBytes: number): number {
  const tail = Buffer.alloc(Math.min(tailBytes, lengthBytes));
  readSync(fd, tail, 0, tail.length, lengthBytes - tail.length);
  return crc32(tail);
}

/** To nothing without a position. Never a file that is not the one that was written. */
function cutBack(fd: number, position: Position | undefined, file: KeptFile, name: string): void {
  const { size } = fstatSync(fd);
  const lengthBytes = position?.lengthBytes ?? 0;
  if (size < lengthBytes) {
    closeSync(fd);
    throw changed(file, `'${name}' is ${size} bytes long, and ${lengthBytes} had been written`);
  }
  if (position !== undefined && (position.path !== file.path || position.tail !== tailOf(fd, lengthBytes))) {
    closeSync(fd);
    throw changed(file, `'${name}' is not the file that was written, or was changed since`);
  }
  if (size > lengthBytes) ftruncateSync(fd, lengthBytes);
}

function changed({ node, path }: KeptFile, what: string): RuntimeError {
  return new RuntimeError(
    "sink-unavailable",
    `'${node}' cannot go on with the file '${path}': ${what}. Put it back, or start again from the beginning with --reset all.`,
  );
}
