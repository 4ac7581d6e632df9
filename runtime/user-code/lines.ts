/**
 * JSON lines: an event is a line, a chunk is its frames as lines. A line of a program ends in LF; a CR before it and blank lines are
 * forgiven. What is not ended when the program ends is no line.
 */
import { Buffer, isUtf8 } from "node:buffer";
import { frameIn } from "./answer-text.ts";
import { type AnswerReader, type Answers, type Framing, longestMessageBytes } from "./framing.ts";
import type { SentChunk, Unit } from "./user-code.ts";

export const lineFraming: Framing = {
  encode: (unit, from, aboutBytes) => {
    const { chunk, events } = unit;
    if (chunk === undefined) return { bytes: Buffer.from(`${events[0]!.json}\n`), next: 1 };
    let text = from === 0 ? `${chunkStartText(chunk)}\n` : "";
    let next = from;
    while (next < events.length && text.length < aboutBytes) {
      text += `{"type":"Data","event":${events[next++]!.json}}\n`;
    }
    if (next === events.length) text += `${chunkEndText(chunk, events.length)}\n`;
    return { bytes: Buffer.from(text), next };
  },
  reader: (answers) => new LineReader(answers),
};

export function chunkStartText(chunk: SentChunk): string {
  const key = chunk.key === undefined ? "" : `,"key":${chunk.key}`;
  const window = chunk.window === undefined ? "" : `,"window":${JSON.stringify(chunk.window)}`;
  return `{"type":"ChunkStart","id":${JSON.stringify(chunk.id)}${key}${window}}`;
}

export function chunkEndText(chunk: SentChunk, count: number): string {
  return `{"type":"ChunkEnd","id":${JSON.stringify(chunk.id)},"count":${count}}`;
}

/** All lines of a unit, for transports that give it whole. */
export function unitLines(unit: Unit): Uint8Array {
  return lineFraming.encode(unit, 0, Number.POSITIVE_INFINITY).bytes;
}

const lineFeed = 0x0a;
const carriageReturn = 0x0d;

/** Cuts blocks into lines. Each byte is looked at once for its line end, however many blocks a line takes. */
export class LineReader implements AnswerReader {
  private readonly answers: Answers;
  /** Of a line whose end has not come. */
  private rest: Buffer[] = [];
  private restBytes = 0;

  constructor(answers: Answers) {
    this.answers = answers;
  }

  push(block: Buffer) {
    const last = block.lastIndexOf(lineFeed);
    if (last < 0) return this.keep(block);
    let start = 0;
    if (this.restBytes > 0) {
      const first = block.indexOf(lineFeed);
      this.rest.push(block.subarray(0, first + 1));
      if (this.restBytes + first > longestMessageBytes) return this.answers.tooLong();
      const line = Buffer.concat(this.rest);
      this.rest = [];
      this.restBytes = 0;
      this.takeLines(line);
      start = first + 1;
    }
    if (start <= last) this.takeLines(block.subarray(start, last + 1));
    if (last + 1 < block.length) this.keep(block.subarray(last + 1));
  }

  private keep(bytes: Buffer) {
    this.restBytes += bytes.length;
    if (this.restBytes > longestMessageBytes) return this.answers.tooLong();
    this.rest.push(Buffer.from(bytes));
  }

  /** Whole lines, each with its end. */
  private takeLines(bytes: Buffer) {
    if (!isUtf8(bytes)) return this.takeDoubtful(bytes);
    const text = bytes.toString("utf8");
    let start = 0;
    while (start < text.length && !this.answers.isOver) {
      const lineEnd = text.indexOf("\n", start);
      const end = text.charCodeAt(lineEnd - 1) === carriageReturn && lineEnd > start ? lineEnd - 1 : lineEnd;
      this.takeLine(text.slice(start, end));
      start = lineEnd + 1;
    }
  }

  /** Somewhere in them is what is no UTF-8. */
  private takeDoubtful(bytes: Buffer): void {
    let start = 0;
    while (start < bytes.length && !this.answers.isOver) {
      const end = bytes.indexOf(lineFeed, start) + 1;
      const line = bytes.subarray(start, end);
      if (isUtf8(line)) this.takeLines(line);
      else this.answers.garbage(line.subarray(0, 1_000).toString("utf8").trimEnd());
      start = end;
    }
  }

  private takeLine(line: string) {
    const { answers } = this;
    const frame = line.length === 0 ? undefined : frameIn(line);
    if (frame === undefined) {
      if (line.length > 0) answers.result(line, line.length);
      return;
    }
    switch (frame.type) {
      case "ChunkStart":
        return answers.chunkStart(frame.id);
      case "ChunkEnd":
        return answers.chunkEnd(frame.id);
      case "garbage":
        return line.trim() === "" ? undefined : answers.garbage(line);
      default:
        return answers.end(frame);
    }
  }
}
