/**
 * One HTTP request and its answer, over connections that are kept. Knows the bytes of HTTP, and nothing of events: what an answer means says http-answers.ts.
 *
 * A connection carries one request at a time. What comes after an answer, or while nothing is asked, is told to `onUnasked`; such a connection is not used again.
 */
import {
  Agent,
  type ClientRequest,
  type IncomingHttpHeaders,
  type IncomingMessage,
  request as plainRequest,
} from "node:http";
import { Agent as SecureAgent, request as secureRequest } from "node:https";
import type { Socket } from "node:net";
import { GrowingBytes } from "./growing-bytes.ts";
import type { HttpAddress } from "./http-address.ts";
import { closeIdle, watchIdle } from "./http-idle.ts";

export interface HttpRequest {
  readonly method: "POST" | "GET";
  /** Instead of the address's own. */
  readonly path?: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array | undefined;
}

export type Exchange =
  | {
      readonly kind: "answered";
      readonly status: number;
      readonly statusText: string;
      readonly headers: IncomingHttpHeaders;
      readonly body: Buffer;
    }
  /** The connection, or what came over it. `isRefused`: nobody listens there. `isUnseen`: nobody can have got the request. */
  | { readonly kind: "broken"; readonly reason: string; readonly isRefused: boolean; readonly isUnseen: boolean }
  | { readonly kind: "too-much" };

export interface HttpClient {
  /** Calls `settle` once, later, unless it is taken back by the function returned. @throws TypeError where a header cannot be sent */
  exchange(request: HttpRequest, settle: (exchange: Exchange) => void): () => void;
  /** Closes all connections; nothing is settled any more. */
  close(): void;
}

export interface HttpClientPlan {
  readonly address: HttpAddress;
  /** One of the address's. */
  readonly host: string | undefined;
  readonly connections: number;
  readonly answerBytes: number;
  /** The server sent more than one answer, or spoke without being asked. */
  onUnasked(): void;
}

export function httpClient(plan: HttpClientPlan): HttpClient {
  const { address } = plan;
  const options = { keepAlive: true, maxSockets: plan.connections, maxFreeSockets: plan.connections };
  const agent = address.isSecure ? new SecureAgent(options) : new Agent(options);
  let isClosed = false;
  const onUnasked = () => {
    if (!isClosed) plan.onUnasked();
  };
  watchIdle(agent, onUnasked);
  const send = address.isSecure ? secureRequest : plainRequest;
  const where =
    address.socketPath !== undefined
      ? { socketPath: address.socketPath }
      : { host: plan.host ?? address.hosts[0], port: address.port };

  const start = (request: HttpRequest): ClientRequest =>
    send({
      ...where,
      agent,
      method: request.method,
      path: request.path ?? address.path,
      headers: { host: address.authority, ...request.headers, "content-length": String(request.body?.length ?? 0) },
    });

  const once = (request: HttpRequest, mayBeStale: boolean, tell: (exchange: Exchange | "stale") => void) => {
    const sent = start(request);
    follow(sent, { answerBytes: plan.answerBytes, onUnasked }, mayBeStale, (exchange) => {
      if (!isClosed) tell(exchange);
    });
    if (request.body === undefined) sent.end();
    else sent.end(request.body);
    return sent;
  };

  return {
    exchange: (request, settle) => {
      let isTakenBack = false;
      let sent = once(request, true, (exchange) => {
        if (isTakenBack) return;
        if (exchange !== "stale") return settle(exchange);
        // The server had closed a connection that was kept; a fresh one is no second try. The event may reach it twice, as any event may.
        closeIdle(agent);
        sent = once(request, false, (again) => {
          if (!isTakenBack && again !== "stale") settle(again);
        });
      });
      return () => {
        isTakenBack = true;
        sent.destroy();
      };
    },
    close: () => {
      isClosed = true;
      agent.destroy();
    },
  };
}

/** Settles once. "stale": a kept connection broke before a byte of an answer came. */
function follow(
  sent: ClientRequest,
  plan: Pick<HttpClientPlan, "answerBytes" | "onUnasked">,
  mayBeStale: boolean,
  settle: (exchange: Exchange | "stale") => void,
): void {
  let isSettled = false;
  let answer: IncomingMessage | undefined;
  let bytesBefore = 0;
  let hasSpokenOn = false;
  const once = (exchange: Exchange | "stale") => {
    if (isSettled) return;
    isSettled = true;
    settle(exchange);
  };
  sent.on("socket", (socket) => {
    bytesBefore = socket.bytesRead;
  });
  sent.on("error", (error) => {
    // What is wrong came behind a whole answer.
    if (answer?.complete === true) {
      hasSpokenOn = codeOf(error).startsWith("HPE_");
      return;
    }
    const isStale = mayBeStale && sent.reusedSocket && sent.socket?.bytesRead === bytesBefore && isReset(error);
    once(isStale ? "stale" : broken(error, mayBeStale));
  });
  sent.on("upgrade", (_, socket) => {
    socket.destroy();
    once({
      kind: "broken",
      reason: "the server wants to go on in another protocol",
      isRefused: false,
      isUnseen: false,
    });
  });
  sent.on("response", (response) => {
    answer = response;
    collect(response, plan.answerBytes, (exchange) => {
      once(exchange);
      // Also where the server answered before it had read all: nobody knows when it would.
      if (exchange.kind === "too-much" || !sent.writableFinished) sent.destroy();
      else if (exchange.kind === "answered" && (hasSpokenOn || spokeOn(sent.socket, response))) plan.onUnasked();
    });
  });
}

function collect(response: IncomingMessage, mostBytes: number, settle: (exchange: Exchange) => void): void {
  const body = new GrowingBytes();
  let isTooMuch = false;
  response.on("data", (part: Buffer) => {
    if (isTooMuch) return;
    isTooMuch = body.size + part.length > mostBytes;
    if (isTooMuch) settle({ kind: "too-much" });
    else body.add(part);
  });
  response.on("error", (error) => settle(broken(error, false)));
  response.on("end", () => {
    const { statusCode = 0, statusMessage = "", headers } = response;
    settle({ kind: "answered", status: statusCode, statusText: statusMessage, headers, body: body.whole() });
  });
  response.on("close", () => {
    if (!response.complete)
      settle({ kind: "broken", reason: "the answer was cut off", isRefused: false, isUnseen: false });
  });
}

/** A second answer in the same piece: Node ends the connection, which neither side had asked for. */
function spokeOn(socket: Socket | null, response: IncomingMessage): boolean {
  const isKept = response.httpVersion === "1.1" && !/\bclose\b/i.test(response.headers.connection ?? "");
  return isKept && socket?.destroyed === true && !socket.readableEnded && socket.errored === null;
}

function isReset(error: Error): boolean {
  const code = codeOf(error);
  return code === "ECONNRESET" || code === "EPIPE";
}

function broken(error: Error, isFirst: boolean): Exchange {
  const code = codeOf(error);
  const isRefused = code === "ECONNREFUSED" || code === "ENOENT";
  const reason = isRefused
    ? "nobody listens there"
    : code === "ECONNRESET" || code === "EPIPE"
      ? "the connection was closed before the answer was complete"
      : `the answer is no HTTP or the connection broke: ${error.message || code}`;
  return { kind: "broken", reason, isRefused, isUnseen: isRefused && isFirst };
}

/** Where several addresses were tried, that of the last. */
function codeOf(error: Error): string {
  const single = error instanceof AggregateError ? (error.errors.at(-1) as unknown) : error;
  return single instanceof Error && "code" in single ? String(single.code) : "";
}
