/** Writes a named pipe or a device: directly, since nothing can be put in its place, and on the thread pool, since its reader may be slow. */
import { close, open, write } from "node:fs";
import { promisify } from "node:util";
import type { ByteSink, OpenContext } from "../engine/connector.ts";
import { messageOf, RuntimeError } from "../engine/runtime-error.ts";
import { outputClosed } from "./stdout.ts";

const openLater = promisify<string, string, number>(open);
const closeLater = promisify(close);

/** Waits until the pipe has a reader. */
export async function openPipeSink(path: string, target: string, context: OpenContext): Promise<ByteSink> {
  const fd = await openLater(target, "w");
  let done = 0;
  const writeSome = (block: Uint8Array): Promise<number> =>
    new Promise((resolve, reject) =>
      write(fd, block, done, block.length - done, null, (error, count) => (error ? reject(error) : resolve(count))),
    );
  return {
    kind: "bytes",
    write: async (block) => {
      try {
        while (done < block.length) done += await writeSome(block);
        done = 0;
      } catch (error) {
        const code = error instanceof Error && "code" in error ? error.code : "";
        if (code === "EPIPE") throw outputClosed(context, path, error);
        throw new RuntimeError("sink-unavailable", `'${context.node}' cannot write '${path}': ${messageOf(error)}.`, {
          retryable: code === "EAGAIN",
          cause: error,
        });
      }
    },
    flush: () => {},
    commit: () => closeLater(fd),
    abort: () => closeLater(fd).catch(() => {}),
  };
}
