/** A gzip file as a part: decompressed as it is read, of any size, of one member or several. Offsets count decompressed bytes. */
import { createReadStream, fstatSync } from "node:fs";
import { pipeline } from "node:stream";
import { createGunzip } from "node:zlib";
import type { BytePart, OpenContext } from "../engine/connector.ts";
import { openStreamPart } from "./stream-part.ts";

const chunkBytes = 256 * 1024;

/** Takes ownership of `fd`. @param from what comes before is decompressed again and thrown away */
export function openGzipPart(
  name: string,
  fd: number,
  timeMs: number,
  context: OpenContext,
  from = 0,
): Promise<BytePart> {
  const sizeBytes = fstatSync(fd).size;
  const gunzip = createGunzip({ chunkSize: chunkBytes });
  // Errors of either stream arrive at the last one, where the part listens.
  pipeline(createReadStream("", { fd, highWaterMark: chunkBytes }), gunzip, () => {});
  return openStreamPart(name, gunzip, context, {
    timeMs,
    from,
    explain: (error) => explain(error),
    ended: () => {
      const unread = sizeBytes - gunzip.bytesWritten;
      if (unread > 0)
        context.log.warn(
          { node: context.node, file: name, bytes: unread },
          "bytes after the end of the gzip data were ignored",
        );
    },
  });
}

function explain(error: unknown): string {
  const code = error instanceof Error && "code" in error ? error.code : undefined;
  if (code === "Z_BUF_ERROR") return "its gzip data ends in the middle, so the file was cut off.";
  if (code === "Z_DATA_ERROR") return `its gzip data is damaged (${String(error)}).`;
  return String(error);
}
