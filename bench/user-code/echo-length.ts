/** Echo over a Unix socket with a length before each frame: `u32 N`, then N bytes: `u32 H`, H bytes of JSON, the data. */
import { connect } from "node:net";
import { changed, work } from "./work.ts";

const socket = connect(process.env.FLOW_SOCKET ?? "");
let rest: Buffer = Buffer.alloc(0);
socket.on("data", (block: Buffer) => {
  const bytes = rest.length === 0 ? block : Buffer.concat([rest, block]);
  const answers: Buffer[] = [];
  let at = 0;
  while (bytes.length - at >= 4) {
    const end = at + 4 + bytes.readUInt32BE(at);
    if (end > bytes.length) break;
    answer(bytes.subarray(at, end), answers);
    at = end;
  }
  rest = bytes.subarray(at);
  if (answers.length === 0 || socket.write(Buffer.concat(answers))) return;
  socket.pause();
  socket.once("drain", () => socket.resume());
});

function answer(frame: Buffer, answers: Buffer[]): void {
  const dataAt = 8 + frame.readUInt32BE(4);
  const header = frame.toString("utf8", 8, dataAt);
  if (header.startsWith('{"type":"Chunk')) {
    answers.push(frame);
    return;
  }
  if (work === "pass") answers.push(frame);
  else {
    const data = JSON.stringify(changed(JSON.parse(frame.toString("utf8", dataAt))));
    const length = Buffer.byteLength(data);
    const own = Buffer.allocUnsafe(dataAt + length);
    frame.copy(own, 4, 4, dataAt);
    own.writeUInt32BE(dataAt - 4 + length, 0);
    own.write(data, dataAt);
    answers.push(own);
  }
  if (!header.startsWith('{"type":"Data"')) answers.push(acknowledged);
}

const acknowledged = Buffer.from('\0\0\0\x12\0\0\0\x0e{"type":"Ack"}');
