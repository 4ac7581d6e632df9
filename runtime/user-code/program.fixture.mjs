/** A program that does what the events tell it: `data.do` is a list of what to answer or to suffer. Over whichever way it is started with. */
import { closeSync, openSync, writeSync } from "node:fs";
import { connect, Socket } from "node:net";
import { createInterface } from "node:readline";

const [input, output] = streams(process.env.FLOW_IO);
const givesIds = process.env.IDS === "1";
let unit;

for await (const line of createInterface({ input })) {
  const frame = JSON.parse(line);
  if (frame.type === "ChunkStart") unit = { id: frame.id, events: [] };
  else if (frame.type === "Data" && frame.event) unit.events.push(frame.event);
  else if (frame.type === "ChunkEnd") await answer(unit.id, unit.events);
  else await answer(frame.id, [frame]);
}
if (process.env.SAY_BYE === "1") writeSync(2, "bye\n");

function streams(io) {
  if (io === "stdio") return [process.stdin, process.stdout];
  if (io === "fifo") return [pipe(process.env.FLOW_INPUT, "r"), pipe(process.env.FLOW_OUTPUT, "w")];
  const socket = connect({ path: process.env.FLOW_SOCKET, allowHalfOpen: true });
  return [socket, socket];
}

/** A file stream would keep the process from ending while it waits in a read. */
function pipe(path, mode) {
  return new Socket({ fd: openSync(path, mode), readable: mode === "r", writable: mode === "w" });
}

function say(text) {
  return new Promise((resolve) => output.write(text, resolve));
}

async function answer(id, events) {
  const end = givesIds ? { id } : {};
  for (const event of events) {
    for (const what of event.data.do ?? ["echo"]) {
      const [word, ...rest] = what.split(" ");
      const text = rest.join(" ");
      if (word === "echo") await say(`${JSON.stringify(event)}\n`);
      else if (word === "many") for (let i = 0; i < Number(text); i++) await say(`{"data":${i}}\n`);
      else if (word === "say") await say(`${text}\n`);
      else if (word === "Retry" || word === "Reject")
        return say(`${JSON.stringify({ type: word, ...end, ...(text && { reason: text }) })}\n`);
      else if (word === "complain") writeSync(2, `${text}\n`);
      else if (word === "crash") {
        writeSync(2, "out of luck\n");
        process.exit(Number(text || 3));
      } else if (word === "die") {
        process.kill(process.pid, "SIGKILL");
        return new Promise(() => {});
      } else if (word === "hang") return new Promise(() => setInterval(() => {}, 1_000));
      else if (word === "close") {
        if (process.env.FLOW_IO === "stdio") closeSync(1);
        else output.destroy();
        return new Promise(() => setInterval(() => {}, 1_000));
      } else if (word === "flood") {
        const block = `${`{"data":"${"x".repeat(1_000)}"}\n`.repeat(100)}`;
        for (;;) await say(block);
      } else if (word === "endless") {
        for (;;) await say("x".repeat(1_000_000));
      } else if (word === "stderr") writeSync(2, "noise\n".repeat(Number(text)));
    }
  }
  await say(`${JSON.stringify({ type: "Ack", ...end })}\n`);
}
