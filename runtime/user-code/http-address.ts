/** Where a program that is spoken to by HTTP listens: a place it is given at each start, or a fixed one. Opens nothing itself. */
import { createServer } from "node:net";
import { join } from "node:path";
import { messageOf, RuntimeError } from "../engine/runtime-error.ts";

export interface HttpAddress {
  readonly isSecure: boolean;
  /** The first that takes a connection is used. Empty for a Unix socket. */
  readonly hosts: readonly string[];
  readonly port: number;
  readonly socketPath: string | undefined;
  /** With the query; begins with `/`. */
  readonly path: string;
  /** For the header `host`. */
  readonly authority: string;
  /** For messages: no query, which may hold a token. */
  readonly shown: string;
}

export type HttpPlace =
  | { readonly kind: "fixed"; readonly address: HttpAddress }
  | { readonly kind: "free-port" }
  | { readonly kind: "private-socket" };

/** @throws RuntimeError "bad-config" when `url` is none. */
export function httpPlace(url: string | undefined, node: string): HttpPlace {
  if (url === undefined || url === "") return { kind: "free-port" };
  if (url === "unix:") return { kind: "private-socket" };
  if (url.startsWith("unix:")) return { kind: "fixed", address: socketAddress(unixPath(url)) };
  const parsed = URL.canParse(url) ? new URL(url) : undefined;
  if (parsed?.protocol !== "http:" && parsed?.protocol !== "https:")
    throw new RuntimeError(
      "bad-config",
      `'${url}', the url of '${node}', is not an address such as http://localhost:8080/score or unix:/run/score.sock.`,
    );
  if (parsed.username !== "" || parsed.password !== "")
    throw new RuntimeError("bad-config", `The url of '${node}' holds a password, which is not sent.`);
  return { kind: "fixed", address: addressOf(parsed) };
}

/** `unix:/run/x.sock` and `unix:///run/x.sock`. */
function unixPath(url: string): string {
  const path = url.slice("unix:".length);
  return path.startsWith("//") ? path.slice(2) : path;
}

function addressOf(url: URL): HttpAddress {
  const isSecure = url.protocol === "https:";
  return {
    isSecure,
    hosts: [url.hostname.replace(/^\[(.*)\]$/, "$1")],
    port: url.port === "" ? (isSecure ? 443 : 80) : Number(url.port),
    socketPath: undefined,
    path: url.pathname + url.search,
    authority: url.host,
    shown: `${url.origin}${url.pathname}`,
  };
}

export function socketAddress(socketPath: string): HttpAddress {
  const nowhere = { isSecure: false, hosts: [], port: 0, path: "/", authority: "localhost" };
  return { ...nowhere, socketPath, shown: `unix:${socketPath}` };
}

export function socketIn(folder: string): HttpAddress {
  return socketAddress(join(folder, "http.sock"));
}

/** A port of this machine that nothing listens on now. A program that binds to `localhost` may get the address of IPv6 only. */
export async function freePortAddress(): Promise<HttpAddress> {
  const port = await freePort();
  const authority = `127.0.0.1:${port}`;
  const shown = `http://${authority}/`;
  return { isSecure: false, hosts: ["127.0.0.1", "::1"], port, socketPath: undefined, path: "/", authority, shown };
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    const fail = (error: unknown) =>
      reject(
        new RuntimeError("user-code-unavailable", `No free port was found: ${messageOf(error)}.`, { cause: error }),
      );
    probe.once("error", fail);
    probe.listen({ host: "127.0.0.1", port: 0, exclusive: true }, () => {
      const address = probe.address();
      probe.close(() => (typeof address === "object" && address !== null ? resolve(address.port) : fail("no address")));
    });
  });
}

/** What the program is told. */
export function addressEnv(address: HttpAddress): Readonly<Record<string, string>> {
  if (address.socketPath !== undefined) return { FLOW_SOCKET: address.socketPath };
  const scheme = address.isSecure ? "https" : "http";
  return { PORT: String(address.port), FLOW_URL: `${scheme}://${address.authority}${address.path}` };
}
