/**
 * A program that works as it should until it comes to an event or chunk whose id says `fault`; then it does what its first argument says, or, as with `fault-hangs`, the id.
 * By every transport. With a second argument, the path of a file, it misbehaves only while that file is not there, and makes it.
 */
import { spawn } from "node:child_process";
import { existsSync, openSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { connect, Socket } from "node:net";
import { createInterface } from "node:readline";

const [mode, onceFile] = process.argv.slice(2);
const { FLOW_IO, FLOW_INPUT, FLOW_OUTPUT, FLOW_SOCKET, FLOW_IN, FLOW_OUT, PORT } = process.env;

if (mode === "ends") process.exit(4);
if (mode === "deaf") process.on("SIGTERM", () => console.error("I do not mind"));
if (mode === "forks") {
  spawn("sh", ["-c", "trap '' TERM; sleep 600"], { stdio: "inherit" });
}

/** What is to go wrong at this event or chunk, if anything. */
const faultOf = (id) => {
  const [, own] = /fault-?([a-z-]*)$/.exec(String(id)) ?? [];
  if (own === undefined || (onceFile && existsSync(onceFile))) return undefined;
  if (onceFile) writeFileSync(onceFile, "");
  return own || mode;
};
const resultOf = (event) => ({ ...event, data: { ...event.data, seen: true } });
const forever = () => new Promise(() => setInterval(() => {}, 60_000));
const crash = () => {
  console.error("it is all too much");
  process.exit(3);
};
const big = "x".repeat(1 << 20);

/** Lines in, lines out. */
async function serveLines(input, output) {
  const write = (...messages) =>
    new Promise((resolve) => output.write(messages.map((each) => `${JSON.stringify(each)}\n`).join(""), resolve));
  let fault;
  for await (const line of createInterface({ input })) {
    const message = JSON.parse(line);
    const event = "specversion" in message ? message : message.event;
    if (message.type === "ChunkStart") continue;
    if (event) {
      fault ??= faultOf(event.id);
      if (fault === "never-reads") {
        input.pause();
        await forever();
      }
      if (fault === "crashes") {
        await write(resultOf(event));
        crash();
      }
      if (fault === "garbage") await new Promise((done) => output.write("Segmentation fault? {\n", done));
      await write(resultOf(event));
    }
    if (event !== message && message.type !== "ChunkEnd") continue;
    const end = { type: "Ack", id: message.id };
    if (fault === "hangs") await forever();
    if (fault === "floods") for (;;) await write({ data: big });
    if (fault === "floods-a-line") for (;;) await new Promise((done) => output.write(big, done));
    if (fault === "twice") await write(end, end);
    else await write(end);
    fault = undefined;
  }
}

/** One request after the other; what the program does to the connection is what counts. */
async function answerRequest(request, response) {
  const id = decodeURIComponent(request.headers["flow-chunk-id"] ?? request.headers["ce-id"]);
  const fault = faultOf(id);
  if (fault === "never-reads") {
    request.socket.pause();
    await forever();
  }
  let text = "";
  for await (const part of request.setEncoding("utf8")) text += part;
  const body = JSON.parse(text);
  const answer = Array.isArray(body) ? body.map(resultOf) : resultOf({ data: body }).data;
  const type = request.headers["content-type"];
  if (fault === "hangs") await forever();
  if (fault === "crashes") {
    response.writeHead(200, { "content-type": type, "content-length": 1_000 }).write("[{");
    setTimeout(crash, 20);
    return;
  }
  if (fault?.startsWith("floods")) {
    response.writeHead(200, { "content-type": type });
    const more = () => response.write(big, more);
    more();
    return;
  }
  if (fault === "twice") {
    const payload = JSON.stringify(answer);
    const head = `HTTP/1.1 200 OK\r\ncontent-type: ${type}\r\ncontent-length: ${Buffer.byteLength(payload)}\r\n\r\n`;
    request.socket.write((head + payload).repeat(2));
    return;
  }
  const payload = fault === "garbage" ? "Segmentation fault? {" : JSON.stringify(answer);
  response.writeHead(200, { "content-type": type }).end(payload);
}

/** Files in, files out. */
async function serveFiles() {
  for (;;) {
    for (const name of readdirSync(FLOW_IN)
      .filter((each) => !each.startsWith("."))
      .sort()) {
      const messages = readFileSync(`${FLOW_IN}/${name}`, "utf8")
        .trim()
        .split("\n")
        .map((line) => JSON.parse(line));
      const events = messages.flatMap((each) => each.event ?? ("specversion" in each ? each : []));
      const [fault] = events.flatMap(({ id }) => faultOf(id) ?? []);
      const put = (text) => {
        writeFileSync(`${FLOW_OUT}/.${name}`, text);
        renameSync(`${FLOW_OUT}/.${name}`, `${FLOW_OUT}/${name}`);
      };
      const answer = events.map((event) => `${JSON.stringify(resultOf(event))}\n`).join("");
      if (fault === "hangs" || fault === "never-reads") await forever();
      if (fault === "crashes") {
        writeFileSync(`${FLOW_OUT}/.${name}`, answer.slice(0, 20));
        crash();
      }
      rmSync(`${FLOW_IN}/${name}`);
      if (fault?.startsWith("floods")) put(`${JSON.stringify({ data: big })}\n`.repeat(65));
      else if (fault === "garbage") put("Segmentation fault? {\n");
      else put(answer);
      if (fault === "twice") {
        while (existsSync(`${FLOW_OUT}/${name}`)) await new Promise((resolve) => setTimeout(resolve, 5));
        put(answer);
      }
    }
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

switch (FLOW_IO) {
  case "stdio":
    await serveLines(process.stdin, process.stdout);
    break;
  case "fifo": {
    // Not as files: a read of a file that waits would keep the process from ending.
    const input = new Socket({ fd: openSync(FLOW_INPUT, "r"), readable: true, writable: false });
    await serveLines(input, new Socket({ fd: openSync(FLOW_OUTPUT, "w"), readable: false, writable: true }));
    break;
  }
  case "socket": {
    const socket = connect(FLOW_SOCKET);
    await serveLines(socket, socket);
    break;
  }
  case "http":
    createServer((request, response) => void answerRequest(request, response)).listen(PORT ?? FLOW_SOCKET);
    break;
  case "file":
    await serveFiles();
}
if (mode === "deaf") await forever();
