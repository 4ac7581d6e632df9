/** Where a broker listens. */
import { KafkaError } from "../kafka-error.ts";

export interface BrokerAddress {
  readonly host: string;
  readonly port: number;
}

const defaultPort = 9092;
const highestPort = 65_535;

/** @throws KafkaError "protocol" for what is no `host:port` */
export function parseAddress(broker: string): BrokerAddress {
  const found = /^(?:\[([^\]]+)\]|([^:]+))(?::(\d+))?$/.exec(broker);
  const host = found?.[1] ?? found?.[2];
  const port = Number(found?.[3] ?? defaultPort);
  if (host === undefined || port < 1 || port > highestPort)
    throw new KafkaError("protocol", `'${broker}' is no address of a broker. Write it as host:port.`);
  return { host, port };
}

export function nameOf({ host, port }: BrokerAddress): string {
  return host.includes(":") ? `[${host}]:${port}` : `${host}:${port}`;
}
