/** Echo over JSON lines: standard input and output, named pipes or a Unix socket, as `FLOW_IO` says. Reads blocks as large as they come, and each frame in them. */
import { createReadStream, createWriteStream } from "node:fs";
import { connect } from "node:net";
import type { Readable, Writable } from "node:stream";
import { changed, work } from "./work.ts";

const dataFrame = '{"type":"Data"';
const chunkFrame = '{"type":"Chunk';

function answerTo(line: string): string {
  // The answer to a ChunkEnd is the ChunkEnd, which has the chunk's id: so more chunks are sent before this one is answered.
  if (line.startsWith(chunkFrame)) return `${line}\n`;
  const isInChunk = line.startsWith(dataFrame);
  if (work === "pass") return isInChunk ? `${line}\n` : `${line}\n{"type":"Ack"}\n`;
  const read = JSON.parse(line);
  const event = isInChunk ? read.event : read;
  event.data = changed(event.data);
  const text = JSON.stringify(event);
  return isInChunk ? `${text}\n` : `${text}\n{"type":"Ack"}\n`;
}

const [input, output] = way();
let rest = "";
input.setEncoding("utf8");
input.on("data", (block: string) => {
  const text = rest + block;
  let start = 0;
  let answers = "";
  for (let end = text.indexOf("\n"); end >= 0; end = text.indexOf("\n", start)) {
    answers += answerTo(text.slice(start, end));
    start = end + 1;
  }
  rest = text.slice(start);
  if (answers === "" || output.write(answers)) return;
  input.pause();
  output.once("drain", () => input.resume());
});
input.on("end", () => output.end());

function way(): readonly [Readable, Writable] {
  const { FLOW_IO, FLOW_SOCKET = "", FLOW_INPUT = "", FLOW_OUTPUT = "" } = process.env;
  if (FLOW_IO === "stdio") return [process.stdin, process.stdout];
  if (FLOW_IO === "fifo") {
    const highWaterMark = 1 << 18;
    return [createReadStream(FLOW_INPUT, { highWaterMark }), createWriteStream(FLOW_OUTPUT, { highWaterMark })];
  }
  const socket = connect(FLOW_SOCKET);
  return [socket, socket];
}
