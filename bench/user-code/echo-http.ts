/** Echo over HTTP: a batch is answered with a batch, a single event (binary mode) with its data. `pass` gives the body back as it came. */
import { createServer } from "node:http";
import { changed, work } from "./work.ts";

const server = createServer((request, response) => {
  const parts: Buffer[] = [];
  request.on("data", (part: Buffer) => parts.push(part));
  request.on("end", () => {
    const body = Buffer.concat(parts);
    const type = request.headers["content-type"] ?? "application/json";
    const answer = work === "pass" ? body : Buffer.from(JSON.stringify(changedBody(JSON.parse(body.toString("utf8")))));
    response.writeHead(200, { "content-type": type, "content-length": answer.length });
    response.end(answer);
  });
});
server.keepAliveTimeout = 60_000;
server.listen(Number(process.env.PORT), "127.0.0.1");
process.on("SIGTERM", () => process.exit(0));

function changedBody(body: { value: number } | { data: { value: number } }[]): unknown {
  if (!Array.isArray(body)) return changed(body);
  for (const event of body) changed(event.data);
  return body;
}
