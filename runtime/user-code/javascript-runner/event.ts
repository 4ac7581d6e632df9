/** The event that the user's function is called with, and the event that goes back for what it gives, as a line. */
import { toBase64, writeJson } from "./json.ts";

export type Envelope = Readonly<Record<string, unknown>>;

/** Attributes are properties of its own, `data` too, so that `{ ...event }` and `const { data, id } = event` do what they look like. */
export class FlowEvent {
  readonly [attribute: string]: unknown;
  /** Also tells it from data that looks like it. */
  readonly #input: Envelope;

  constructor(input: Envelope) {
    this.#input = input;
    Object.assign(this, input);
  }

  /** The same event with other data or attributes. */
  with(changes: Envelope): FlowEvent {
    const event = new FlowEvent(this.#input);
    Object.assign(event, this, changes);
    return event;
  }

  static is(value: unknown): value is FlowEvent {
    return typeof value === "object" && value !== null && #input in value;
  }

  /** Whether any attribute is another than it was. */
  static isChanged(event: FlowEvent): boolean {
    const input = event.#input;
    for (const name in event) if (name !== "data" && event[name] !== input[name]) return true;
    return false;
  }
}

/** An envelope as it came, with bytes in `data` where it has bytes. */
export function eventOf(envelope: Envelope): FlowEvent {
  if (typeof envelope.data_base64 !== "string") return new FlowEvent(envelope);
  const { data_base64, ...attributes } = envelope;
  return new FlowEvent({ ...attributes, data: new Uint8Array(Buffer.from(data_base64, "base64")) });
}

/**
 * A whole event: the attributes of the one that came, and those that were changed. What only has other data begins like the text that came, by which the reader knows it again.
 * @param text of the event that came
 * @throws TypeError for what is no event
 */
export function resultLine(result: unknown, text: string): string {
  if (!FlowEvent.is(result)) return `${headOf(text)}${dataText(result)}}\n`;
  const { data } = result;
  const own = data === undefined ? '"data":null' : dataText(data);
  if (!FlowEvent.isChanged(result)) return `${headOf(text)}${own}}\n`;
  const attributes = Object.entries(result)
    .filter(([name, value]) => name !== "data" && value !== undefined && value !== null)
    .map(([name, value]) => `${writeJson(name)}:${attributeText(name, value)},`);
  return `{${attributes.join("")}${own}}\n`;
}

/** Up to the data, which comes last. Inside of a string there would be a backslash before the quote. */
function headOf(text: string): string {
  const end = text.indexOf(',"data":');
  return text.slice(0, (end < 0 ? text.lastIndexOf(',"data_base64":') : end) + 1);
}

const dataText = (data: unknown): string =>
  data instanceof Uint8Array ? `"data_base64":"${toBase64(data)}"` : `"data":${writeJson(data)}`;

function attributeText(name: string, value: unknown): string {
  if (!/^[a-z0-9]+$/.test(name))
    throw new TypeError(`'${name}' cannot be the name of an attribute: it has lower-case letters and digits only`);
  if (value instanceof Date || typeof value === "string" || typeof value === "boolean" || Number.isInteger(value))
    return writeJson(value);
  throw new TypeError(`the attribute '${name}' must be a string, a boolean or a whole number`);
}
