/**
 * Named pipes, opened so that nobody waits: each end of ours is opened beside one of the other kind that we keep, so the program may open its end when it likes, and
 * again, and what is written before is kept for it.
 */
import { execFile } from "node:child_process";
import { closeSync, constants, openSync } from "node:fs";
import { Socket } from "node:net";
import { promisify } from "node:util";
import { messageOf, RuntimeError } from "../engine/runtime-error.ts";

const { O_NONBLOCK, O_RDONLY, O_WRONLY } = constants;

/** @throws RuntimeError "user-code-unavailable" where the system has no `mkfifo`, or the place cannot hold them */
export async function makePipes(paths: readonly string[]): Promise<void> {
  try {
    await promisify(execFile)("mkfifo", ["-m", "600", ...paths]);
  } catch (error) {
    throw new RuntimeError("user-code-unavailable", `Named pipes could not be made: ${messageOf(error).trim()}`, {
      cause: error,
    });
  }
}

export interface PipeEnd {
  readonly stream: Socket;
  /** Lets go of the end that was kept: what is read ends once all writers are gone. Calling it twice does nothing. */
  hangUp(): void;
}

/** What the program writes to the pipe. */
export function readPipe(path: string): PipeEnd {
  const fd = openSync(path, O_RDONLY | O_NONBLOCK);
  const kept = openSync(path, O_WRONLY | O_NONBLOCK);
  return {
    stream: new Socket({ fd, readable: true, writable: false, allowHalfOpen: true }),
    hangUp: closeOnce(kept),
  };
}

/** For the program to read. Ending the stream is the end of its input. */
export function writePipe(path: string): PipeEnd {
  const kept = openSync(path, O_RDONLY | O_NONBLOCK);
  const fd = openSync(path, O_WRONLY | O_NONBLOCK);
  return {
    stream: new Socket({ fd, readable: false, writable: true, allowHalfOpen: true }),
    hangUp: closeOnce(kept),
  };
}

function closeOnce(fd: number): () => void {
  let isOpen = true;
  return () => {
    if (isOpen) closeSync(fd);
    isOpen = false;
  };
}
