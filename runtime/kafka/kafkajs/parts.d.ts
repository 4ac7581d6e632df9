/** The parts of kafkajs 2.2.4 that it has no types for: connections, and the requests that it can write and read. */
// biome-ignore-all lint/style/noDefaultExport: that is how its modules export

declare module "kafkajs/src/loggers/index.js" {
  interface Logger {
    namespace(name: string): Logger;
  }
  const loggers: {
    createLogger(options: { level: number; logCreator: () => (entry: unknown) => void }): Logger;
  };
  export default loggers;
}

declare module "kafkajs/src/network/socketFactory.js" {
  const socketFactory: () => import("kafkajs").ISocketFactory;
  export default socketFactory;
}

declare module "kafkajs/src/network/connectionPool.js" {
  /** What a request is written with, and its answer read; `Answer` still has its error codes where `parse` leaves them alone. */
  export interface ProtocolCall<Answer> {
    readonly request: {
      readonly apiKey: number;
      readonly apiVersion: number;
      readonly apiName: string;
      /** An encoder of kafkajs, or anything with the same two fields. */
      encode(): Promise<{ readonly buf: Buffer; readonly buffer: Buffer }>;
    };
    readonly response: {
      decode(payload: Buffer): Promise<Answer>;
      parse(answer: Answer): Promise<Answer>;
    };
    readonly requestTimeout?: number;
    readonly logResponseError?: boolean;
  }

  export interface Connection {
    readonly requestTimeout: number;
    readonly socket?: import("node:net").Socket;
    readonly requestQueue: {
      readonly pending: readonly unknown[];
      readonly inflight: ReadonlyMap<
        number,
        { readonly sentAt: number; readonly requestTimeout: number; timeoutRequest(): void }
      >;
      readonly throttledUntil: number;
      throttleCheckTimeoutId: NodeJS.Timeout | null;
      requestTimeoutIntervalId?: NodeJS.Timeout;
      scheduleCheckPendingRequests(): void;
      scheduleRequestTimeoutCheck(): void;
      checkPendingRequests(): void;
      rejectAll(error: Error): void;
      destroy(): void;
    };
    isConnected(): boolean;
    send<Answer>(call: ProtocolCall<Answer>): Promise<Answer>;
    disconnect(): Promise<unknown>;
  }

  export default class ConnectionPool {
    constructor(options: {
      host: string;
      port: number;
      clientId: string;
      ssl: import("node:tls").ConnectionOptions | null;
      sasl: import("kafkajs").SASLOptions | null;
      logger: import("kafkajs/src/loggers/index.js").Logger;
      socketFactory: import("kafkajs").ISocketFactory;
      connectionTimeout: number;
      requestTimeout: number;
    });
    readonly pool: readonly [Connection, Connection];
  }
}

declare module "kafkajs/src/broker/index.js" {
  import type ConnectionPool from "kafkajs/src/network/connectionPool.js";
  import type { ProtocolCall } from "kafkajs/src/network/connectionPool.js";
  import type { RequestDefinitions } from "kafkajs/src/protocol/requests/index.js";

  export default class Broker {
    constructor(options: { connectionPool: ConnectionPool; logger: import("kafkajs/src/loggers/index.js").Logger });
    connect(): Promise<void>;
    /** In the newest version that both sides know; there once it is connected. */
    lookupRequest<Answer>(apiKey: number, definitions: RequestDefinitions): (args: object) => ProtocolCall<Answer>;
  }
}

declare module "kafkajs/src/protocol/requests/index.js" {
  export interface RequestDefinitions {
    readonly versions: readonly string[];
  }
  const protocol: { readonly requests: Readonly<Record<string, RequestDefinitions>> };
  export default protocol;
}

declare module "kafkajs/src/protocol/requests/apiKeys.js" {
  const apiKeys: Readonly<Record<string, number>>;
  export default apiKeys;
}
