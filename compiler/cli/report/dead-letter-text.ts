/** What `flow deadletter list` prints: for people, or one JSON object a line. */
import { isUtf8 } from "node:buffer";
import type { Entry } from "../deadletter-entry.ts";
import type { DeadLetterPlace } from "../deadletter-place.ts";
import type { Colors } from "../terminal.ts";

const mostShown = 300;

export function deadLetterText(entry: Entry, { bold, dim, red }: Colors): string {
  const { node, operator, at, reason, position, time, key, headers = [], bytes, isOutput, wasReplayed } = entry;
  const where = `${node}${operator === undefined ? "" : ` (${operator})`}`;
  const about = [time, at, wasReplayed ? "replayed" : undefined].filter((one) => one !== undefined && one !== "");
  const lines = [`${bold(position)}  ${where}: ${red(reason)}`];
  if (about.length > 0) lines.push(dim(`  ${about.join(" · ")}`));
  if (key !== undefined && key !== null) lines.push(`  key ${shown(key)}`);
  for (const [name, value] of headers) lines.push(dim(`  ${name}: ${value === null ? "null" : shown(value)}`));
  lines.push(`  ${isOutput ? "was to be written: " : ""}${bytes === null ? dim("no value") : shown(bytes)}`);
  return `${lines.join("\n")}\n`;
}

export function deadLetterJson(entry: Entry, { name }: DeadLetterPlace): string {
  const { place, node, operator, at, reason, position, time, key, headers, bytes, isOutput, wasReplayed } = entry;
  return `${JSON.stringify({
    deadLetter: name,
    place,
    node,
    operator,
    at,
    reason,
    position,
    time,
    ...(key === undefined ? {} : { key: key === null ? null : textOrBase64(key) }),
    ...(headers === undefined
      ? {}
      : {
          headers: Object.fromEntries(
            headers.map(([name, value]) => [name, value === null ? null : textOrBase64(value)]),
          ),
        }),
    ...(bytes === null ? { text: null } : isUtf8(bytes) ? { text: textOf(bytes) } : { base64: base64Of(bytes) }),
    kept: isOutput ? "output" : undefined,
    replayed: wasReplayed,
  })}\n`;
}

function textOrBase64(value: string | Uint8Array): string | { readonly base64: string } {
  if (typeof value === "string") return value;
  return isUtf8(value) ? textOf(value) : { base64: base64Of(value) };
}

/** One line, with nothing that a terminal would obey. */
function shown(value: string | Uint8Array): string {
  if (typeof value !== "string" && !isUtf8(value)) return `(base64) ${cut(base64Of(value))}`;
  const text = typeof value === "string" ? value : textOf(value);
  // biome-ignore lint/suspicious/noControlCharactersInRegex: just these must not get through.
  return cut(text.replace(/[\u0000-\u001f\u007f-\u009f]/g, (char) => JSON.stringify(char).slice(1, -1)));
}

const cut = (text: string): string => (text.length > mostShown ? `${text.slice(0, mostShown)}…` : text);
const bufferOf = (bytes: Uint8Array): Buffer => Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
const textOf = (bytes: Uint8Array): string => bufferOf(bytes).toString("utf8");
const base64Of = (bytes: Uint8Array): string => bufferOf(bytes).toString("base64");
