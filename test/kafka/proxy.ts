/** A proxy between a client and its broker, which knows the frames of Kafka's protocol: it can lose an answer, hold a request, answer in the broker's stead, delay and refuse. */
import { once } from "node:events";
import { connect, createServer, type Server, type Socket } from "node:net";
import type { ProxyPorts } from "./cluster.ts";

/** Numbers of the protocol's requests. Source: https://kafka.apache.org/protocol#protocol_api_keys */
export const Api = {
  produce: 0,
  fetch: 1,
  offsetCommit: 8,
  heartbeat: 12,
  initProducerId: 22,
  endTxn: 26,
  txnOffsetCommit: 28,
} as const;

/** What is done with requests of one kind. */
export interface Rule {
  readonly api: number;
  /** Of those that come after the rule was given, the first by default; `every` one of them. */
  readonly nth?: number | "every";
  /**
   * `cut-answer`: the broker does the work, and the connection ends instead of the answer. `cut-request`: it ends before the broker hears of it.
   * `hold`: the broker never hears of it and nobody answers. `say-done`: the broker never hears of it and the answer is that all is well (heartbeats only).
   */
  readonly act: "cut-answer" | "cut-request" | "hold" | "say-done";
}

interface ActiveRule extends Rule {
  seen: number;
  readonly happened: () => void;
}

export class KafkaProxy {
  private readonly server: Server;
  private readonly sockets = new Set<Socket>();
  private readonly brokerPort: number;
  private rules: ActiveRule[] = [];
  private refuses = false;
  private delayMs = 0;
  private transactionTimeoutMs: number | undefined;

  static async listen(ports: ProxyPorts): Promise<KafkaProxy> {
    const proxy = new KafkaProxy(ports);
    proxy.server.listen(ports.listen, "127.0.0.1");
    await once(proxy.server, "listening");
    return proxy;
  }

  private constructor(ports: ProxyPorts) {
    this.brokerPort = ports.broker;
    this.server = createServer((client) => this.accept(client));
  }

  get address(): string {
    const address = this.server.address();
    return address !== null && typeof address === "object" ? `127.0.0.1:${address.port}` : "";
  }

  /** Adds a rule. Resolves when it was applied for the first time. */
  once(rule: Rule): Promise<void> {
    return new Promise((happened) => this.rules.push({ ...rule, seen: 0, happened }));
  }

  /** Answers come so much later, in order. */
  delay(delayMs: number): void {
    this.delayMs = delayMs;
  }

  /** Ends all connections and takes no new ones. */
  refuse(): void {
    this.refuses = true;
    this.cutAll();
  }

  /** Transactions of producers that begin from now on may take only so long. */
  shortenTransactions(timeoutMs: number): void {
    this.transactionTimeoutMs = timeoutMs;
  }

  /** No rules, no delay, and connections are taken. What is held stays held. */
  clear(): void {
    this.rules = [];
    this.delayMs = 0;
    this.refuses = false;
  }

  cutAll(): void {
    for (const socket of this.sockets) socket.destroy();
  }

  async close(): Promise<void> {
    this.cutAll();
    await new Promise((resolve) => this.server.close(resolve));
  }

  private accept(client: Socket): void {
    if (this.refuses) {
      client.destroy();
      return;
    }
    const broker = connect(this.brokerPort, "127.0.0.1");
    const cut = () => {
      client.destroy();
      broker.destroy();
    };
    /** Correlation ids of requests whose answer is to be lost. */
    const cutAt = new Map<number, () => void>();
    for (const socket of [client, broker]) {
      this.sockets.add(socket);
      socket.setNoDelay(true);
      socket.on("error", cut).on("close", () => {
        this.sockets.delete(socket);
        cut();
      });
    }
    pass(client, broker, (frame) => {
      const api = frame.readInt16BE(4);
      if (api === Api.initProducerId && this.transactionTimeoutMs !== undefined)
        writeTransactionTimeout(frame, this.transactionTimeoutMs);
      const rule = this.ruleFor(api);
      if (rule?.act === "cut-answer") cutAt.set(frame.readInt32BE(8), rule.happened);
      else if (rule?.act === "cut-request") cut();
      else if (rule?.act === "say-done") client.write(heartbeatDone(frame));
      if (rule === undefined || rule.act === "cut-answer") return frame;
      rule.happened();
      return undefined;
    });
    pass(broker, client, (frame) => {
      const happened = cutAt.get(frame.readInt32BE(4));
      if (happened === undefined) return this.delayMs === 0 ? frame : { frame, atMs: performance.now() + this.delayMs };
      cut();
      happened();
      return undefined;
    });
  }

