/** Waits until a server takes connections, or answers 2xx to `GET` of its `ready` path. Looks often at first, then ten times a second. */
import { connect } from "node:net";
import type { Clock } from "../engine/clock.ts";
import { sleep } from "../engine/clock.ts";
import type { HttpAddress } from "./http-address.ts";
import { httpClient } from "./http-client.ts";

const shortestWaitMs = 5;
const longestWaitMs = 100;
/** For one attempt: a server may take a connection and never answer. */
const attemptMs = 5_000;
const answerBytes = 65_536;

export interface Ready {
  /** Which of the address's hosts it is. */
  readonly host: string | undefined;
}

/** @returns undefined when `givenUp` came first */
export async function untilReady(
  address: HttpAddress,
  path: string | undefined,
  clock: Clock,
  givenUp: AbortSignal,
): Promise<Ready | undefined> {
  const hosts: readonly (string | undefined)[] = address.socketPath === undefined ? address.hosts : [undefined];
  for (let waitMs = shortestWaitMs; !givenUp.aborted; waitMs = Math.min(longestWaitMs, waitMs * 1.5)) {
    for (const host of hosts) {
      const isReady =
        path === undefined
          ? await connects(address, host, clock, givenUp)
          : await answers(address, host, path, clock, givenUp);
      if (isReady && !givenUp.aborted) return { host };
    }
    await sleep(clock, waitMs, givenUp);
  }
  return undefined;
}

type Attempt = (settle: (isReady: boolean) => void) => () => void;

/** Takes the attempt back when it is given up or takes too long. */
function attempt(start: Attempt, clock: Clock, givenUp: AbortSignal): Promise<boolean> {
  return new Promise((resolve) => {
    if (givenUp.aborted) return resolve(false);
    const settle = (isReady: boolean) => {
      cancel();
      givenUp.removeEventListener("abort", giveUp);
      takeBack();
      resolve(isReady);
    };
    const giveUp = () => settle(false);
    const cancel = clock.after(attemptMs, giveUp);
    givenUp.addEventListener("abort", giveUp, { once: true });
    const takeBack = start(settle);
  });
}

function connects(
  address: HttpAddress,
  host: string | undefined,
  clock: Clock,
  givenUp: AbortSignal,
): Promise<boolean> {
  const where =
    address.socketPath !== undefined ? { path: address.socketPath } : { host: host ?? "localhost", port: address.port };
  const start: Attempt = (settle) => {
    const socket = connect(where);
    socket.once("connect", () => settle(true));
    socket.on("error", () => settle(false));
    return () => socket.destroy();
  };
  return attempt(start, clock, givenUp);
}

function answers(
  address: HttpAddress,
  host: string | undefined,
  path: string,
  clock: Clock,
  givenUp: AbortSignal,
): Promise<boolean> {
  const start: Attempt = (settle) => {
    const client = httpClient({ address, host, connections: 1, answerBytes, onUnasked: () => {} });
    client.exchange({ method: "GET", path, headers: {}, body: undefined }, (exchange) =>
      settle(exchange.kind === "answered" && exchange.status >= 200 && exchange.status < 300),
    );
    return () => client.close();
  };
  return attempt(start, clock, givenUp);
}
