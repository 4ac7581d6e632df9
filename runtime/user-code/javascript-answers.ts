/** What the runner of `code javascript` writes, taken apart: result lines as they are, and lines that say how it stands. Must not know units. */
import type { Readable } from "node:stream";
import { lineCutter } from "./javascript-runner/lines.ts";

/** A line that is no result; results are events, which begin with `specversion`. */
export type RunnerLine =
  | { readonly type: "Ready" }
  /** The module cannot be run. */
  | { readonly type: "Broken"; readonly reason: string }
  /** A sign of life between the events of a chunk. */
  | { readonly type: "Working" }
  /** More memory is held outside the heap than is allowed; it ends. */
  | { readonly type: "Memory" }
  | { readonly type: "Ack"; readonly id: string }
  | { readonly type: "Retry" | "Reject"; readonly id: string; readonly reason: string }
  /** Not written by the runner. */
  | { readonly type: "Garbage" };

export interface RunnerListener {
  /** Something came, be it only a part of a line. */
  heard(length: number): void;
  result(line: string): void;
  said(line: RunnerLine): void;
}

export function listen(output: Readable, listener: RunnerListener): void {
  const cut = lineCutter((line) => {
    if (line.startsWith('{"type":"')) listener.said(runnerLine(line));
    else listener.result(line);
  });
  output.setEncoding("utf8");
  output.on("data", (text: string) => {
    listener.heard(text.length);
    cut(text);
  });
}

function runnerLine(line: string): RunnerLine {
  try {
    return JSON.parse(line) as RunnerLine;
  } catch {
    return { type: "Garbage" };
  }
}
