/** What the answer to a request means: results, another try, or a bad event. The statuses are those of docs/user-code.md. */
import { isUtf8 } from "node:buffer";
import { attributesOfHeaders, isBatch, isJson, isStructured, isText } from "../codec/cloudevents-attributes.ts";
import { retryAfterMs } from "../connectors/retry-after.ts";
import { mostResults } from "./answer-limits.ts";
import { batchItems } from "./http-batch.ts";
import type { Exchange } from "./http-client.ts";
import type { AnsweredEvent, Outcome } from "./user-code.ts";

export type HttpAnswer = Extract<Exchange, { readonly kind: "answered" }>;

const reasonCharacters = 500;
const garbageCharacters = 200;
const retryableRefusals: ReadonlySet<number> = new Set([408, 425, 429]);

export function outcomeOf(answer: HttpAnswer, nowMs: number): Outcome {
  const { status } = answer;
  if (status >= 200 && status < 300) return resultsOf(answer);
  const said = beginningOf(answer.body, reasonCharacters);
  const answered = `answered ${status}${answer.statusText && ` ${answer.statusText}`}`;
  if (status >= 400 && status < 500 && !retryableRefusals.has(status))
    return { kind: "rejected", reason: said === "" ? `the program ${answered}` : said };
  const waitMs = retryAfterMs(answer.headers["retry-after"], nowMs);
  const reason = said === "" ? `the program ${answered}` : `the program ${answered}: ${said}`;
  return waitMs > 0 ? { kind: "failed", reason, retryAfterMs: waitMs } : { kind: "failed", reason };
}

/** Thrown and caught in this file. The message goes on from "the program …". */
class WrongAnswer extends Error {}

class NoEvent extends WrongAnswer {
  constructor(what: string) {
    super(`answered what is no event: ${what}`);
  }
}

function resultsOf(answer: HttpAnswer): Outcome {
  try {
    return { kind: "done", results: eventsOf(answer) };
  } catch (error) {
    if (!(error instanceof WrongAnswer)) throw error;
    return { kind: "failed", reason: `the program ${error.message}` };
  }
}

function eventsOf(answer: HttpAnswer): readonly AnsweredEvent[] {
  const { body } = answer;
  if (answer.status === 204) return [];
  const headers = singleHeaders(answer.headers);
  const isBinary = Object.keys(headers).some((name) => name.startsWith("ce-"));
  const contentType = headers["content-type"];
  const isWhole = isBatch(contentType) || isStructured(contentType);
  // In binary mode an event without data has an empty body.
  if (body.length === 0)
    return isBinary && !isWhole ? [{ attributes: attributesOfHeaders(headers), data: undefined }] : [];
  const encoding = headers["content-encoding"] ?? "identity";
  if (encoding.trim().toLowerCase() !== "identity") throw new NoEvent(`a body in the encoding '${encoding}'`);
  if (isBatch(contentType)) return batchEvents(body);
  if (isStructured(contentType)) return [objectText(body)];
  return [{ attributes: attributesOfHeaders(headers), ...dataOf(body, contentType) }];
}

type Data = Pick<Exclude<AnsweredEvent, string>, "data" | "isText">;

/** Without a content type it is JSON, as in CloudEvents. */
function dataOf(body: Buffer, contentType: string | undefined): Data {
  if (contentType === undefined || isJson(contentType)) {
    const text = utf8Of(body);
    parsed(text);
    return { data: text };
  }
  if (isText(contentType)) return { data: textOf(body, contentType), isText: true };
  return { data: body };
}

/** The items are parsed by the engine, which finds what is no JSON in them. */
function batchEvents(body: Buffer): readonly string[] {
  const text = utf8Of(body);
  const items = batchItems(text, mostResults);
  if (items === "too-many") throw new WrongAnswer("answered too much");
  if (items === "no-batch") throw new NoEvent(`a batch that is no array of objects: ${beginning(text)}`);
  return items;
}

function objectText(body: Buffer): string {
  const text = utf8Of(body);
  if (!isObject(parsed(text))) throw new NoEvent(beginning(text));
  return text;
}

function isObject(value: unknown): boolean {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    throw new NoEvent(`no JSON: ${beginning(text)}`);
  }
}

/** A byte order mark is left out. */
function utf8Of(body: Buffer): string {
  if (!isUtf8(body)) throw new NoEvent(`no UTF-8: ${beginningOf(body, garbageCharacters)}`);
  const hasMark = body[0] === 0xef && body[1] === 0xbb && body[2] === 0xbf;
  return body.toString("utf8", hasMark ? 3 : 0);
}

function textOf(body: Buffer, contentType: string): string {
  const label = /;\s*charset\s*=\s*"?([^\s";]+)/i.exec(contentType)?.[1] ?? "utf-8";
  if (/^utf-?8$/i.test(label)) return utf8Of(body);
  try {
    return new TextDecoder(label, { fatal: true }).decode(body);
  } catch {
    throw new NoEvent(`text that is not in the character set '${label}'`);
  }
}

function singleHeaders(headers: HttpAnswer["headers"]): Readonly<Record<string, string>> {
  const single: Record<string, string> = Object.create(null);
  for (const [name, value] of Object.entries(headers))
    if (value !== undefined) single[name] = Array.isArray(value) ? value.join(", ") : value;
  // An empty content type says nothing.
  if (single["content-type"]?.trim() === "") delete single["content-type"];
  return single;
}

function beginning(text: string): string {
  return oneLine(text.slice(0, garbageCharacters));
}

/** Enough to see why, on one line. */
function beginningOf(body: Buffer, characters: number): string {
  return oneLine(body.toString("utf8", 0, characters * 4).slice(0, characters));
}

function oneLine(text: string): string {
  return text.replaceAll(/\s+/g, " ").trim();
}
