/**
 * Sends each event as one HTTP request, and each chunk as one: http-chunk.ts says what is in it. 2xx is done; 4xx refuses the event, which goes to the dead letter; 408, 425, 429, any other
 * answer, a timeout and a broken connection are worth another try, `Retry-After` being waited for first. Up to `concurrency` requests
 * are under way at once and may overtake each other; with 1 they keep their order.
 */
import type { Chunk } from "../engine/chunk.ts";
import { sleep } from "../engine/clock.ts";
import type { MessageSink, OpenContext, OutputMessage, Refusal } from "../engine/connector.ts";
import { messageOf, RuntimeError } from "../engine/runtime-error.ts";
import { chunkRequest, hasChunkRequest } from "./http-chunk.ts";
import { httpHeaders, httpUrl, pathOnly } from "./http-options.ts";
import { retryAfterMs } from "./retry-after.ts";

const reasonBytes = 500;
const retryableRefusals: ReadonlySet<number> = new Set([408, 425, 429]);

type Outcome =
  | { readonly kind: "done" }
  | { readonly kind: "refused"; readonly reason: string }
  | { readonly kind: "failed"; readonly reason: string; readonly retryAfterMs: number };

export function openHttpSink(context: OpenContext): MessageSink {
  const { clock, options } = context;
  const url = httpUrl(context);
  const request: RequestPlan = {
    url,
    method: options.method === "PUT" ? "PUT" : "POST",
    headers: httpHeaders(context),
    timeoutMs: typeof options.timeout === "number" ? options.timeout : 30_000,
    nowMs: () => clock.nowMs(),
  };
  const concurrency = typeof options.concurrency === "number" ? Math.max(1, options.concurrency) : 8;
  const givenUp = new AbortController();
  // What has an answer already, while the same batch is tried again.
  let answers = new Map<OutputMessage, Outcome>();
  let notBeforeMs = 0;

  const patience = async () => {
    if (notBeforeMs > clock.nowMs()) await sleep(clock, notBeforeMs - clock.nowMs(), givenUp.signal);
  };
  const unavailable = ({ reason, retryAfterMs }: Failure, failing?: ReadonlySet<OutputMessage>) => {
    notBeforeMs = clock.nowMs() + retryAfterMs;
    return new RuntimeError("sink-unavailable", `'${context.node}' could not send to ${pathOnly(url)}: ${reason}.`, {
      retryable: true,
      ...(failing === undefined ? {} : { failing }),
    });
  };
  const sendChunk = async (chunk: Chunk, messages: readonly OutputMessage[]): Promise<undefined | Refusal[]> => {
    await patience();
    const outcome = await send(chunkRequest(chunk, messages, context.format.type), request, givenUp.signal);
    if (outcome.kind === "failed") throw unavailable(outcome);
    return outcome.kind === "done" ? undefined : messages.map((_, index) => ({ index, reason: outcome.reason }));
  };
  return {
    kind: "messages",
    ...(hasChunkRequest(context.format) ? { sendChunk } : {}),
    send: async (batch) => {
      await patience();
      const failing = new Set<OutputMessage>();
      const failure = await sendAll(
        batch.filter((message) => !answers.has(message)),
        concurrency,
        async (message) => {
          const outcome = await send(message, request, givenUp.signal);
          if (outcome.kind === "failed") failing.add(message);
          else answers.set(message, outcome);
          return outcome;
        },
      );
      if (failure !== undefined) throw unavailable(failure, failing);
      const refusals = refusalsOf(batch, answers);
      answers = new Map();
      return refusals;
    },
    flush: () => {},
    commit: () => {},
    abort: () => givenUp.abort(),
  };
}

type Failure = Extract<Outcome, { readonly kind: "failed" }>;

/** Starts no new request after the first failure, and waits for those under way. */
async function sendAll(
  messages: readonly OutputMessage[],
  concurrency: number,
  sendOne: (message: OutputMessage) => Promise<Outcome>,
): Promise<Failure | undefined> {
  let next = 0;
  const failures: Failure[] = [];
  const lane = async () => {
    while (failures.length === 0 && next < messages.length) {
      const outcome = await sendOne(messages[next++]!);
      if (outcome.kind === "failed") failures.push(outcome);
    }
  };
  await Promise.all(Array.from({ length: Math.min(concurrency, messages.length) }, lane));
  // Of several, the one that asks for the most patience.
  return failures.sort((a, b) => b.retryAfterMs - a.retryAfterMs)[0];
}

function refusalsOf(
  batch: readonly OutputMessage[],
  answers: ReadonlyMap<OutputMessage, Outcome>,
): Refusal[] | undefined {
  const refusals: Refusal[] = [];
  for (const [index, message] of batch.entries()) {
    const answer = answers.get(message);
    if (answer?.kind === "refused") refusals.push({ index, reason: answer.reason });
  }
  return refusals.length > 0 ? refusals : undefined;
}

type Sent = Pick<OutputMessage, "bytes" | "headers">;

interface RequestPlan {
  readonly url: URL;
  readonly method: "POST" | "PUT";
  readonly headers: Readonly<Record<string, string>>;
  readonly timeoutMs: number;
  nowMs(): number;
}

async function send(message: Sent, plan: RequestPlan, givenUp: AbortSignal): Promise<Outcome> {
  try {
    const response = await fetch(plan.url, {
      method: plan.method,
      // The option's headers win: their writer knows the server.
      headers: { "content-type": "application/json", ...message.headers, ...plan.headers },
      body: new Uint8Array(message.bytes),
      // Following a redirect would turn a POST into a GET.
      redirect: "manual",
      signal: AbortSignal.any([AbortSignal.timeout(plan.timeoutMs), givenUp]),
    });
    return await outcomeOf(response, plan);
  } catch (error) {
    return { kind: "failed", reason: networkReason(error, plan), retryAfterMs: 0 };
  }
}

async function outcomeOf(response: Response, plan: RequestPlan): Promise<Outcome> {
  if (response.ok) {
    await response.body?.cancel();
    return { kind: "done" };
  }
  const said = await beginningOf(response);
  const reason = `${plan.method} ${pathOnly(plan.url)} was answered ${response.status}${response.statusText ? ` ${response.statusText}` : ""}${said && `: ${said}`}`;
  const refused = response.status >= 400 && response.status < 500 && !retryableRefusals.has(response.status);
  return refused
    ? { kind: "refused", reason }
    : { kind: "failed", reason, retryAfterMs: retryAfterMs(response.headers.get("retry-after"), plan.nowMs()) };
}

/** Enough of the answer to see why, on one line. */
async function beginningOf(response: Response): Promise<string> {
  const reader = response.body?.getReader();
  if (reader === undefined) return "";
  const { value } = await reader.read();
  await reader.cancel();
  return value === undefined
    ? ""
    : new TextDecoder().decode(value.subarray(0, reasonBytes)).replaceAll(/\s+/g, " ").trim();
}

function networkReason(error: unknown, plan: RequestPlan): string {
  if (error instanceof DOMException && error.name === "TimeoutError") return `no answer within ${plan.timeoutMs} ms`;
  const cause = error instanceof Error ? error.cause : undefined;
  return cause instanceof Error
    ? messageOf(cause) || String("code" in cause ? cause.code : cause.name)
    : messageOf(error);
}
