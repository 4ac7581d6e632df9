/** The connections of an agent at rest: watched, so that nothing that comes over one is taken for the answer to the next request. */
import type { Agent } from "node:http";
import { Socket } from "node:net";
import type { Duplex } from "node:stream";

/** A connection over which the server speaks unasked is not used again. */
export function watchIdle(agent: Agent, onUnasked: () => void): void {
  const ends = new WeakMap<Duplex, () => void>();
  const keep = agent.keepSocketAlive.bind(agent);
  const reuse = agent.reuseSocket.bind(agent);
  agent.keepSocketAlive = (socket) => {
    const isKept: unknown = keep(socket);
    if (isKept !== false) ends.set(socket, watch(socket, onUnasked));
    return isKept;
  };
  agent.reuseSocket = (socket, request) => {
    ends.get(socket)?.();
    reuse(socket, request);
  };
}

function watch(socket: Duplex, onUnasked: () => void): () => void {
  const before = socket instanceof Socket ? socket.bytesRead : 0;
  // Node 24 closes it itself, so that no data is seen.
  const closed = () => {
    if (socket instanceof Socket && socket.bytesRead > before) onUnasked();
  };
  const spoke = () => socket.destroy();
  socket.on("close", closed);
  socket.on("data", spoke);
  return () => {
    socket.off("close", closed);
    socket.off("data", spoke);
  };
}

export function closeIdle(agent: Agent): void {
  for (const sockets of Object.values(agent.freeSockets)) for (const socket of sockets ?? []) socket.destroy();
}
