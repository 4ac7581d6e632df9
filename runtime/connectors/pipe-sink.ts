/** Writes a named pipe or a device: directly, since nothing can be put in its place. Its reader may be slow, and then the run is. */
import { constants, createWriteStream, openSync, statSync } from "node:fs";
import { Socket } from "node:net";
import type { Writable } from "node:stream";
import { sleep } from "../engine/clock.ts";
import type { ByteSink, OpenContext } from "../engine/connector.ts";
import { messageOf, RuntimeError } from "../engine/runtime-error.ts";
import { outputClosed } from "./stdout.ts";

/** How often a named pipe is looked at that nobody reads yet. */
const lookAgainMs = 50;

/** Waits until a named pipe has a reader. */
export async function openPipeSink(path: string, target: string, context: OpenContext): Promise<ByteSink> {
  const stream = statSync(target).isFIFO() ? await openNamedPipe(target, context) : createWriteStream(target);
  // Each failure comes with the write that failed, too.
  stream.on("error", () => {});
  return {
    kind: "bytes",
    write: (block) =>
      new Promise((resolve, reject) => {
        stream.write(block, (error) => (error ? reject(cannotWrite(error, path, context)) : resolve()));
      }),
    flush: () => {},
    commit: () => new Promise((resolve) => stream.end(() => resolve())),
    abort: () => {
      stream.destroy();
    },
  };
}

/** Opening for good would block a thread for as long as there is no reader, and hold up the end of the process. */
async function openNamedPipe(target: string, context: OpenContext): Promise<Writable> {
  for (;;) {
    try {
      return new Socket({
        fd: openSync(target, constants.O_WRONLY | constants.O_NONBLOCK),
        readable: false,
        writable: true,
      });
    } catch (error) {
      if (codeOf(error) !== "ENXIO") throw error;
      await sleep(context.clock, lookAgainMs);
    }
  }
}

function cannotWrite(error: unknown, path: string, context: OpenContext): RuntimeError {
  if (codeOf(error) === "EPIPE" || codeOf(error) === "ERR_STREAM_DESTROYED") return outputClosed(context, path, error);
  return new RuntimeError("sink-unavailable", `'${context.node}' cannot write '${path}': ${messageOf(error)}.`, {
    cause: error,
  });
}

function codeOf(error: unknown): string {
  return error instanceof Error && "code" in error ? String(error.code) : "";
}
