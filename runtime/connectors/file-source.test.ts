import { spawn, spawnSync } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { file } from "./file.ts";
import { bytesSource, fixture, openSource, openTable, readParts, temporaryDirectory } from "./open-context.fixture.ts";

let directory: ReturnType<typeof temporaryDirectory>;
beforeEach(() => {
  directory = temporaryDirectory();
});
afterEach(() => directory.remove());

function write(name: string, content: string | Uint8Array): void {
  mkdirSync(join(directory.path, name, ".."), { recursive: true });
  writeFileSync(join(directory.path, name), content);
}

function contextFor(path: string, type: "json" | "bytes" | "csv" = "json") {
  return fixture({ path }, { baseDirectory: directory.path, format: { type, options: {} } });
}

async function read(path: string, type: "json" | "bytes" = "json") {
  return readParts(await openSource(file, contextFor(path, type).context));
}

describe("a file source", () => {
  it("reads a file byte for byte, its last line without an end too", async () => {
    write("a.ndjson", '{"id":1}\r\n\n{"id":"é"}');
    expect(await read("a.ndjson")).toEqual([{ name: "a.ndjson", startOffset: 0, text: '{"id":1}\r\n\n{"id":"é"}' }]);
  });

  it("reads an empty file as a part without bytes", async () => {
    write("empty.ndjson", "");
    expect(await read("empty.ndjson")).toEqual([{ name: "empty.ndjson", startOffset: 0, text: "" }]);
  });

  it("leaves a byte order mark out and counts it in the offset, except for the format bytes", async () => {
    write("bom.ndjson", "\uFEFF1\n");
    write("bom.ndjson.gz", gzipSync("\uFEFF1\n"));
    expect(await read("bom.ndjson")).toEqual([{ name: "bom.ndjson", startOffset: 3, text: "1\n" }]);
    expect(await read("bom.ndjson.gz")).toEqual([{ name: "bom.ndjson.gz", startOffset: 3, text: "1\n" }]);
    expect(await read("bom.ndjson", "bytes")).toEqual([{ name: "bom.ndjson", startOffset: 0, text: "\uFEFF1\n" }]);
  });

  it("reads the files of a glob in order of their names, as parts of one stream, and no folders", async () => {
    for (const name of ["logs/b.ndjson", "logs/a.ndjson", "logs/A.ndjson", "logs/deep/c.ndjson", "logs/x.txt"])
      write(name, `${name}\n`);
    mkdirSync(join(directory.path, "logs/folder.ndjson"));
    expect((await read("logs/*.ndjson")).map((part) => part.text)).toEqual([
      "logs/A.ndjson\n",
      "logs/a.ndjson\n",
      "logs/b.ndjson\n",
    ]);
    expect((await read("logs/**/{a,c}.ndjson")).map((part) => part.name)).toEqual([
      "logs/a.ndjson",
      "logs/deep/c.ndjson",
    ]);
  });

  it("takes a file whose name only looks like a glob", async () => {
    write("odd[1].ndjson", "odd\n");
    expect(await read("odd[1].ndjson")).toEqual([{ name: "odd[1].ndjson", startOffset: 0, text: "odd\n" }]);
  });

  it("says what to do when nothing is there", async () => {
    await expect(read("nothing.ndjson")).rejects.toThrow(
      `There is no file 'nothing.ndjson' for 'orders' to read. Relative paths begin in '${directory.path}'.`,
    );
    await expect(read("no*.ndjson")).rejects.toThrow("No file fits 'no*.ndjson', which 'orders' reads.");
    mkdirSync(join(directory.path, "logs"));
    await expect(read("logs/")).rejects.toThrow(
      "'logs/', which 'orders' reads, is a folder. To read its files say 'logs/*'.",
    );
  });

  it("reads gzip of several members, with offsets of the decompressed text", async () => {
    const half = "x".repeat(300_000);
    write("two.gz", Buffer.concat([gzipSync(`${half}\n`), gzipSync("second\n")]));
    const [part] = await readParts(await openSource(file, contextFor("two.gz").context), 100_000);
    expect(part?.text === `${half}\nsecond\n`).toBe(true);
  });

  it("fails when gzip data is cut off or damaged", async () => {
    const whole = gzipSync(Buffer.from(Array.from({ length: 100_000 }, (_, i) => i % 251)));
    write("cut.gz", whole.subarray(0, whole.length - 20));
    write("bad.gz", "not gzip at all");
    await expect(read("cut.gz")).rejects.toThrow(
      "'orders' cannot read on in 'cut.gz': its gzip data ends in the middle, so the file was cut off.",
    );
    await expect(read("bad.gz")).rejects.toThrow("'orders' cannot read on in 'bad.gz': its gzip data is damaged");
  });

  it("fails on something else after the end of gzip data, and takes zeros there as padding", async () => {
    write("more.gz", Buffer.concat([gzipSync("a\n"), Buffer.from("garbage")]));
    await expect(read("more.gz")).rejects.toThrow("its gzip data is damaged");
    write("padded.gz", Buffer.concat([gzipSync("a\n"), Buffer.alloc(1000)]));
    expect((await read("padded.gz"))[0]?.text).toBe("a\n");
  });

  it("reads a named pipe", async () => {
    spawnSync("mkfifo", [join(directory.path, "pipe")]);
    const reading = read("pipe");
    const writer = spawnAsync("sh", ["-c", `printf '1\\n2\\n' > '${join(directory.path, "pipe")}'`]);
    expect(await reading).toEqual([{ name: "pipe", startOffset: 0, text: "1\n2\n" }]);
    await writer;
  });

  it("stops waiting for a named pipe that nobody writes", async () => {
    spawnSync("mkfifo", [join(directory.path, "silent")]);
    const source = bytesSource(await openSource(file, contextFor("silent").context));
    const waiting = source.nextPart();
    // The wait is a thread's; it begins some time after the call.
    const stopping = setInterval(() => source.stop(), 10);
    const part = await waiting;
    clearInterval(stopping);
    expect(part === undefined ? 0 : await part.read(new Uint8Array(10), 0)).toBe(0);
    await source.close(true);
  });

  it("stops waiting for a writer that holds a named pipe open and is silent", async () => {
    spawnSync("mkfifo", [join(directory.path, "held")]);
    const writer = spawnAsync("sh", ["-c", `exec 3> '${join(directory.path, "held")}'; echo 123 >&3; read line`]);
    const source = bytesSource(await openSource(file, contextFor("held").context));
    const part = (await source.nextPart())!;
    expect(await part.read(new Uint8Array(10), 0)).toBe(4);
    const waiting = part.read(new Uint8Array(10), 0);
    source.stop();
    expect(await waiting).toBe(0);
    await source.close(true);
    await writer;
  });

  it("ends at the next read when it is stopped", async () => {
    write("long.ndjson", "1\n2\n3\n");
    const source = bytesSource(await openSource(file, contextFor("long.ndjson").context));
    const part = (await source.nextPart())!;
    expect(await part.read(new Uint8Array(2), 0)).toBe(2);
    source.stop();
    expect([await part.read(new Uint8Array(2), 0), await source.nextPart()]).toEqual([0, undefined]);
    await source.close(true);
  });

  it("gives the time at which the file was changed", async () => {
    write("timed.ndjson", "1\n");
    const source = bytesSource(await openSource(file, contextFor("timed.ndjson").context));
    const part = await source.nextPart();
    expect(Math.abs((part?.timeMs ?? 0) - Date.now())).toBeLessThan(60_000);
    await source.close(false);
  });
});

