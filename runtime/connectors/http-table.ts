/** Reference data from an HTTP address: one GET, read as it comes. */
import { Readable } from "node:stream";
import type { ReadableStream } from "node:stream/web";
import type { BytePart, ByteSource, OpenContext } from "../engine/connector.ts";
import { messageOf, RuntimeError } from "../engine/runtime-error.ts";
import { httpHeaders, httpUrl, pathOnly } from "./http-options.ts";
import { withJsonArrays } from "./json-array-part.ts";
import { openStreamPart } from "./stream-part.ts";

export function openHttpTable(context: OpenContext): ByteSource {
  const url = httpUrl(context);
  const headers = httpHeaders(context);
  const timeoutMs = typeof context.options.timeout === "number" ? context.options.timeout : 30_000;
  const givenUp = new AbortController();
  let part: BytePart | undefined;
  const source: ByteSource = {
    kind: "bytes",
    nextPart: async () => {
      if (part !== undefined || givenUp.signal.aborted) return undefined;
      const body = await get(url, headers, AbortSignal.any([AbortSignal.timeout(timeoutMs), givenUp.signal]), context);
      part = await openStreamPart(pathOnly(url), body, context, { explain: (error) => `${messageOf(error)}.` });
      return part;
    },
    ack: () => {},
    stop: () => givenUp.abort(),
    close: () => part?.close(),
  };
  return withJsonArrays(source, context);
}

async function get(
  url: URL,
  headers: Readonly<Record<string, string>>,
  signal: AbortSignal,
  context: OpenContext,
): Promise<Readable> {
  const response = await fetch(url, { headers, signal }).catch((error: unknown) => {
    const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
    throw new RuntimeError(
      "source-unavailable",
      `'${context.node}' could not be read from ${pathOnly(url)}: ${messageOf(cause)}.`,
      { retryable: true, cause },
    );
  });
  if (!response.ok) {
    await response.body?.cancel();
    const retryable = response.status >= 500 || response.status === 429;
    throw new RuntimeError(
      "source-unavailable",
      `'${context.node}' could not be read: GET ${pathOnly(url)} was answered ${response.status} ${response.statusText}.`,
      { retryable },
    );
  }
  return response.body === null ? Readable.from([]) : Readable.fromWeb(response.body as ReadableStream);
}
