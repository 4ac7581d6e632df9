/** Options that the HTTP connectors share. */
import type { OpenContext } from "../engine/connector.ts";
import { RuntimeError } from "../engine/runtime-error.ts";

/** @throws RuntimeError "bad-config" when `url` is no HTTP address. */
export function httpUrl(context: OpenContext): URL {
  const text = String(context.options.url);
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url?.protocol === "http:" || url?.protocol === "https:") {
    if (url.username === "" && url.password === "") return url;
    throw new RuntimeError(
      "bad-config",
      `The url of '${context.node}' holds a password. Give it in a header instead: headers { authorization: secret("name", "key") }.`,
    );
  }
  throw new RuntimeError(
    "bad-config",
    `'${text}', the url of '${context.node}', is not an address such as https://example.org/events.`,
  );
}

/** The option `headers`; names in lower case. */
export function httpHeaders(context: OpenContext): Readonly<Record<string, string>> {
  const given = context.options.headers;
  if (given === undefined || given === null || typeof given !== "object") return {};
  const headers: Record<string, string> = {};
  for (const [name, value] of Object.entries(given)) {
    checkHeader(name, String(value), context);
    headers[name.toLowerCase()] = String(value);
  }
  return headers;
}

/** The value is not shown: it may be a secret. */
function checkHeader(name: string, value: string, context: OpenContext): void {
  try {
    new Headers([[name, value]]);
  } catch {
    throw new RuntimeError(
      "bad-config",
      `The header '${name}' of '${context.node}' has a name or a value that HTTP does not allow.`,
    );
  }
}

/** For messages: queries may hold tokens. */
export function pathOnly(url: URL): string {
  return `${url.origin}${url.pathname}`;
}
