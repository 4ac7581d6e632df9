/**
 * Takes events by POST. Answers 202 once every sink has taken what came of a request (or it is in the dead letter), 400 to a body that
 * cannot be read, which then is no event, and 503 with Retry-After while the run is stopping: a request without a 202 is its sender's to repeat.
 *
 * At most `requestsLimit` requests are under way; the bodies of further ones are not read until one is answered.
 */
import { randomUUID } from "node:crypto";
import { once } from "node:events";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { Message, MessageBatch, MessageSource, OpenContext } from "../engine/connector.ts";
import { messageOf, RuntimeError } from "../engine/runtime-error.ts";
import { messagesOf, RequestRefused } from "./http-messages.ts";

const requestsLimit = 256;
const connectionsLimit = 4096;
const retryAfterSeconds = 1;
/** What connections get to end by themselves after the last answer. */
const closingMs = 1000;

interface Listening {
  readonly path: string;
  readonly bodyBytesLimit: number;
  readonly format: OpenContext["format"];
  nowMs(): number;
  /** What a sender was told: a body that is no event leaves no other trace. */
  refused(status: number, reason: string): void;
}

export async function openHttpSource(context: OpenContext): Promise<MessageSource> {
  const { options, format } = context;
  if (format.type === "csv" && format.options.header !== false) {
    throw new RuntimeError(
      "bad-config",
      `'${context.node}' cannot take a header row with each request. Name the fields: format csv { header: false, columns: ["…"] }.`,
    );
  }
  let refusals = 0;
  const intake = new Intake({
    path: String(options.path ?? "/"),
    bodyBytesLimit: typeof options.max_body === "number" ? options.max_body : 1024 * 1024,
    format,
    nowMs: () => context.clock.nowMs(),
    refused: (status, reason) => {
      refusals++;
      if (refusals === 1) context.log.warn({ node: context.node, status, reason }, "refused a request");
    },
  });
  const server = createServer((request, response) => void intake.take(request, response));
  server.maxConnections = connectionsLimit;
  await listen(server, Number(options.port ?? 8080), String(options.host ?? "127.0.0.1"), context);
  return {
    kind: "messages",
    pull: (max) => intake.pull(max),
    ack: (batch) => intake.ack(batch),
    stop: () => {
      intake.stop();
      server.close();
    },
    close: async () => {
      intake.stop();
      intake.giveUp();
      await closed(server, context);
      if (refusals > 1) context.log.warn({ node: context.node, requests: refusals }, "refused requests");
      refusals = 0;
    },
  };
}

async function listen(server: Server, port: number, host: string, context: OpenContext): Promise<void> {
  server.listen(port, host);
  try {
    await once(server, "listening");
  } catch (error) {
    const taken = error instanceof Error && "code" in error && error.code === "EADDRINUSE";
    const hint = taken ? ` Another program listens there; choose another 'port', or 0 for a free one.` : "";
    throw new RuntimeError(
      "source-unavailable",
      `'${context.node}' cannot listen at ${host}:${port}: ${messageOf(error)}.${hint}`,
      { cause: error },
    );
  }
  const address = server.address();
  const chosen = typeof address === "object" && address !== null ? address.port : port;
  const shownHost = host.includes(":") ? `[${host}]` : host;
  context.log.info(
    { node: context.node, url: `http://${shownHost}:${chosen}${String(context.options.path ?? "/")}` },
    "listening",
  );
}

async function closed(server: Server, context: OpenContext): Promise<void> {
  const ended = new Promise<void>((resolve) => server.close(() => resolve()));
  server.closeIdleConnections();
  const cancel = context.clock.after(closingMs, () => server.closeAllConnections());
  await ended;
  cancel();
}

/** A request whose messages are in the pipeline. */
interface Pending {
  readonly response: ServerResponse;
  readonly messages: readonly Message[];
  given: number;
  unacknowledged: number;
}

class Intake {
  private readonly listening: Listening;
  private readonly queue: Pending[] = [];
  private readonly pending = new Set<Pending>();
  private readonly shares = new WeakMap<
    MessageBatch,
    readonly { readonly pending: Pending; readonly count: number }[]
  >();
  private readonly waiting: (() => void)[] = [];
  private underWay = 0;
  private stopping = false;
  private wake: (() => void) | undefined;

  constructor(listening: Listening) {
    this.listening = listening;
  }

