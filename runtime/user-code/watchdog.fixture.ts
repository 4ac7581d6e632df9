/** A process of ours to be killed: starts programs over every way and prints their process groups and its private folders once they run. */
import { systemClock } from "../engine/clock.ts";
import { openUserCode } from "./open.ts";

const ways = process.argv.slice(2);
const spoken: string[] = [];
const note = (fields: object) => {
  if ("line" in fields) spoken.push(String(fields.line));
  if ("line" in fields && spoken.length === ways.length) process.stdout.write(`${spoken.join("\n")}\nready\n`);
};
for (const io of ways) {
  // A child of its own, a grandchild of ours, and signals that do nothing to it.
  const script = `trap '' TERM HUP INT; sleep 1000 & echo "$$ $! $(dirname "\${FLOW_INPUT:-\${FLOW_SOCKET:-/nowhere/x}}")" >&2\n${connectIn(io)}\nsleep 1000; wait`;
  void openUserCode(
    { node: io, at: "a.flow:1:1", options: { io, command: ["sh", "-c", script] } },
    {
      answered: () => {},
      widened: () => {},
      failed: () => {},
      log: { info: note, warn: note },
      clock: systemClock,
      random: Math.random,
    },
  );
}

function connectIn(io: string): string {
  return io === "socket"
    ? `"${process.execPath}" -e 'require("node:net").connect(process.env.FLOW_SOCKET).on("error",()=>{}); setInterval(()=>{},1000)' &`
    : ":";
}
