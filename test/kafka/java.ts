/** Kafka's own Java code, as an independent writer and reader: runs `java/Records.java` with the jars of the broker. */
import { spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";

/** Bytes in hex, null as null. */
export interface JavaRecord {
  readonly timestampMs: number;
  readonly key: string | null;
  readonly value: string | null;
  readonly headers: readonly (readonly [name: string, value: string | null])[];
}

/** With the Java producer, to partition 0 of each topic. */
export async function javaProduce(
  bootstrap: string,
  compressionByTopic: ReadonlyMap<string, string>,
  records: readonly JavaRecord[],
): Promise<void> {
  const topics = Array.from(compressionByTopic, ([topic, compression]) => `${topic}=${compression}`);
  await java(["produce", bootstrap, ...topics], records.map(lineOf).join(""));
}

/** With the Java consumer, of partition 0 from the start, read committed; fewer when so many do not come. By topic. */
export async function javaConsume(
  bootstrap: string,
  count: number,
  topics: readonly string[],
): Promise<ReadonlyMap<string, readonly JavaRecord[]>> {
  const lines = (await java(["consume", bootstrap, String(count), ...topics], "")).split("\n").slice(0, -1);
  return new Map(
    topics.map((topic) => [
      topic,
      lines.filter((line) => line.startsWith(`${topic}\t`)).map((line) => recordOf(line.slice(topic.length + 1))),
    ]),
  );
}

const hexOf = (hex: string | null): string => hex ?? "-";
const ofHex = (hex: string | undefined): string | null => (hex === undefined || hex === "-" ? null : hex);

function lineOf({ timestampMs, key, value, headers }: JavaRecord): string {
  return `${[timestampMs, hexOf(key), hexOf(value), ...headers.map(([name, content]) => `${name}=${hexOf(content)}`)].join("\t")}\n`;
}

function recordOf(line: string): JavaRecord {
  const [timestamp, key, value, ...headers] = line.split("\t");
  return {
    timestampMs: Number(timestamp),
    key: ofHex(key),
    value: ofHex(value),
    headers: headers.map((header) => {
      const equals = header.lastIndexOf("=");
      return [header.slice(0, equals), ofHex(header.slice(equals + 1))] as const;
    }),
  };
}

/** @returns what it wrote. @throws with what it said when it fails */
function java(args: readonly string[], input: string): Promise<string> {
  const options = ["-XX:TieredStopAtLevel=1", "-Dfile.encoding=UTF-8", "-cp", jars()];
  const source = join(import.meta.dirname, "java", "Records.java");
  const child = spawn(process.env.JAVA ?? "java", [...options, source, ...args], { stdio: "pipe", timeout: 60_000 });
  child.stdin.on("error", () => {});
  child.stdin.end(input);
  return new Promise((resolve, reject) => {
    const [out, error]: [Buffer[], Buffer[]] = [[], []];
    child.stdout.on("data", (chunk: Buffer) => out.push(chunk));
    child.stderr.on("data", (chunk: Buffer) => error.push(chunk));
    child.on("error", reject);
    child.on("close", (code) => {
      if (code === 0) resolve(Buffer.concat(out).toString());
      else reject(new Error(`java ended with ${code}: ${Buffer.concat(error).toString().slice(-2_000)}`));
    });
  });
}

function jars(): string {
  const cache = process.env.KAFKA_CACHE ?? join(process.env.XDG_CACHE_HOME ?? join(homedir(), ".cache"), "kafka-test");
  const version = /<version>(.*?)<\/version>/.exec(readFileSync(join(import.meta.dirname, "pom.xml"), "utf8"))?.[1];
  return join(cache, version ?? "", "lib", "*");
}
