/**
 * A file for each chunk, where the path names it: written beside its place and put there once the chunk is whole, so that a reader never sees half of one, and
 * durable before the chunk counts as taken. A chunk that comes again, in another run or after a crash, replaces its file.
 *
 * A path that has only the key: later chunks of a key in the same run get `~2`, `~3`, … behind it, which no name of a key has.
 */
import { closeSync, fdatasync, lstatSync, openSync, readdirSync, renameSync } from "node:fs";
import { basename, dirname, join, resolve } from "node:path";
import { promisify } from "node:util";
import type { PathPart } from "../../compiler/contract/path-template.ts";
import type { Chunk } from "../engine/chunk.ts";
import type { ByteSink, OpenContext } from "../engine/connector.ts";
import { RuntimeError } from "../engine/runtime-error.ts";
import { blockWriter } from "./block-writer.ts";
import { keyName, safeName } from "./chunk-name.ts";
import { syncFolder } from "./sync-folder.ts";
import { isRunning, remove } from "./unfinished-file.ts";

const syncData = promisify(fdatasync);

/** What the sink of files has for all its ways of writing. */
export interface FileWays {
  makeFolder(folder: string): void;
  explain(error: unknown, path: string): Error;
}

/** @param parts of the path, a placeholder among them */
export function openChunkFiles(parts: readonly PathPart[], context: OpenContext, ways: FileWays): ByteSink {
  const files = new ChunkFiles(parts, context, ways);
  return {
    kind: "bytes",
    write: () => {
      throw new RuntimeError("bad-config", `'${context.node}' writes a file for each chunk, and this is no chunk.`);
    },
    writeChunk: (chunk, blocks) => files.write(chunk, blocks),
    flush: () => {},
    checkpoint: () => files.position(),
    commit: () => files.syncFolders(),
    // A file that is in its place is whole.
    abort: () => {},
    leave: () => files.syncFolders(),
  };
}

class ChunkFiles {
  private readonly parts: readonly PathPart[];
  private readonly context: OpenContext;
  private readonly ways: FileWays;
  /** How many chunks of a key there were, by its name; kept where the path does not tell them apart. */
  private readonly countByName: Map<string, number> | undefined;
  private readonly isGzip: boolean;
  /** Folders that were looked into, and those in which there are new names since they were last made durable. */
  private readonly folders = new Set<string>();
  private readonly touched = new Set<string>();

  constructor(parts: readonly PathPart[], context: OpenContext, ways: FileWays) {
    this.parts = parts;
    this.context = context;
    this.ways = ways;
    const last = parts.at(-1);
    this.isGzip = last?.kind === "text" && last.text.endsWith(".gz");
    const namesChunk = parts.some((part) => part.kind === "placeholder" && part.name === "chunk");
    this.countByName = namesChunk ? undefined : new Map(countsOf(context.kept?.position));
  }

  async write(chunk: Chunk, blocks: readonly Uint8Array[]): Promise<void> {
    const path = this.pathOf(chunk);
    const place = resolve(this.context.baseDirectory, path);
    const temporary = join(dirname(place), `.${basename(place)}.${process.pid}.chunk.partial`);
    try {
      this.enter(dirname(place));
      refuseOther(place, path, this.context);
      await this.writeWhole(temporary, path, blocks);
      renameSync(temporary, place);
    } catch (error) {
      remove(temporary);
      throw error instanceof RuntimeError ? error : this.ways.explain(error, path);
    }
    this.touched.add(dirname(place));
    // Only now: a chunk that is tried again keeps its name.
    this.countByName?.set(this.nameOf(chunk), this.numberOf(chunk));
  }

  private async writeWhole(file: string, path: string, blocks: readonly Uint8Array[]): Promise<void> {
    const fd = openSync(file, "w", 0o666);
    try {
      const plain = blockWriter(fd, (error) => this.ways.explain(error, path));
      const writer = this.isGzip ? (await import("./gzip-writer.ts")).gzipWriter(plain) : plain;
      for (const block of blocks) await writer.write(block);
      await writer.end();
      await syncData(fd);
    } finally {
      closeSync(fd);
    }
  }

  private pathOf(chunk: Chunk): string {
    const number = this.countByName === undefined ? 1 : this.numberOf(chunk);
    return this.parts
      .map((part) => {
        if (part.kind !== "placeholder") return part.text;
        if (part.name === "chunk") return safeName(chunk.id);
        return number === 1 ? this.keyOf(chunk) : `${this.keyOf(chunk)}~${number}`;
      })
      .join("");
  }

  /** Of the chunk that comes now, among those of its key. */
  private numberOf(chunk: Chunk): number {
    return (this.countByName?.get(this.nameOf(chunk)) ?? 0) + 1;
  }

  /** Some file systems do not tell letters from capital ones. */
  private nameOf(chunk: Chunk): string {
    return this.keyOf(chunk).toLowerCase();
  }

  private keyOf(chunk: Chunk): string {
    return keyName(chunk.key, this.context.toJson);
  }

  /** Before the first file in a folder. */
  private enter(folder: string): void {
    if (this.folders.has(folder)) return;
    this.ways.makeFolder(folder);
    clearPartial(folder);
    this.folders.add(folder);
  }

  /** The names that there are survive the loss of power from here on; what comes next is named as it would have been. */
  position(): unknown {
    this.syncFolders();
    return { counts: [...(this.countByName ?? [])] };
  }

  syncFolders(): void {
    for (const folder of this.touched) syncFolder(folder);
    this.touched.clear();
  }
}

function countsOf(position: unknown): readonly (readonly [string, number])[] {
  const counts = typeof position === "object" && position !== null && "counts" in position ? position.counts : [];
  return Array.isArray(counts) ? counts.map(([name, count]) => [String(name), Number(count)] as const) : [];
}

/** A chunk takes the place of a file, or of a link, but of nothing else. */
function refuseOther(place: string, path: string, { node }: OpenContext): void {
  const stat = lstatSync(place, { throwIfNoEntry: false });
  if (stat === undefined || stat.isFile() || stat.isSymbolicLink()) return;
  throw new RuntimeError("sink-unavailable", `'${path}', which '${node}' writes, is there and is no file.`);
}

/** What runs left behind that were killed in the middle of a chunk. */
function clearPartial(folder: string): void {
  for (const name of readdirSync(folder)) {
    const match = /^\..+\.(\d{1,10})\.chunk\.partial$/.exec(name);
    if (match !== null && !isRunning(Number(match[1]))) remove(join(folder, name));
  }
}
