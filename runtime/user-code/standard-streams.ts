/**
 * Pipes for a program's standard input, output and error. Real ones, so that `/dev/stdin` and `> /dev/stderr` work in it, as they do in a shell: what Node makes by
 * itself are sockets, which cannot be opened by such a path. Where pipes cannot be made it is given those all the same.
 */
import { closeSync, constants, openSync } from "node:fs";
import { Socket } from "node:net";
import { join } from "node:path";
import type { Readable, Writable } from "node:stream";
import { makePipes } from "./named-pipes.ts";
import { privateFolder } from "./private-folder.ts";
import type { Watchdog } from "./watchdog.ts";

const { O_NONBLOCK, O_RDONLY, O_WRONLY } = constants;

export interface StandardStreams {
  /** For `spawn`, as its option `stdio`: input, output, error. */
  readonly ends: readonly (number | "ignore")[];
  readonly input: Writable | undefined;
  readonly output: Readable;
  readonly error: Readable;
  /** After the spawn: lets go of the program's ends, which it has now. */
  handOver(): void;
  /** The program was not started. */
  close(): void;
}

/** Undefined where there are no named pipes. */
export async function standardStreams(hasInput: boolean, watchdog: Watchdog): Promise<StandardStreams | undefined> {
  const folder = await privateFolder(watchdog).catch(() => undefined);
  if (folder === undefined) return undefined;
  const [input, output, error] = ["input", "output", "error"].map((name) => join(folder.path, name));
  try {
    await makePipes([...(hasInput ? [input!] : []), output!, error!]);
    return openStreams(hasInput ? input : undefined, output!, error!);
  } catch {
    return undefined;
  } finally {
    // Open pipes live on without their names.
    await folder.remove();
  }
}

function openStreams(input: string | undefined, output: string, error: string): StandardStreams {
  const [toRead, itsOutput] = openOutput(output);
  const [toReadError, itsError] = openOutput(error);
  const [toWrite, itsInput] = input === undefined ? [undefined, undefined] : openInput(input);
  const its = [itsInput, itsOutput, itsError].filter((fd) => fd !== undefined);
  const streams = [reading(toRead), reading(toReadError)] as const;
  const writing =
    toWrite === undefined
      ? undefined
      : new Socket({ fd: toWrite, readable: false, writable: true, allowHalfOpen: true });
  const handOver = () => {
    for (const fd of its.splice(0)) closeSync(fd);
  };
  return {
    ends: [itsInput ?? "ignore", itsOutput, itsError],
    input: writing,
    output: streams[0],
    error: streams[1],
    handOver,
    close: () => {
      handOver();
      writing?.destroy();
      for (const stream of streams) stream.destroy();
    },
  };
}

function reading(fd: number): Socket {
  return new Socket({ fd, readable: true, writable: false, allowHalfOpen: true });
}

/** Our end, which must not block us, and the program's, which must block it. Neither open waits: the other end is there. */
function openOutput(path: string): readonly [ours: number, its: number] {
  const ours = openSync(path, O_RDONLY | O_NONBLOCK);
  return [ours, openSync(path, O_WRONLY)];
}

function openInput(path: string): readonly [ours: number, its: number] {
  const opener = openSync(path, O_RDONLY | O_NONBLOCK);
  const ours = openSync(path, O_WRONLY | O_NONBLOCK);
  const its = openSync(path, O_RDONLY);
  closeSync(opener);
  return [ours, its];
}
