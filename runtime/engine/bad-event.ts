/** A bad event: what could not be decoded, failed an expression or was refused by a sink. What `x.errors` reads and the dead letter keeps. */
import { isUtf8 } from "node:buffer";
import { EvaluationError } from "../expr/evaluation-error.ts";
import { type Current, elementText } from "./current.ts";
import { messageOf } from "./runtime-error.ts";

/** JSON data, so that an `errors` reader can use its fields. Exactly one of `text` and `base64` is there. */
export interface BadEvent {
  readonly node: string;
  /** The operator, when a node has several: `set`. */
  readonly operator?: string;
  /** `file:line:column` in the .flow file. */
  readonly at: string;
  readonly reason: string;
  /** Of the source record it came from. */
  readonly position: string;
  /** The original record, where it is valid UTF-8. For a window's result, its key as JSON. */
  readonly text?: string;
  readonly base64?: string;
  /** Refused by a sink: the record is what it was given, and not what came. */
  readonly kept?: "output";
}

/** Where in the plan it happened. */
export interface Place {
  readonly node: string;
  readonly operator?: string;
  readonly at: string;
}

export function badEvent(place: Place, current: Current, error: unknown): BadEvent {
  const bytes = current.originalBytes();
  return {
    node: place.node,
    ...(place.operator === undefined ? {} : { operator: place.operator }),
    at: place.at,
    reason: reasonOf(error),
    position: current.position() + elementText(current.element),
    ...(bytes === undefined ? { text: current.originalText() } : { base64: Buffer.from(bytes).toString("base64") }),
  };
}

/** A record as it is kept: text, or base64 where it is not UTF-8. */
export function originalOf(record: Uint8Array): { readonly text: string } | { readonly base64: string } {
  const bytes = Buffer.from(record.buffer, record.byteOffset, record.byteLength);
  return isUtf8(bytes) ? { text: bytes.toString("utf8") } : { base64: bytes.toString("base64") };
}

const maxReasonLength = 500;

/** An everyday failure in its own words; anything else with its class, because then the engine may be at fault. */
function reasonOf(error: unknown): string {
  const text =
    error instanceof EvaluationError || error instanceof SyntaxError || error instanceof BadRecord
      ? error.message
      : describe(error);
  return text.length > maxReasonLength ? `${text.slice(0, maxReasonLength)}…` : text;
}

function describe(error: unknown): string {
  if (error instanceof RangeError && /call stack|depth/i.test(error.message)) return "nested too deeply";
  if (error instanceof RangeError && error.message === "Invalid string length")
    return "a text would be longer than the runtime can hold";
  return messageOf(error);
}

/** Thrown by decoding and validation; carries no stack, because bad data is an everyday outcome. */
export class BadRecord extends Error {
  constructor(message: string) {
    const limit = Error.stackTraceLimit;
    Error.stackTraceLimit = 0;
    super(message);
    Error.stackTraceLimit = limit;
    this.name = "BadRecord";
  }
}