describe("a table from a file", () => {
  const lines = async (content: string, bufferBytes?: number) => {
    write("table.json", content);
    const [part] = await readParts(await openTable(file, contextFor("table.json").context), bufferBytes);
    return part!.text;
  };

  it("takes JSON lines as they are", async () => {
    expect(await lines('{"a":[1,2]}\n{"a":3}\n')).toBe('{"a":[1,2]}\n{"a":3}\n');
  });

  it.each([1, 2, 7, 1000])(
    "puts each row of a JSON array on a line of its own without moving a byte (%i bytes at a time)",
    async (bufferBytes) => {
      const array = ' [\n  {"a": [1,\r\n 2], "s": "],\\"[\\n"} ,\n{"b":2},3]\n';
      const rewritten = await lines(array, bufferBytes);
      expect(rewritten.length).toBe(array.length);
      expect(
        rewritten
          .split("\n")
          .filter((line) => line.trim() !== "")
          .map((line) => JSON.parse(line)),
      ).toEqual(JSON.parse(array));
      expect(rewritten.indexOf('{"b"')).toBe(array.indexOf('{"b"'));
    },
  );

  it("takes an empty array as no rows", async () => {
    expect((await lines(" [ ] ")).trim()).toBe("");
  });

  it("refuses an array that does not close, or has something behind it", async () => {
    await expect(lines('[{"a":1}')).rejects.toThrow(
      "The JSON array in 'table.json', which 'orders' reads, ends before it closes.",
    );
    await expect(lines("[1] 2")).rejects.toThrow("is followed by something else");
  });

  it("leaves csv alone", async () => {
    write("table.csv", "[a,b]\n1,2\n");
    expect((await readParts(await openTable(file, contextFor("table.csv", "csv").context)))[0]?.text).toBe(
      "[a,b]\n1,2\n",
    );
  });
});

/** Runs beside the test, which reads what it writes. */
function spawnAsync(command: string, args: readonly string[]): Promise<void> {
  return new Promise((resolve, reject) => {
    spawn(command, args, { stdio: "ignore" })
      .on("exit", () => resolve())
      .on("error", reject);
  });
}
