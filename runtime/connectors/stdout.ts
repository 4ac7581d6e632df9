/** Standard output. A reader that is slow slows the run; one that has gone ends it quietly, as with any Unix tool. */
import { fstatSync } from "node:fs";
import type { ByteSink, Connector, OpenContext } from "../engine/connector.ts";
import { messageOf, RuntimeError } from "../engine/runtime-error.ts";
import { blockWriter } from "./block-writer.ts";
import { refuseBinaryMode } from "./refuse-binary-mode.ts";

const stdoutFd = 1;

export const stdout: Connector = { type: "stdout", openSink: openStdoutSink };

export function openStdoutSink(context: OpenContext): ByteSink {
  refuseBinaryMode(context, "Standard output");
  const write = fstatSync(stdoutFd).isFile() ? redirectedFile(context) : pipe(context);
  return { kind: "bytes", write, flush: () => {}, commit: () => {}, abort: () => {} };
}

/** `output-closed`: the reader (`head`) has what it wanted. The run stops and the process ends without a message. */
export function outputClosed(context: OpenContext, name: string, cause: unknown): RuntimeError {
  return new RuntimeError("output-closed", `Whatever read ${name} from '${context.node}' has closed it.`, { cause });
}

function redirectedFile(context: OpenContext): (block: Uint8Array) => void | Promise<void> {
  return blockWriter(stdoutFd, (error) => cannotWrite(context, error)).write;
}

function pipe(context: OpenContext): (block: Uint8Array) => Promise<void> {
  // Without a listener an EPIPE would end the process with a stack trace; the callback below reports it.
  if (process.stdout.listenerCount("error", ignore) === 0) process.stdout.on("error", ignore);
  return (block) =>
    new Promise((resolve, reject) => {
      process.stdout.write(block, (error) => (error ? reject(cannotWrite(context, error)) : resolve()));
    });
}

function ignore(): void {}

function cannotWrite(context: OpenContext, error: unknown): RuntimeError {
  const code = error instanceof Error && "code" in error ? error.code : "";
  if (code === "EPIPE" || code === "ERR_STREAM_DESTROYED") return outputClosed(context, "standard output", error);
  const what = code === "ENOSPC" ? "the disk is full" : messageOf(error);
  return new RuntimeError("sink-unavailable", `'${context.node}' cannot write to standard output: ${what}.`, {
    retryable: code === "ENOSPC",
    cause: error,
  });
}
