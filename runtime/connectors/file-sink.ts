/**
 * Writes a file. A new file is written beside its place and put there when the run ends well, so that a reader never sees half of
 * it; `append` writes in place. Folders that lack are made. Pipes and devices are written directly. A path with `{chunk}` or `{key}` is a file for each
 * chunk: chunk-files.ts.
 *
 * When a run fails, what it wrote is thrown away if its input can be read again; otherwise it may be all there is of events that
 * were acknowledged, and is kept: beside the place, or as far as whole blocks were appended.
 *
 * What only some files need is loaded for them. Blocks are written synchronously: with blocks of 64 KiB that takes a third of the CPU time of the thread pool's way.
 */
import {
  closeSync,
  existsSync,
  fdatasyncSync,
  fstatSync,
  ftruncateSync,
  mkdirSync,
  openSync,
  readSync,
  realpathSync,
  renameSync,
  rmSync,
  type Stats,
  statSync,
  writeSync,
} from "node:fs";
import { dirname, resolve } from "node:path";
import { type PathPart, pathParts } from "../../compiler/contract/path-template.ts";
import type { ByteSink, KeptContext, OpenContext } from "../engine/connector.ts";
import { messageOf, RuntimeError } from "../engine/runtime-error.ts";
import { type BlockWriter, blockWriter } from "./block-writer.ts";
import { appendKept, replaceKept } from "./kept-file.ts";
import { refuseBinaryMode } from "./refuse-binary-mode.ts";
import { openStdoutSink } from "./stdout.ts";
import { clearUnfinished, unfinishedPath } from "./unfinished-file.ts";

export async function openFileSink(context: OpenContext): Promise<ByteSink> {
  refuseBinaryMode(context, "A file");
  const parts = pathParts(String(context.options.path));
  if (parts.some(({ kind }) => kind === "placeholder")) return openChunks(parts, context);
  const path = parts.map((part) => (part.kind === "placeholder" ? "" : part.text)).join("");
  if (path === "-" || path === "/dev/stdout") return openStdoutSink(context);
  const target = resolve(context.baseDirectory, path);
  const stat = statSync(target, { throwIfNoEntry: false });
  if (stat?.isDirectory())
    throw unavailable(`'${path}', which '${context.node}' writes, is a folder; name a file in it.`);
  if (stat !== undefined && !stat.isFile()) return (await import("./pipe-sink.ts")).openPipeSink(path, target, context);
  const packed = path.endsWith(".gz") ? (await import("./gzip-writer.ts")).gzipWriter : undefined;
  try {
    makeFolder(dirname(target));
    if (context.kept !== undefined) return openKept(target, path, stat, context, context.kept);
    return context.options.append === true
      ? appendTo(target, path, stat, context, packed)
      : replace(target, path, stat, context, packed);
  } catch (error) {
    if (error instanceof RuntimeError) throw error;
    throw unavailable(`'${context.node}' cannot write the file '${path}': ${messageOf(error)}.`, error);
  }
}

async function openChunks(parts: readonly PathPart[], context: OpenContext): Promise<ByteSink> {
  if (context.options.append === true)
    throw new RuntimeError(
      "bad-config",
      `'${context.node}' writes a file for each chunk, and cannot add to one: leave out 'append'.`,
    );
  const { openChunkFiles } = await import("./chunk-files.ts");
  return openChunkFiles(parts, context, {
    makeFolder,
    explain: (error, path) => cannotWrite(error, path, context),
  });
}

/** Node's own recursive way never ends where a file system refuses new folders, as /proc does. */
function makeFolder(folder: string): void {
  if (existsSync(folder)) return;
  if (dirname(folder) !== folder) makeFolder(dirname(folder));
  try {
    mkdirSync(folder);
  } catch (error) {
    if (codeOf(error) !== "EEXIST") throw error;
  }
}

function openKept(
  target: string,
  path: string,
  stat: Stats | undefined,
  context: OpenContext,
  kept: KeptContext,
): ByteSink {
  const place = stat === undefined ? target : realpathSync(target);
  const explain = (error: unknown) => cannotWrite(error, path, context);
  const file = { path, place, node: context.node, mode: stat?.mode ?? 0o666, kept, explain };
  if (context.options.append !== true) return replaceKept(file);
  return appendKept(file, (fd) => {
    if (endsLines(path, context) && lacksLineEnd(fd, stat?.size ?? 0)) writeSync(fd, "\n");
  });
}

/** Whether a record that follows has to begin on a line of its own. */
const endsLines = (path: string, { format }: OpenContext): boolean => !path.endsWith(".gz") && format.type !== "bytes";

