/**
 * Run as a process by standard-streams.test.ts: copies standard input to a sink, the way the engine calls connectors.
 * Arguments: the sink (`stdout`, `log` or a file's path), and the size of the buffer. Writes what it saw to standard error as JSON.
 */
import { builtInConnectors } from "../../runtime/connectors/index.ts";
import { bytesSource, fixture, openSink, openSource } from "../../runtime/connectors/open-context.fixture.ts";
import { RuntimeError } from "../../runtime/engine/runtime-error.ts";

const [sinkName = "stdout", bufferBytes = "65536"] = process.argv.slice(2);
const connectors = builtInConnectors();
const isNamed = connectors.has(sinkName);
const { context } = fixture(isNamed ? {} : { path: sinkName }, { baseDirectory: process.cwd() });
const sink = await openSink(connectors.get(isNamed ? sinkName : "file")!, context);
const source = bytesSource(await openSource(connectors.get("stdin")!, context));
process.on("SIGTERM", () => source.stop());

const seen = { bytes: 0, peakMiB: 0, code: "ended" };
const buffer = new Uint8Array(Number(bufferBytes));
try {
  const part = (await source.nextPart())!;
  for (let count = await part.read(buffer, 0); count > 0; count = await part.read(buffer, 0)) {
    const block = buffer.subarray(0, count);
    seen.bytes += count;
    if (sink.kind === "bytes") await sink.write(block);
    else if (sink.kind === "messages") await sink.send([{ bytes: block, id: "x" }]);
  }
  await sink.commit();
} catch (error) {
  seen.code = error instanceof RuntimeError ? error.code : String(error);
  await sink.abort();
}
await source.close(false);
seen.peakMiB = Math.round(process.resourceUsage().maxRSS / 1024);
process.stderr.write(`${JSON.stringify(seen)}\n`);
