/**
 * Frames with a length before each, for data that is no JSON: `u32 N`, then N bytes: `u32 H`, H bytes of JSON (a frame, or an event without its data), and the data
 * as it is. Numbers are big-endian.
 */
import { Buffer, isUtf8 } from "node:buffer";
import { markBare } from "../codec/bare-attributes.ts";
import { type Frame, frameOf, isObject } from "./answer-text.ts";
import { type AnswerReader, type Answers, type Framing, longestMessageBytes } from "./framing.ts";
import { chunkEndText, chunkStartText } from "./lines.ts";
import type { AnsweredEvent, SentEvent } from "./user-code.ts";

export const lengthFraming: Framing = {
  encode: ({ chunk, events }, from, aboutBytes) => {
    const parts: Uint8Array[] = [];
    let bytes = 0;
    const put = (header: string, data?: string | Uint8Array) => {
      const frame = frameBytes(header, data);
      parts.push(frame);
      bytes += frame.length;
    };
    if (chunk !== undefined && from === 0) put(chunkStartText(chunk));
    let next = from;
    while (next < events.length && bytes < aboutBytes) {
      const event = events[next++]!;
      const header = headerOf(event);
      put(chunk === undefined ? header : `{"type":"Data","event":${header}}`, event.data());
    }
    if (chunk !== undefined && next === events.length) put(chunkEndText(chunk, events.length));
    return { bytes: parts.length === 1 ? parts[0]! : Buffer.concat(parts), next };
  },
  reader: (answers) => new FrameReader(answers),
};

function headerOf(event: SentEvent): string {
  return event.attributesJson?.() ?? JSON.stringify(event.attributes());
}

export function frameBytes(header: string, data: string | Uint8Array = ""): Uint8Array {
  const headerLength = Buffer.byteLength(header);
  const dataLength = typeof data === "string" ? Buffer.byteLength(data) : data.length;
  const frame = Buffer.allocUnsafe(8 + headerLength + dataLength);
  frame.writeUInt32BE(4 + headerLength + dataLength, 0);
  frame.writeUInt32BE(headerLength, 4);
  frame.write(header, 8);
  if (typeof data === "string") frame.write(data, 8 + headerLength);
  else frame.set(data, 8 + headerLength);
  return frame;
}

/** Puts frames together from blocks cut anywhere; each byte is copied at most twice. */
export class FrameReader implements AnswerReader {
  private readonly answers: Answers;
  private parts: Buffer[] = [];
  private bytes = 0;
  /** Bytes that must be there before there is anything to do. */
  private needed = 4;

  constructor(answers: Answers) {
    this.answers = answers;
  }

  push(block: Buffer): void {
    this.bytes += block.length;
    if (this.bytes < this.needed) {
      this.parts.push(Buffer.from(block));
      return;
    }
    const all = this.parts.length === 0 ? block : Buffer.concat([...this.parts, block]);
    this.parts = [];
    const rest = all.subarray(this.takeFrames(all));
    this.bytes = rest.length;
    if (rest.length > 0) this.parts.push(Buffer.from(rest));
  }

  /** @returns where the first frame begins that is not there in full */
  private takeFrames(all: Buffer): number {
    let at = 0;
    while (!this.answers.isOver) {
      this.needed = 4;
      if (all.length - at < 4) break;
      const length = all.readUInt32BE(at);
      if (length > longestMessageBytes) {
        this.answers.tooLong();
        break;
      }
      this.needed = 4 + length;
      if (all.length - at < this.needed) break;
      this.takeFrame(all.subarray(at + 4, at + this.needed));
      at += this.needed;
    }
    return at;
  }

  private takeFrame(frame: Buffer) {
    const { answers } = this;
    const headerLength = frame.length < 4 ? -1 : frame.readUInt32BE(0);
    if (headerLength < 0 || headerLength > frame.length - 4) {
      return answers.garbage("a frame whose header is longer than itself");
    }
    const header = frame.subarray(4, 4 + headerLength);
    const data = frame.subarray(4 + headerLength);
    const parsed = parsedHeader(header);
    if (parsed === undefined) return answers.garbage(headerStart(header));
    // What has data is an event, whatever it calls itself.
    const found = data.length > 0 ? undefined : frameOf(parsed);
    if (found !== undefined) return this.takeFound(found, header);
    const result = resultOf(header, eventOf(parsed), data, answers);
    if (result === undefined) answers.garbage(data.subarray(0, 1_000).toString("utf8"));
    else answers.result(result, frame.length);
  }

  private takeFound(found: Frame, header: Buffer) {
    switch (found.type) {
      case "ChunkStart":
        return this.answers.chunkStart(found.id);
      case "ChunkEnd":
        return this.answers.chunkEnd(found.id);
      case "garbage":
        return this.answers.garbage(headerStart(header));
      default:
        return this.answers.end(found);
    }
  }
}

function headerStart(header: Buffer): string {
  return header.subarray(0, 1_000).toString("utf8");
}

function parsedHeader(header: Buffer): Readonly<Record<string, unknown>> | undefined {
  if (!isUtf8(header)) return undefined;
  try {
    const value: unknown = JSON.parse(header.toString("utf8"));
    return isObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

/** What is in a `Data` frame, or the event itself. */
function eventOf(header: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  return header.type === "Data" && isObject(header.event) && !("specversion" in header) ? header.event : header;
}

/** Undefined: the data is not of the type it says. */
function resultOf(
  header: Buffer,
  event: Readonly<Record<string, unknown>>,
  data: Buffer,
  answers: Answers,
): AnsweredEvent | undefined {
  const attributes: Record<string, string> = {};
  const bare = new Set<string>();
  for (const name of Object.keys(event)) {
    const value = event[name];
    if (typeof value === "string") attributes[name] = value;
    else if (value !== null && typeof value !== "object") {
      attributes[name] = String(value);
      bare.add(name);
    }
  }
  if (bare.size > 0) markBare(attributes, bare);
  const type = attributes.datacontenttype ?? answers.inheritedDataType();
  // Its data is in the header, an event as on a line; or there is none, where nothing is no JSON.
  if (data.length === 0 && ("data" in event || "data_base64" in event || isJsonType(type)))
    return header.toString("utf8");
  if (!isTextType(type)) return { attributes, data: new Uint8Array(data) };
  if (!isUtf8(data)) return undefined;
  const text = data.toString("utf8");
  return isJsonType(type) ? { attributes, data: text } : { attributes, data: text, isText: true };
}

function isTextType(type: string): boolean {
  return isJsonType(type) || /^\s*text\//i.test(type);
}

function isJsonType(type: string): boolean {
  return type === "application/json" || /^\s*[^/;]+\/([^;]+\+)?json\s*(;|$)/i.test(type);
}
