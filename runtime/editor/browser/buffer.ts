/**
 * Node's `Buffer` where there is no Node: as much of it as the engine uses, with the same results. The build of the web worker puts it in the place of
 * Node's; a test compares the two. Plain rather than fast: in a browser a pipeline runs on a handful of events.
 */

type Encoding = "utf8" | "latin1" | "utf16le" | "base64" | "hex";

const encoder = new TextEncoder();
const decoder = new TextDecoder("utf-8", { ignoreBOM: true });
const strictDecoder = new TextDecoder("utf-8", { fatal: true });
const utf16Decoder = new TextDecoder("utf-16le", { ignoreBOM: true });

class BrowserBuffer extends Uint8Array<ArrayBuffer> {
  static alloc(sizeBytes: number): BrowserBuffer {
    return new BrowserBuffer(new ArrayBuffer(sizeBytes));
  }

  static allocUnsafeSlow(sizeBytes: number): BrowserBuffer {
    return new BrowserBuffer(new ArrayBuffer(sizeBytes));
  }

  static byteLength(text: string): number {
    return encoder.encode(text).length;
  }

  static compare(left: Uint8Array, right: Uint8Array): number {
    const shared = Math.min(left.length, right.length);
    for (let i = 0; i < shared; i++) if (left[i] !== right[i]) return left[i]! < right[i]! ? -1 : 1;
    return Math.sign(left.length - right.length);
  }

  /** Shares memory with an `ArrayBuffer`, copies everything else. */
  static make(
    source: string | ArrayBuffer | ArrayLike<number>,
    encodingOrOffset?: string | number,
    length?: number,
  ): BrowserBuffer {
    if (typeof source === "string") return copyOf(bytesOf(source, (encodingOrOffset ?? "utf8") as Encoding));
    if (source instanceof ArrayBuffer) return new BrowserBuffer(source, Number(encodingOrOffset ?? 0), length);
    return copyOf(source);
  }

  override subarray(start?: number, end?: number): BrowserBuffer {
    return super.subarray(start, end) as BrowserBuffer;
  }

  override toString(encoding: Encoding = "utf8", start = 0, end = this.length): string {
    return textOf(this.subarray(start, end), encoding);
  }

  copy(target: Uint8Array, at = 0, start = 0, end = this.length): number {
    const part = Uint8Array.prototype.subarray.call(this, start, Math.min(end, start + target.length - at));
    target.set(part, at);
    return part.length;
  }

  write(text: string, at: number, encoding: Encoding): number {
    const bytes = bytesOf(text, encoding);
    this.set(bytes, at);
    return bytes.length;
  }

  readDoubleLE(at: number): number {
    return viewOf(this).getFloat64(at, true);
  }

  writeDoubleLE(value: number, at: number): number {
    viewOf(this).setFloat64(at, value, true);
    return at + 8;
  }
}

/** `from` and `of` of typed arrays have other parameters, so it is put there by name. */
Object.defineProperty(BrowserBuffer, "from", { value: BrowserBuffer.make });

export const Buffer = BrowserBuffer;

export function isUtf8(bytes: Uint8Array): boolean {
  try {
    strictDecoder.decode(bytes);
    return true;
  } catch {
    return false;
  }
}

export const isAscii = (bytes: Uint8Array): boolean => bytes.every((byte) => byte < 0x80);

function copyOf(bytes: ArrayLike<number>): BrowserBuffer {
  const copy = BrowserBuffer.alloc(bytes.length);
  copy.set(bytes);
  return copy;
}

const viewOf = ({ buffer, byteOffset, length }: Uint8Array): DataView => new DataView(buffer, byteOffset, length);

function bytesOf(text: string, encoding: Encoding): ArrayLike<number> {
  switch (encoding) {
    case "latin1":
      return Uint8Array.from(text, (character) => character.charCodeAt(0));
    case "utf16le":
      return Array.from({ length: text.length * 2 }, (_, i) => (text.charCodeAt(i >> 1) >> ((i & 1) * 8)) & 0xff);
    case "base64":
      return Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
    case "hex":
      return Array.from({ length: text.length >> 1 }, (_, i) => Number.parseInt(text.slice(i * 2, i * 2 + 2), 16));
    default:
      return encoder.encode(text);
  }
}

function textOf(bytes: Uint8Array, encoding: Encoding): string {
  switch (encoding) {
    case "latin1":
      return characters(bytes);
    case "utf16le":
      return utf16Decoder.decode(bytes);
    case "base64":
      return btoa(characters(bytes));
    case "hex":
      return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
    default:
      return decoder.decode(bytes);
  }
}

const characters = (bytes: Uint8Array): string => Array.from(bytes, (byte) => String.fromCharCode(byte)).join("");
