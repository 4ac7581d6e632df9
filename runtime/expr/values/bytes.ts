/** A byte string of an expression. In JSON it is base64. */

export class Bytes extends Uint8Array<ArrayBuffer> {
  /** Copies. */
  constructor(source: Uint8Array | readonly number[]) {
    super(new ArrayBuffer(source.length));
    this.set(source);
  }

  /** What `slice`, `map` and their like give. */
  static get [Symbol.species](): Uint8ArrayConstructor {
    return Uint8Array;
  }

  toJSON(): string {
    return bytesToBase64(this);
  }
}

export function bytesOf(source: Uint8Array | readonly number[]): Bytes {
  return new Bytes(source);
}

export function bytesToBase64(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString("base64");
}

const base64Text = /^[A-Za-z0-9+/]*={0,2}$/;

/** Standard alphabet, padding optional. `undefined` when the text is not base64. */
export function bytesFromBase64(text: string): Bytes | undefined {
  if (!base64Text.test(text)) return undefined;
  const digits = text.replace(/=+$/, "").length;
  if (digits % 4 === 1 || (digits !== text.length && text.length % 4 !== 0)) return undefined;
  return bytesOf(Buffer.from(text, "base64"));
}

const encoder = new TextEncoder();
const strictDecoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

export function utf8(text: string): Bytes {
  return bytesOf(encoder.encode(text));
}

/** `undefined` when the bytes are not UTF-8. */
export function utf8Text(bytes: Uint8Array): string | undefined {
  try {
    return strictDecoder.decode(bytes);
  } catch {
    return undefined;
  }
}
