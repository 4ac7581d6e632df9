import { spawnSync } from "node:child_process";
import {
  chmodSync,
  closeSync,
  existsSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { constants, gunzipSync } from "node:zlib";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { ByteSink, OpenContext } from "../engine/connector.ts";
import { type BlockWriter, blockWriter } from "./block-writer.ts";
import { file } from "./file.ts";
import { gzipWriter } from "./gzip-writer.ts";
import { fixture, openSink, temporaryDirectory, writeAll, writeBlocks } from "./open-context.fixture.ts";

let directory: ReturnType<typeof temporaryDirectory>;
beforeEach(() => {
  directory = temporaryDirectory();
});
afterEach(() => directory.remove());

const at = (name: string) => join(directory.path, name);
const text = (name: string) => readFileSync(at(name), "utf8");

const logged: string[] = [];

async function open(
  options: OpenContext["options"],
  format: OpenContext["format"] = { type: "json", options: {} },
  replayable = true,
): Promise<ByteSink> {
  const { context } = fixture(options, { baseDirectory: directory.path, format });
  const log = { info: () => {}, warn: (_: object, message: string) => void logged.push(message) };
  const sink = await openSink(file, { ...context, replayable, log });
  if (sink.kind !== "bytes") throw new Error("not bytes");
  return sink;
}

const json = { type: "json", options: {} } as const;

describe("a file sink", () => {
  it("puts the file in its place when the run ends well, and not before", async () => {
    writeFileSync(at("out"), "old\n");
    const sink = await open({ path: "out" });
    await writeBlocks(sink, ["1\n", "2\n"]);
    expect(text("out")).toBe("old\n");
    await sink.commit();
    expect([text("out"), readdirSync(directory.path)]).toEqual(["1\n2\n", ["out"]]);
  });

  it("leaves the old file and nothing else when the run fails", async () => {
    writeFileSync(at("out"), "old\n");
    const sink = await open({ path: "out" });
    await writeBlocks(sink, ["1\n"]);
    await sink.abort();
    expect([text("out"), readdirSync(directory.path)]).toEqual(["old\n", ["out"]]);
  });

  it("keeps what a failed run wrote beside the place when the input cannot be read again, and says where", async () => {
    const sink = await open({ path: "out" }, json, false);
    await writeBlocks(sink, ["1\n"]);
    await sink.abort();
    const zipped = await open({ path: "out.gz" }, json, false);
    await writeBlocks(zipped, ["2\n"]);
    await zipped.abort();
    await (await open({ path: "untouched" }, json, false)).abort();
    const kept = readdirSync(directory.path).sort();
    expect(kept).toEqual([`.out.${process.pid}.kept`, `.out.gz.${process.pid}.kept`]);
    expect([text(kept[0]!), gunzipSync(readFileSync(at(kept[1]!))).toString()]).toEqual(["1\n", "2\n"]);
    expect(logged.at(-1)).toBe("the run failed; what it wrote is kept here, since its input cannot be read again");
  });

  it("removes what killed runs left unfinished, of this file and of processes that are gone", async () => {
    const { pid: gone } = spawnSync(process.execPath, ["-e", "0"]);
    const others = [`.out.${process.ppid}.partial`, `.outer.${gone}.partial`, `.out.${gone}.kept`, ".out.x.partial"];
    for (const name of [`.out.${gone}.partial`, ...others]) writeFileSync(at(name), "half");
    await writeAll(await open({ path: "out" }), ["1\n"]);
    expect(readdirSync(directory.path).sort()).toEqual([...others, "out"].sort());
    expect(logged.at(-1)).toContain("an earlier run did not come to its end; what it wrote for 'out' is in this file");
  });

  it.skipIf(process.platform !== "linux")("says it when a file system takes no new folders", async () => {
    await expect(open({ path: "/proc/none/out" })).rejects.toThrow("cannot write the file '/proc/none/out'");
  });

  it("never writes over what an earlier run had to keep", async () => {
    for (const block of ["1\n", "2\n"]) {
      const sink = await open({ path: "out" }, json, false);
      await writeBlocks(sink, [block]);
      await sink.abort();
    }
    expect(readdirSync(directory.path).map(text).sort()).toEqual(["1\n", "2\n"]);
  });

  it("makes an empty file when there were no events", async () => {
    await writeAll(await open({ path: "out" }), []);
    expect(text("out")).toBe("");
  });

  it("keeps the file's mode, and a symbolic link a link", async () => {
    writeFileSync(at("real"), "old\n");
    chmodSync(at("real"), 0o640);
    symlinkSync("real", at("link"));
    await writeAll(await open({ path: "link" }), ["new\n"]);
    expect([text("real"), statSync(at("real")).mode & 0o777, readdirSync(directory.path).sort()]).toEqual([
      "new\n",
      0o640,
      ["link", "real"],
    ]);
  });

  it("compresses when the name ends in .gz", async () => {
    const big = "x".repeat(1_000_000);
    await writeAll(await open({ path: "out.gz" }), ["1\n", big, "\n2\n"]);
    expect(gunzipSync(readFileSync(at("out.gz"))).toString() === `1\n${big}\n2\n`).toBe(true);
    expect(statSync(at("out.gz")).size).toBeLessThan(10_000);
  });

  it("appends, after the line end that the file may lack, and says that it goes on", async () => {
    writeFileSync(at("out"), "old");
    const sink = await open({ path: "out", append: true });
    expect(sink.continues).toBe(true);
    await writeAll(sink, ["1\n"]);
    await writeAll(await open({ path: "out", append: true }), ["2\n"]);
    expect(text("out")).toBe("old\n1\n2\n");
    expect((await open({ path: "new", append: true })).continues).toBe(false);
  });

  it("appends to a gzip file as a further member", async () => {
    await writeAll(await open({ path: "out.gz" }), ["1\n"]);
    await writeAll(await open({ path: "out.gz", append: true }), ["2\n"]);
    expect(gunzipSync(readFileSync(at("out.gz"))).toString()).toBe("1\n2\n");
  });

  it("takes back what a failed run appended", async () => {
    writeFileSync(at("out"), "old\n");
    const sink = await open({ path: "out", append: true });
    await writeBlocks(sink, ["1\n"]);
    expect(text("out")).toBe("old\n1\n");
    await sink.abort();
    expect(text("out")).toBe("old\n");
  });

  it("leaves in the file what a failed run appended when the input cannot be read again", async () => {
    writeFileSync(at("out"), "old\n");
    const sink = await open({ path: "out", append: true }, json, false);
    await writeBlocks(sink, ["1\n"]);
    await sink.abort();
    expect(text("out")).toBe("old\n1\n");
  });

  it("lets a small block of a gzip file reach the disk at once", async () => {
    const sink = await open({ path: "out.gz", append: true });
    await writeBlocks(sink, ["1\n"]);
    expect(gunzipSync(readFileSync(at("out.gz")), { finishFlush: constants.Z_SYNC_FLUSH }).toString()).toBe("1\n");
    await sink.commit();
  });

  it("makes the folders that lack", async () => {
    await writeAll(await open({ path: "a/b/out" }), ["1\n"]);
    expect(text("a/b/out")).toBe("1\n");
  });

  it("writes devices directly", async () => {
    await writeAll(await open({ path: "/dev/null" }), ["1\n"]);
    expect(existsSync(`/dev/.null.${process.pid}.partial`)).toBe(false);
  });

  it("says what to do when the place cannot be written", async () => {
    mkdirSync(at("folder"));
    await expect(open({ path: "folder" })).rejects.toThrow(
      "'folder', which 'orders' writes, is a folder; name a file in it.",
    );
    writeFileSync(at("file"), "");
    await expect(open({ path: "file/out" })).rejects.toThrow("'orders' cannot write the file 'file/out': E");
  });

  it("refuses CloudEvents in binary mode, whose attributes would be lost", async () => {
    await expect(open({ path: "out" }, { type: "cloudevents", options: { mode: "binary" } })).rejects.toThrow(
      "A file has no headers",
    );
  });
});

describe("a writer of blocks", () => {
  it("takes a full disk as worth another try", async () => {
    const fd = openSync("/dev/full", "w");
    const writer = blockWriter(fd, (error) => error as Error);
    expect(() => writer.write(Uint8Array.of(1))).toThrow("ENOSPC");
    expect([writer.writtenBytes(), writer.wholeBytes()]).toEqual([0, 0]);
    closeSync(fd);
  });

  it("does not compress a block twice that comes again because it could not be written", async () => {
    const written: Uint8Array[] = [];
    let failures = 1;
    const file: BlockWriter = {
      write: (block) => {
        if (failures-- > 0) throw new Error("full");
        written.push(block.slice());
      },
      end: () => {},
      writtenBytes: () => 0,
      wholeBytes: () => 0,
    };
    const writer = gzipWriter(file);
    const block = new TextEncoder().encode("1\n");
    await expect(writer.write(block)).rejects.toThrow("full");
    await writer.write(block);
    await writer.end();
    expect(gunzipSync(Buffer.concat(written)).toString()).toBe("1\n");
  });
});
