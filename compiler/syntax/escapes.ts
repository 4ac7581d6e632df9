/** The value of a string or bytes literal, from its text. The escapes are CEL's. */

export interface BadEscape {
  /** Offsets inside the literal's text. */
  readonly start: number;
  readonly end: number;
  readonly reason: string;
}

export interface Decoded<T> {
  readonly value: T;
  readonly bad: readonly BadEscape[];
}

const simpleEscapes: Readonly<Record<string, string>> = {
  a: "\x07",
  b: "\b",
  f: "\f",
  n: "\n",
  r: "\r",
  t: "\t",
  v: "\v",
  "\\": "\\",
  "?": "?",
  '"': '"',
  "'": "'",
  "`": "`",
};

interface Body {
  readonly text: string;
  /** Offset of `text` in the literal. */
  readonly offset: number;
  readonly isRaw: boolean;
}

const opening = /^([bB]?)([rR]?)("""|'''|"|')/;

/** Cuts prefix and quotes off; a missing closing quote is no matter here. */
function bodyOf(raw: string): Body {
  const [start = "", , rawPrefix = "", quote = '"'] = opening.exec(raw) ?? [];
  const isClosed = raw.length >= start.length + quote.length && raw.endsWith(quote);
  const text = raw.slice(start.length, isClosed ? raw.length - quote.length : raw.length);
  return { text, offset: start.length, isRaw: rawPrefix !== "" };
}

export function decodeString(raw: string): Decoded<string> {
  if (raw.charCodeAt(0) === 34 && raw.length > 1 && raw.charCodeAt(1) !== 34 && !raw.includes("\\")) {
    return { value: raw.charCodeAt(raw.length - 1) === 34 ? raw.slice(1, -1) : raw.slice(1), bad: [] };
  }
  const bad: BadEscape[] = [];
  let value = "";
  forEachPart(bodyOf(raw), bad, {
    text: (text) => {
      value += text;
    },
    byte: (code) => {
      value += String.fromCharCode(code);
    },
    codePoint: (code) => {
      value += String.fromCodePoint(code);
    },
  });
  return { value, bad };
}

const encoder = new TextEncoder();

export function decodeBytes(raw: string): Decoded<Uint8Array> {
  const bad: BadEscape[] = [];
  const bytes: number[] = [];
  const body = bodyOf(raw);
  forEachPart(body, bad, {
    text: (text) => {
      for (const byte of encoder.encode(text)) bytes.push(byte);
    },
    byte: (code) => bytes.push(code),
    codePoint: undefined,
  });
  return { value: Uint8Array.from(bytes), bad };
}

interface Sink {
  text(text: string): void;
  byte(code: number): void;
  /** Undefined where `\u` is not allowed: in bytes. */
  readonly codePoint: ((code: number) => void) | undefined;
}

function forEachPart(body: Body, bad: BadEscape[], sink: Sink): void {
  const text = body.text.includes("\r") ? body.text : undefined;
  if (body.isRaw || !body.text.includes("\\")) {
    sink.text(text === undefined ? body.text : normalised(text));
    return;
  }
  let from = 0;
  for (let at = body.text.indexOf("\\"); at !== -1; at = body.text.indexOf("\\", from)) {
    if (at > from) sink.text(normalised(body.text.slice(from, at)));
    from = at + escapeAt(body, at, bad, sink);
  }
  if (from < body.text.length) sink.text(normalised(body.text.slice(from)));
}

/** CEL: line ends inside a literal count as `\n`, however the file has them. */
const normalised = (text: string): string => text.replace(/\r\n?/g, "\n");

/** Handles the escape at `at`; gives its length. */
function escapeAt(body: Body, at: number, bad: BadEscape[], sink: Sink): number {
  const letter = body.text[at + 1] ?? "";
  const simple = Object.hasOwn(simpleEscapes, letter) ? simpleEscapes[letter] : undefined;
  if (simple !== undefined) {
    sink.text(simple);
    return 2;
  }
  const refuse = (length: number, reason: string): number => {
    bad.push({ start: body.offset + at, end: body.offset + Math.min(at + length, body.text.length), reason });
    return Math.min(length, body.text.length - at);
  };
  const hexLength = { x: 2, X: 2, u: 4, U: 8 }[letter];
  if (hexLength !== undefined) {
    const digits = /^[0-9a-fA-F]*/.exec(body.text.slice(at + 2, at + 2 + hexLength))![0];
    if (digits.length < hexLength) return refuse(2 + digits.length, `needs ${hexLength} hexadecimal digits`);
    const code = Number.parseInt(digits, 16);
    if (letter === "x" || letter === "X") sink.byte(code);
    else if (sink.codePoint === undefined) return refuse(2 + hexLength, "has no place in bytes");
    else if (code > 0x10ffff || (code >= 0xd800 && code <= 0xdfff))
      return refuse(2 + hexLength, "is no Unicode character");
    else sink.codePoint(code);
    return 2 + hexLength;
  }
  if (letter >= "0" && letter <= "7") {
    const digits = /^[0-3]?[0-7]{0,2}/.exec(body.text.slice(at + 1, at + 4))![0];
    if (digits.length < 3) return refuse(1 + Math.max(1, digits.length), "needs three octal digits, at most 377");
    sink.byte(Number.parseInt(digits, 8));
    return 4;
  }
  return refuse(letter === "" ? 1 : 2, "is no escape");
}
