/**
 * What one JSON text of a program is: a frame, an event, or neither. Events are most of what comes, so they are told apart by looking for a few words, not by
 * parsing: only a text that may be a frame, or that does not show that it is an event, is parsed. An event's text goes on as it came and is parsed by the engine.
 */

export type EndFrame =
  | { readonly type: "Ack"; readonly id: string | undefined }
  | { readonly type: "Retry" | "Reject"; readonly id: string | undefined; readonly reason: string };

export type Frame =
  | EndFrame
  | { readonly type: "ChunkStart" | "ChunkEnd"; readonly id: string | undefined }
  | { readonly type: "garbage" };

const garbage: Frame = { type: "garbage" };
const longestReason = 1_000;

/** The frame, or undefined where the text is an event or a `Data` frame. `text` has no line end. */
export function frameIn(text: string): Frame | undefined {
  if (text.charCodeAt(0) !== brace || text.charCodeAt(text.length - 1) !== closingBrace) {
    const inner = text.trim();
    return inner.startsWith("{") && inner.endsWith("}") ? frameIn(inner) : garbage;
  }
  if (beginsAsEvent(text)) return undefined;
  return mayBeFrame(text) || !text.includes('"specversion"') ? parsedFrame(text) : undefined;
}

/** Its first member says so; most lines are of this kind. */
function beginsAsEvent(text: string): boolean {
  switch (text.charCodeAt(2)) {
    case 0x73:
      return text.startsWith('{"specversion":');
    case 0x64:
      return text.startsWith('{"data":') || text.startsWith('{"data_base64":');
    case 0x74:
      return text.startsWith('{"type":"Data","event":{');
    default:
      return false;
  }
}

const brace = 0x7b;
const closingBrace = 0x7d;
const quote = 0x22;
const colon = 0x3a;
const space = 0x20;

/** A `"type"` in it, at whatever depth, is that of a frame other than `Data`. */
function mayBeFrame(text: string): boolean {
  for (let at = text.indexOf('"type"'); at >= 0; at = text.indexOf('"type"', at)) {
    at += 6;
    while (text.charCodeAt(at) <= space) at++;
    if (text.charCodeAt(at) !== colon) continue;
    at++;
    while (text.charCodeAt(at) <= space) at++;
    if (text.charCodeAt(at) !== quote) continue;
    if (isFrameType(text, at + 1)) return true;
  }
  return false;
}

function isFrameType(text: string, at: number): boolean {
  switch (text.charCodeAt(at)) {
    case 0x41:
      return text.startsWith('Ack"', at);
    case 0x52:
      return text.startsWith('Retry"', at) || text.startsWith('Reject"', at);
    case 0x43:
      return text.startsWith('ChunkEnd"', at) || text.startsWith('ChunkStart"', at);
    case 0x5c:
      // Written with an escape: whoever does so gets a full look.
      return true;
    default:
      return false;
  }
}

function parsedFrame(text: string): Frame | undefined {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return garbage;
  }
  return isObject(value) ? frameOf(value) : garbage;
}

/** As `frameIn`, of the parsed text. */
export function frameOf(value: Readonly<Record<string, unknown>>): Frame | undefined {
  const isPlain = !("specversion" in value) && !("data" in value) && !("data_base64" in value);
  if (!isPlain) return undefined;
  switch (value.type) {
    case "Ack":
    case "ChunkStart":
    case "ChunkEnd":
      return isGivenId(value.id) ? { type: value.type, id: value.id ?? undefined } : garbage;
    case "Retry":
    case "Reject":
      return isGivenId(value.id)
        ? { type: value.type, id: value.id ?? undefined, reason: reasonOf(value.reason) }
        : garbage;
    case "Data":
      return isObject(value.event) ? undefined : garbage;
    default:
      // An event has data, or says that it is one; a line of some logger does neither.
      return garbage;
  }
}

function isGivenId(id: unknown): id is string | null | undefined {
  return typeof id === "string" || id === null || id === undefined;
}

function reasonOf(reason: unknown): string {
  if (typeof reason === "string" && reason.trim() !== "") return reason.slice(0, longestReason);
  return reason === undefined || reason === null || reason === ""
    ? "the program gave no reason"
    : JSON.stringify(reason).slice(0, longestReason);
}

export function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