function unavailable(message: string, cause?: unknown): RuntimeError {
  return new RuntimeError("sink-unavailable", message, { cause });
}

function replace(
  target: string,
  path: string,
  stat: Stats | undefined,
  context: OpenContext,
  packed: Packing,
): ByteSink {
  // A symbolic link stays one: what it points at is replaced.
  const place = stat === undefined ? target : realpathSync(target);
  clearUnfinished(place, path, context);
  const temporary = unfinishedPath(place, context.replayable === true);
  const fd = openSync(temporary, "w", stat?.mode ?? 0o666);
  const writer = writerFor(path, fd, context, packed);
  return {
    kind: "bytes",
    write: (block) => writer.write(block),
    flush: () => {},
    commit: async () => {
      await writer.end();
      fdatasyncSync(fd);
      closeSync(fd);
      renameSync(temporary, place);
    },
    abort: async () => {
      const worthKeeping = await endedEarly(writer, context);
      closeSync(fd);
      if (!worthKeeping) rmSync(temporary, { force: true });
      else
        context.log.warn(
          { node: context.node, file: temporary, bytes: writer.writtenBytes() },
          "the run failed; what it wrote is kept here, since its input cannot be read again",
        );
    },
  };
}

function appendTo(
  target: string,
  path: string,
  stat: Stats | undefined,
  context: OpenContext,
  packed: Packing,
): ByteSink {
  const fd = openSync(target, "a+");
  const sizeBefore = stat?.size ?? 0;
  const writer = writerFor(path, fd, context, packed);
  if (endsLines(path, context) && lacksLineEnd(fd, sizeBefore)) writer.write(Uint8Array.of(0x0a));
  return {
    kind: "bytes",
    continues: sizeBefore > 0,
    write: (block) => writer.write(block),
    flush: () => {},
    commit: async () => {
      await writer.end();
      fdatasyncSync(fd);
      closeSync(fd);
    },
    abort: async () => {
      const worthKeeping = await endedEarly(writer, context);
      takeBack(
        fd,
        sizeBefore + (worthKeeping ? writer.wholeBytes() : 0),
        sizeBefore + writer.writtenBytes(),
        path,
        context,
      );
      closeSync(fd);
    },
  };
}

/** Whether what a failed run wrote may be all there is; then gzip data gets its end, so that it can be read. */
async function endedEarly(writer: BlockWriter, context: OpenContext): Promise<boolean> {
  if (context.replayable === true) return false;
  try {
    await writer.end();
  } catch (error) {
    context.log.warn({ node: context.node, error: messageOf(error) }, "could not write the last of a failed run");
  }
  return writer.writtenBytes() > 0;
}

/** Cuts the file back to `toBytes`, unless somebody else has added to it meanwhile. */
function takeBack(fd: number, toBytes: number, expectedBytes: number, path: string, context: OpenContext): void {
  if (toBytes === expectedBytes) return;
  try {
    if (fstatSync(fd).size === expectedBytes) {
      ftruncateSync(fd, toBytes);
      return;
    }
    context.log.warn(
      { node: context.node, file: path, fromByte: toBytes },
      "what the failed run appended is still in the file: something else has written to it too",
    );
  } catch (error) {
    context.log.warn(
      { node: context.node, file: path, fromByte: toBytes, error: messageOf(error) },
      "what the failed run appended is still in the file",
    );
  }
}

function lacksLineEnd(fd: number, sizeBytes: number): boolean {
  if (sizeBytes === 0) return false;
  const last = new Uint8Array(1);
  return readSync(fd, last, 0, 1, sizeBytes - 1) === 1 && last[0] !== 0x0a;
}

/** What compresses the blocks of a file; undefined for a plain one. */
type Packing = ((file: BlockWriter) => BlockWriter) | undefined;

function writerFor(path: string, fd: number, context: OpenContext, packed: Packing): BlockWriter {
  const plain = blockWriter(fd, (error) => cannotWrite(error, path, context));
  return packed?.(plain) ?? plain;
}

/** A full disk may get room again; anything else will not pass by itself. */
function cannotWrite(error: unknown, path: string, context: OpenContext): RuntimeError {
  const code = codeOf(error);
  const retryable = ["ENOSPC", "EDQUOT", "EAGAIN", "EINTR"].includes(code);
  const what = code === "ENOSPC" ? "the disk is full" : messageOf(error);
  return new RuntimeError("sink-unavailable", `'${context.node}' cannot write the file '${path}': ${what}.`, {
    retryable,
    cause: error,
  });
}

function codeOf(error: unknown): string {
  return error instanceof Error && "code" in error ? String(error.code) : "";
}
