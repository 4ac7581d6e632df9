/** A part read from a Node stream (a pipe, a terminal, a decompressor): pulls, so that the stream never runs ahead of the engine. */
import type { Readable } from "node:stream";
import type { BytePart, OpenContext } from "../engine/connector.ts";
import { messageOf, RuntimeError } from "../engine/runtime-error.ts";

interface StreamPartOptions {
  /** When it aborts, a pending read gives 0, as does every later one. */
  readonly stopping?: AbortSignal;
  readonly timeMs?: number;
  /** So many bytes at the start are thrown away. @throws RuntimeError when there are not so many */
  readonly from?: number;
  /** What a failure of the stream means, as a sentence. */
  readonly explain?: (error: unknown) => string;
  /** Called at the end of the stream, before the last read gives 0. */
  readonly ended?: () => void;
}

/** Waits for the first three bytes, to skip a UTF-8 byte order mark; resolves at once when the format is `bytes`. */
export async function openStreamPart(
  name: string,
  stream: Readable,
  context: OpenContext,
  options: StreamPartOptions = {},
): Promise<BytePart> {
  const chunks = chunksOf(name, stream, context, options);
  const from = options.from ?? 0;
  if (from > 0 && !(await skip(chunks, from))) throw shorter(name, from, context);
  const skipped = from > 0 || context.format.type === "bytes" ? from : await skipByteOrderMark(chunks);
  return {
    name,
    startOffset: skipped,
    ...(options.timeMs === undefined ? {} : { timeMs: options.timeMs }),
    read: (buffer, at) => {
      const chunk = chunks.next();
      return chunk instanceof Promise
        ? chunk.then((later) => fill(buffer, at, later, chunks))
        : fill(buffer, at, chunk, chunks);
    },
    close: () => {
      stream.destroy();
    },
  };
}

function fill(buffer: Uint8Array, at: number, chunk: Uint8Array | undefined, chunks: Chunks): number {
  if (chunk === undefined) return 0;
  const count = Math.min(chunk.length, buffer.length - at);
  buffer.set(chunk.subarray(0, count), at);
  if (count < chunk.length) chunks.putBack(chunk.subarray(count));
  return count;
}

/** False when the stream ends before. */
async function skip(chunks: Chunks, countBytes: number): Promise<boolean> {
  for (let left = countBytes; left > 0; ) {
    const chunk = await chunks.next();
    if (chunk === undefined) return false;
    if (chunk.length > left) chunks.putBack(chunk.subarray(left));
    left -= chunk.length;
  }
  return true;
}

/** The file is not the one that was read. */
export function shorter(name: string, from: number, { node }: OpenContext): RuntimeError {
  return new RuntimeError(
    "source-unavailable",
    `'${node}' had read the file '${name}' up to byte ${from}, and it is shorter now. Put it back as it was, or read from the beginning with --reset ${node}.`,
  );
}

async function skipByteOrderMark(chunks: Chunks): Promise<number> {
  let first = new Uint8Array(0);
  while (first.length < 3) {
    const chunk = await chunks.next();
    if (chunk === undefined) break;
    first = first.length === 0 ? new Uint8Array(chunk) : new Uint8Array(Buffer.concat([first, chunk]));
  }
  const skipped = first[0] === 0xef && first[1] === 0xbb && first[2] === 0xbf ? 3 : 0;
  if (first.length > skipped) chunks.putBack(first.subarray(skipped));
  return skipped;
}

interface Chunks {
  /** The next bytes, at least one; undefined at the end. */
  next(): Uint8Array | undefined | Promise<Uint8Array | undefined>;
  /** What `next` gives next. */
  putBack(rest: Uint8Array): void;
}

function chunksOf(name: string, stream: Readable, context: OpenContext, options: StreamPartOptions): Chunks {
  const explain = options.explain ?? messageOf;
  let rest: Uint8Array | undefined;
  let over = false;
  let failure: unknown;
  let wake: (() => void) | undefined;
  const changed = () => wake?.();
  const end = () => {
    over = true;
    changed();
  };
  stream.on("readable", changed).on("end", end).on("close", end);
  stream.on("error", (error) => {
    failure ??= error;
    changed();
  });

  const stop = () => {
    rest = undefined;
    stream.destroy();
    end();
  };
  if (options.stopping?.aborted === true) stop();
  else options.stopping?.addEventListener("abort", stop, { once: true });

  const take = (): Uint8Array | undefined => {
    if (rest !== undefined) {
      const taken = rest;
      rest = undefined;
      return taken;
    }
    const chunk: unknown = stream.read();
    return chunk instanceof Uint8Array && chunk.length > 0 ? chunk : undefined;
  };
  const isOver = (): boolean => {
    if (failure !== undefined) {
      throw new RuntimeError(
        "source-unavailable",
        `'${context.node}' cannot read on in '${name}': ${explain(failure)}`,
        { cause: failure },
      );
    }
    if (over) options.ended?.();
    return over;
  };
  const wait = async (): Promise<Uint8Array | undefined> => {
    for (;;) {
      await new Promise<void>((resolve) => {
        wake = resolve;
      });
      wake = undefined;
      const chunk = take();
      if (chunk !== undefined || isOver()) return chunk;
    }
  };
  return {
    next: () => {
      const chunk = take();
      return chunk !== undefined || isOver() ? chunk : wait();
    },
    putBack: (bytes) => {
      rest = bytes;
    },
  };
}
