// Adds the temperature in Fahrenheit. io: stdio, or socket.
import { connect } from "node:net";
import { createInterface } from "node:readline";

const socket = process.env.FLOW_SOCKET && connect(process.env.FLOW_SOCKET);
const output = socket ?? process.stdout;
let reason;
for await (const line of createInterface({ input: socket ?? process.stdin })) {
  const message = JSON.parse(line);
  const event = "specversion" in message ? message : message.event;
  if (typeof event?.data.celsius === "number") event.data.fahrenheit = (event.data.celsius * 9) / 5 + 32;
  else if (event) reason = "no celsius";
  if (event) output.write(`${JSON.stringify(event)}\n`);
  if (event !== message && message.type !== "ChunkEnd") continue;
  output.write(`${JSON.stringify({ type: reason ? "Reject" : "Ack", id: message.id, reason })}\n`);
  reason = undefined;
}