  private ruleFor(api: number): ActiveRule | undefined {
    for (const rule of this.rules) {
      if (rule.api !== api) continue;
      rule.seen++;
      if (rule.nth === "every") return rule;
      if (rule.seen === (rule.nth ?? 1)) {
        this.rules = this.rules.filter((other) => other !== rule);
        return rule;
      }
    }
    return undefined;
  }
}

/** Whole frames, from one to the other: as they are, later, or not at all. Reads no faster than the other takes. */
function pass(
  from: Socket,
  to: Socket,
  decide: (frame: Buffer) => Buffer | { readonly frame: Buffer; readonly atMs: number } | undefined,
): void {
  let held: Buffer = Buffer.alloc(0);
  /** While something is delayed all that comes behind it waits too. */
  let queue: Promise<void> | undefined;
  const write = (frame: Buffer) => {
    if (to.destroyed || to.write(frame)) return;
    from.pause();
    to.once("drain", () => from.resume());
  };
  from.on("data", (bytes: Buffer) => {
    held = held.length === 0 ? bytes : Buffer.concat([held, bytes]);
    let at = 0;
    while (held.length - at >= 8 && held.length - at >= 4 + held.readInt32BE(at)) {
      const end = at + 4 + held.readInt32BE(at);
      const decided = decide(held.subarray(at, end));
      at = end;
      if (decided === undefined) continue;
      if (Buffer.isBuffer(decided) && queue === undefined) write(decided);
      else {
        const { frame, atMs } = Buffer.isBuffer(decided) ? { frame: decided, atMs: 0 } : decided;
        const turn: Promise<void> = (queue ?? Promise.resolve())
          .then(() => later(atMs - performance.now()))
          .then(() => write(frame))
          .finally(() => {
            if (queue === turn) queue = undefined;
          });
        queue = turn;
      }
    }
    held = held.subarray(at);
  });
}

function later(ms: number): Promise<void> | undefined {
  return ms <= 0 ? undefined : new Promise((resolve) => setTimeout(resolve, ms));
}

/** No error, not throttled. From version 4 on answers carry tags. Source: Kafka protocol, Heartbeat. */
function heartbeatDone(request: Buffer): Buffer {
  const version = request.readInt16BE(6);
  const body = version >= 4 ? Buffer.alloc(1 + 4 + 2 + 1) : Buffer.alloc(version >= 1 ? 6 : 2);
  const answer = Buffer.alloc(8 + body.length);
  answer.writeInt32BE(4 + body.length, 0);
  answer.writeInt32BE(request.readInt32BE(8), 4);
  body.copy(answer, 8);
  return answer;
}

/** In place. From version 2 on lengths are varints and headers carry tags. Source: Kafka protocol, InitProducerId. */
function writeTransactionTimeout(request: Buffer, timeoutMs: number): void {
  const isFlexible = request.readInt16BE(6) >= 2;
  let at = 12;
  at += 2 + Math.max(0, request.readInt16BE(at));
  if (isFlexible) {
    at += 1;
    // Names of less than 127 bytes: the length is one byte, and one more than it is.
    at += 1 + Math.max(0, request.readUInt8(at) - 1);
  } else at += 2 + Math.max(0, request.readInt16BE(at));
  request.writeInt32BE(timeoutMs, at);
}
