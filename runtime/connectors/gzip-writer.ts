/** Compresses blocks on their way to a file. One gzip member per run; the thread pool does the work. */
import { constants, createGzip } from "node:zlib";
import type { BlockWriter } from "./block-writer.ts";

const chunkBytes = 256 * 1024;
/** The engine gives smaller blocks only when it has nothing else to do; they go through the compressor at once. */
const smallBlockBytes = 64 * 1024;

/**
 * When what was compressed could not be written it is kept, and the next call writes it first; a block that comes again is not
 * compressed twice.
 */
export function gzipWriter(file: BlockWriter): BlockWriter {
  const gzip = createGzip({ chunkSize: chunkBytes });
  let compressed: Uint8Array[] = [];
  let isRetry = false;
  let ended: Promise<void> | undefined;
  gzip.on("data", (chunk: Uint8Array) => compressed.push(chunk));

  const compress = async (block: Uint8Array): Promise<void> => {
    await settled((done) => gzip.write(block, done));
    if (block.length < smallBlockBytes) await settled((done) => gzip.flush(constants.Z_SYNC_FLUSH, () => done()));
  };
  const drain = async (): Promise<void> => {
    while (compressed.length > 0) {
      await file.write(compressed[0]!);
      compressed = compressed.slice(1);
    }
  };
  const finish = (): Promise<void> => {
    const ending = new Promise<void>((resolve, reject) => gzip.once("end", resolve).once("error", reject));
    gzip.end();
    return ending;
  };
  return {
    write: async (block) => {
      if (!isRetry) await compress(block);
      isRetry = true;
      await drain();
      isRetry = false;
    },
    end: async () => {
      ended ??= finish();
      await ended;
      await drain();
    },
    writtenBytes: () => file.writtenBytes(),
    wholeBytes: () => file.wholeBytes(),
  };
}

function settled(start: (done: (error?: Error | null) => void) => void): Promise<void> {
  return new Promise((resolve, reject) => start((error) => (error ? reject(error) : resolve())));
}