  async take(request: IncomingMessage, response: ServerResponse): Promise<void> {
    // A sender that goes away is no error of ours.
    response.on("error", () => {});
    request.on("error", () => {});
    let slot = false;
    try {
      this.refuseEarly(request);
      await this.slot();
      slot = true;
      const bytes = await readBody(request, this.listening.bodyBytesLimit);
      this.refuseWhenStopping();
      const messages = messagesOf(
        { bytes, headers: headersOf(request), id: randomUUID(), timeMs: this.listening.nowMs() },
        this.listening.format,
      );
      if (messages.length === 0) {
        this.release();
        return this.answer(response, 202);
      }
      const pending = { response, messages, given: 0, unacknowledged: messages.length };
      this.pending.add(pending);
      this.queue.push(pending);
      this.wake?.();
    } catch (error) {
      if (slot) this.release();
      if (error instanceof RequestRefused) {
        if (error.status !== 503) this.listening.refused(error.status, error.message);
        return this.answer(response, error.status, error.message);
      }
      // The sender broke off in the middle of its body.
      response.destroy();
    }
  }

  async pull(max: number): Promise<MessageBatch | undefined> {
    while (this.queue.length === 0 && !this.stopping) {
      await new Promise<void>((resolve) => {
        this.wake = resolve;
      });
    }
    this.wake = undefined;
    const messages: Message[] = [];
    const shares: { pending: Pending; count: number }[] = [];
    while (messages.length < max && this.queue.length > 0) {
      const pending = this.queue[0]!;
      const part = pending.messages.slice(pending.given, pending.given + max - messages.length);
      pending.given += part.length;
      if (pending.given === pending.messages.length) this.queue.shift();
      messages.push(...part);
      shares.push({ pending, count: part.length });
    }
    if (messages.length === 0) return undefined;
    const batch = { messages };
    this.shares.set(batch, shares);
    return batch;
  }

  ack(batch: MessageBatch): void {
    for (const { pending, count } of this.shares.get(batch) ?? []) {
      pending.unacknowledged -= count;
      if (pending.unacknowledged > 0 || !this.pending.delete(pending)) continue;
      this.answer(pending.response, 202);
      this.release();
    }
  }

  stop(): void {
    this.stopping = true;
    this.wake?.();
    for (const go of this.waiting.splice(0)) go();
  }

  /** The run is over: what has no 202 now was not taken. */
  giveUp(): void {
    for (const pending of this.pending) this.answer(pending.response, 503, "The pipeline has stopped.");
    this.pending.clear();
    this.queue.length = 0;
  }

  private refuseWhenStopping(): void {
    if (this.stopping) throw new RequestRefused(503, "The pipeline is stopping.");
  }

  private refuseEarly(request: IncomingMessage): void {
    this.refuseWhenStopping();
    if (pathOf(request) !== this.listening.path)
      throw new RequestRefused(404, `Events are taken at ${this.listening.path}.`);
    if (request.method !== "POST") throw new RequestRefused(405, "Events are taken by POST.");
    const encoding = request.headers["content-encoding"];
    if (encoding !== undefined && encoding !== "identity")
      throw new RequestRefused(415, `The content encoding '${encoding}' is not read.`);
    if (Number(request.headers["content-length"] ?? 0) > this.listening.bodyBytesLimit)
      throw tooLarge(this.listening.bodyBytesLimit);
  }

  private async slot(): Promise<void> {
    if (this.underWay >= requestsLimit) await new Promise<void>((resolve) => this.waiting.push(resolve));
    else this.underWay++;
    if (!this.stopping) return;
    this.release();
    this.refuseWhenStopping();
  }

  /** Hands the place on to the request that waits longest. */
  private release(): void {
    const next = this.waiting.shift();
    if (next !== undefined) next();
    else this.underWay--;
  }

  private answer(response: ServerResponse, status: number, reason?: string): void {
    if (response.headersSent || response.destroyed) return;
    const unread = !response.req.complete;
    if (status === 405) response.setHeader("allow", "POST");
    if (status === 503) response.setHeader("retry-after", String(retryAfterSeconds));
    // An unread body would be taken for the next request.
    if (this.stopping || unread) response.setHeader("connection", "close");
    response.statusCode = status;
    if (reason === undefined) return void response.end();
    response.setHeader("content-type", "text/plain; charset=utf-8");
    response.end(`${reason}\n`);
  }
}

function pathOf(request: IncomingMessage): string {
  return (request.url ?? "/").split("?")[0] ?? "/";
}

function headersOf(request: IncomingMessage): Record<string, string> {
  const headers: Record<string, string> = {};
  for (const [name, value] of Object.entries(request.headers)) {
    if (value !== undefined) headers[name] = Array.isArray(value) ? value.join(", ") : value;
  }
  return headers;
}

async function readBody(request: IncomingMessage, limitBytes: number): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let total = 0;
  for await (const chunk of request as AsyncIterable<Uint8Array>) {
    total += chunk.length;
    if (total > limitBytes) throw tooLarge(limitBytes);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

function tooLarge(limitBytes: number): RequestRefused {
  return new RequestRefused(413, `A body has at most ${limitBytes} bytes here.`);
}
