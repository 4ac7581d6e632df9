/** The connection that the options of a `kafka` clause name. */
import { X509Certificate } from "node:crypto";
import type { OptionValue } from "../../compiler/contract/runtime-config.ts";
import type { KafkaConnection } from "./client.ts";
import { KafkaError } from "./kafka-error.ts";

type Options = Readonly<Record<string, OptionValue>>;

/** @param options secrets already replaced @throws KafkaError where no broker is named, or a certificate is none */
export function connectionOf(options: Options, clientId: string): KafkaConnection {
  const brokers = listOf(options.brokers);
  if (brokers.length === 0)
    throw new KafkaError(
      "unavailable",
      "No Kafka broker is named. Write 'brokers: [\"host:9092\"]' in the kafka clause, or in the pipeline's: 'pipeline name { kafka { brokers: [\"host:9092\"] } }'.",
    );
  const { tls, sasl } = options;
  return {
    brokers,
    clientId,
    ...(tls === true ? { tls: {} } : isRecord(tls) ? { tls: tlsOf(tls) } : {}),
    ...(isRecord(sasl) ? { sasl: saslOf(sasl) } : {}),
  };
}

/** Equal for connections that can share a client. */
export const connectionKey = (connection: KafkaConnection): string => JSON.stringify(connection);

function saslOf(sasl: Options): NonNullable<KafkaConnection["sasl"]> {
  const { mechanism } = sasl;
  return {
    mechanism: mechanism === "plain" || mechanism === "scram-sha-256" ? mechanism : "scram-sha-512",
    username: String(sasl.username ?? ""),
    password: String(sasl.password ?? ""),
  };
}

/** What is no certificate would else be found untrusted, or passed over without a word. */
function tlsOf(tls: Options): NonNullable<KafkaConnection["tls"]> {
  const texts = textsOf(tls, ["ca", "cert", "key"]);
  for (const name of ["ca", "cert"] as const) {
    const text = texts[name];
    if (text === undefined || isCertificate(text)) continue;
    throw new KafkaError(
      "authentication",
      `What is given as \`tls ${name}\` is no PEM certificate. It is the text of a file that begins with -----BEGIN CERTIFICATE-----, not the name of the file.`,
    );
  }
  return texts;
}

function isCertificate(text: string): boolean {
  if (!text.includes("-----BEGIN ")) return false;
  try {
    new X509Certificate(text);
    return true;
  } catch {
    return false;
  }
}

function textsOf<Name extends string>(options: Options, names: readonly Name[]): Partial<Record<Name, string>> {
  const texts: Partial<Record<Name, string>> = {};
  for (const name of names) {
    const value = options[name];
    if (typeof value === "string") texts[name] = value;
  }
  return texts;
}

const listOf = (value: OptionValue | undefined): string[] =>
  Array.isArray(value) ? value.filter((one) => typeof one === "string") : [];

function isRecord(value: OptionValue | undefined): value is { readonly [name: string]: OptionValue } {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
