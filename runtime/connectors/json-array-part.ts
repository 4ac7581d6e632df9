/**
 * Lets a table be one JSON array as well as JSON lines: an array's bytes are rewritten in place so that every row stands on a line of
 * its own. Brackets, commas and blanks between rows become line feeds, line ends inside a row become spaces; no byte moves, so
 * positions stay true, and any size goes through in bounded memory.
 */
import type { BytePart, ByteSource, OpenContext } from "../engine/connector.ts";
import { RuntimeError } from "../engine/runtime-error.ts";

/** All parts of a table's source; other formats than `json` are left alone. */
export function withJsonArrays(source: ByteSource, context: OpenContext): ByteSource {
  if (context.format.type !== "json") return source;
  return {
    ...source,
    nextPart: async () => {
      const part = await source.nextPart();
      return part && jsonArrayPart(part, context);
    },
  };
}

function jsonArrayPart(part: BytePart, context: OpenContext): BytePart {
  const rewriter = new ArrayRewriter();
  const rewrite = (buffer: Uint8Array, at: number, count: number): number => {
    if (count === 0) rewriter.end();
    else rewriter.rewrite(buffer, at, at + count);
    if (rewriter.problem === undefined) return count;
    throw new RuntimeError(
      "source-unavailable",
      `The JSON array in '${part.name}', which '${context.node}' reads, ${rewriter.problem}.`,
    );
  };
  return {
    ...part,
    read: (buffer, at) => {
      const count = part.read(buffer, at);
      return typeof count === "number" ? rewrite(buffer, at, count) : count.then((later) => rewrite(buffer, at, later));
    },
  };
}

const lineFeed = 0x0a;
const carriageReturn = 0x0d;
const space = 0x20;
const quote = 0x22;
const comma = 0x2c;
const backslash = 0x5c;

class ArrayRewriter {
  problem: string | undefined;
  private mode: "before" | "lines" | "array" | "after" = "before";
  private depth = 0;
  private inString = false;
  private escaped = false;

  rewrite(bytes: Uint8Array, from: number, to: number): void {
    for (let at = from; at < to && this.mode !== "lines"; at++) {
      const byte = bytes[at]!;
      if (this.mode === "array") bytes[at] = this.inArray(byte);
      else if (!isBlank(byte)) bytes[at] = this.outsideArray(byte);
    }
  }

  end(): void {
    if (this.mode === "array") this.problem ??= "ends before it closes";
  }

  private outsideArray(byte: number): number {
    if (this.mode === "after") {
      this.problem ??= "is followed by something else";
      return byte;
    }
    if (byte !== 0x5b) {
      this.mode = "lines";
      return byte;
    }
    this.mode = "array";
    this.depth = 1;
    return lineFeed;
  }

  private inArray(byte: number): number {
    if (this.inString) {
      if (this.escaped) this.escaped = false;
      else if (byte === backslash) this.escaped = true;
      else if (byte === quote) this.inString = false;
      return byte;
    }
    if (byte === quote) this.inString = true;
    else if (byte === 0x5b || byte === 0x7b) this.depth++;
    else if (byte === 0x5d || byte === 0x7d) return this.closing(byte);
    else if (this.depth === 1 && (byte === comma || isBlank(byte))) return lineFeed;
    else if (byte === lineFeed || byte === carriageReturn) return space;
    return byte;
  }

  private closing(byte: number): number {
    this.depth--;
    if (this.depth > 0) return byte;
    this.mode = "after";
    return lineFeed;
  }
}

function isBlank(byte: number): boolean {
  return byte === space || byte === lineFeed || byte === carriageReturn || byte === 0x09;
}
