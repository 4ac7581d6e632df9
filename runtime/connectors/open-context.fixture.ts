/** For tests of connectors: a context to open one with, and readers that play the engine's part. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Clock, systemClock } from "../engine/clock.ts";
import type { ByteSource, Connector, OpenContext, SinkConnector, SourceConnector } from "../engine/connector.ts";

export interface Fixture {
  readonly context: OpenContext;
  /** What was logged, as `[level, message, fields]`. */
  readonly logged: (readonly ["info" | "warn", string, Readonly<Record<string, unknown>>])[];
}

export function fixture(
  options: OpenContext["options"],
  more: Partial<Pick<OpenContext, "baseDirectory" | "clock" | "format" | "compile">> = {},
): Fixture {
  const logged: Fixture["logged"] = [];
  const clock: Clock = more.clock ?? systemClock;
  return {
    logged,
    context: {
      pipeline: "shop",
      node: "orders",
      options,
      format: more.format ?? { type: "json", options: {} },
      baseDirectory: more.baseDirectory ?? "/",
      clock,
      log: {
        info: (fields, message) => logged.push(["info", message, fields]),
        warn: (fields, message) => logged.push(["warn", message, fields]),
      },
      compile: more.compile ?? (() => () => null),
      toJson: (value) => JSON.stringify(value),
    },
  };
}

export function temporaryDirectory(): { readonly path: string; remove(): void } {
  const path = mkdtempSync(join(tmpdir(), "flow-connectors-"));
  return { path, remove: () => rmSync(path, { recursive: true, force: true }) };
}

export interface PartRead {
  readonly name: string;
  readonly startOffset: number;
  readonly text: string;
}

/** Reads all parts as the engine does: through one small buffer that is used again. */
export async function readParts(source: SourceConnector, bufferBytes = 7): Promise<PartRead[]> {
  const bytes = bytesSource(source);
  const parts: PartRead[] = [];
  for (let part = await bytes.nextPart(); part !== undefined; part = await bytes.nextPart()) {
    const chunks: Buffer[] = [];
    const buffer = new Uint8Array(bufferBytes);
    for (let count = await part.read(buffer, 0); count > 0; count = await part.read(buffer, 0))
      chunks.push(Buffer.from(buffer.slice(0, count)));
    await part.close();
    parts.push({ name: part.name, startOffset: part.startOffset, text: Buffer.concat(chunks).toString("utf8") });
  }
  await bytes.close(false);
  return parts;
}

export function bytesSource(source: SourceConnector): ByteSource {
  if (source.kind !== "bytes") throw new Error("not a source of bytes");
  return source;
}

export async function openSource(connector: Connector, context: OpenContext): Promise<SourceConnector> {
  if (connector.openSource === undefined) throw new Error(`${connector.type} is no source`);
  return connector.openSource(context);
}

export async function openTable(connector: Connector, context: OpenContext): Promise<SourceConnector> {
  return connector.openTable === undefined ? openSource(connector, context) : connector.openTable(context);
}

export async function openSink(connector: Connector, context: OpenContext): Promise<SinkConnector> {
  if (connector.openSink === undefined) throw new Error(`${connector.type} is no sink`);
  return connector.openSink(context);
}

/** Writes texts, each as a block whose memory is used again afterwards, and ends well. */
export async function writeAll(sink: SinkConnector, texts: readonly string[]): Promise<void> {
  await writeBlocks(sink, texts);
  await sink.flush();
  await sink.commit();
}

export async function writeBlocks(sink: SinkConnector, texts: readonly string[]): Promise<void> {
  if (sink.kind !== "bytes") throw new Error("not a sink of bytes");
  for (const text of texts) {
    const block = new TextEncoder().encode(text);
    await sink.write(block);
    block.fill(0x21);
  }
}
