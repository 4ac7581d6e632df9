/** What administration says where there is no way in: the same words as the native client. */
import { createServer } from "node:net";
import { expect, it } from "vitest";
import { withAdmin } from "./admin.ts";
import type { KafkaConnection } from "./client.ts";

const messageOf = (connection: Omit<KafkaConnection, "clientId">): Promise<string> =>
  withAdmin({ clientId: "test", ...connection }, (admin) => admin.listTopics()).then(
    () => "fine",
    (error: Error) => error.message,
  );

/** Hangs up on whoever comes. */
async function withDeafPort<T>(work: (address: string) => Promise<T>): Promise<T> {
  const server = createServer((socket) => void socket.on("error", () => {}).once("data", () => socket.destroy()));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  try {
    return await work(`127.0.0.1:${typeof address === "object" ? address?.port : 0}`);
  } finally {
    server.close();
  }
}

it("names the port where nobody listens", async () => {
  expect(await messageOf({ brokers: ["127.0.0.1:1"] })).toBe(
    "Nobody listens at 127.0.0.1:1 (ECONNREFUSED). Is the broker running, and is the address right?",
  );
});

it("names the cure for TLS against a port without", async () => {
  await withDeafPort(async (broker) => {
    expect(await messageOf({ brokers: [broker], tls: {} })).toBe(
      `The broker ${broker} does not speak TLS at this port. Leave out \`tls\`, or use its port with TLS.`,
    );
  });
});
