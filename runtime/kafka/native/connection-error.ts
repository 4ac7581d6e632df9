/** Why a broker could not be reached, in words that name it and the cure. */
import { messageOf } from "../../engine/runtime-error.ts";
import type { KafkaConnection } from "../client.ts";
import { errorRow } from "../error-table.ts";
import { KafkaError } from "../kafka-error.ts";
import { type BrokerAddress, nameOf } from "./broker-address.ts";

/** Final where only another setting helps; retryable where the same is seen of a broker that is just starting or stopping. */
export function connectionError(error: unknown, address: BrokerAddress, kafka: KafkaConnection): KafkaError {
  const { codes, texts, root, saslCode } = factsOf(error);
  const broker = `The broker ${nameOf(address)}`;
  const final = (text: string) => new KafkaError("authentication", text, { cause: error });
  const passing = (text: string) => new KafkaError("unavailable", text, { cause: error, retryable: true });

  if (texts.includes("Broker requires TLS"))
    return final(`${broker} expects TLS. Add \`tls\`, or use its port without TLS.`);
  if (codes.has("ERR_SSL_WRONG_VERSION_NUMBER")) return final(noTls(broker));
  if (texts.includes("TLS handshake failed")) return passing(noTls(broker));
  const untrusted = [...codes].find((code) => untrustedCodes.has(code));
  if (untrusted)
    return final(
      `The certificate of the broker ${nameOf(address)} is not trusted (${untrusted}). Give the certificate of its authority as \`tls ca\`.`,
    );
  if (codes.has("ERR_TLS_CERT_ALTNAME_INVALID"))
    return final(
      `The certificate of the broker ${nameOf(address)} is for another host. Use the host name that is in the certificate.`,
    );
  if ([...codes].some((code) => code.startsWith("ERR_OSSL") || code.startsWith("ERR_TLS")))
    return final(`A certificate or key of \`tls\` cannot be used (${root}). They are PEM texts.`);
  if (saslCode !== undefined) return final(`${broker} refuses the login${loginOf(kafka)}. ${saslCure(saslCode)}`);
  if (codes.has("ECONNREFUSED"))
    return passing(
      `Nobody listens at ${nameOf(address)} (ECONNREFUSED). Is the broker running, and is the address right?`,
    );
  if (codes.has("ENOTFOUND") || codes.has("EAI_AGAIN"))
    return passing(`The host of the broker ${nameOf(address)} is not known. Is the name right?`);
  return passing(`${broker} does not answer (${root}).${hint(kafka)}`);
}

const noTls = (broker: string): string =>
  `${broker} does not speak TLS at this port. Leave out \`tls\`, or use its port with TLS.`;

function loginOf({ sasl }: KafkaConnection): string {
  return sasl ? ` of '${sasl.username}' by ${sasl.mechanism}` : "";
}

const saslAuthenticationFailed = 58;

function saslCure(code: number): string {
  return code === saslAuthenticationFailed ? "Check user name, password and mechanism." : errorRow(code).text;
}

/** Kafka hangs up without a word where it expects something else. */
function hint({ tls, sasl }: KafkaConnection): string {
  if (tls) return "";
  return sasl ? " Does it expect `tls`?" : " Does it expect `tls` or `sasl`?";
}

const untrustedCodes = new Set([
  "SELF_SIGNED_CERT_IN_CHAIN",
  "DEPTH_ZERO_SELF_SIGNED_CERT",
  "UNABLE_TO_VERIFY_LEAF_SIGNATURE",
  "UNABLE_TO_GET_ISSUER_CERT",
  "UNABLE_TO_GET_ISSUER_CERT_LOCALLY",
  "CERT_HAS_EXPIRED",
  "CERT_NOT_YET_VALID",
  "CERT_SIGNATURE_FAILURE",
  "CERT_UNTRUSTED",
]);

interface Facts {
  readonly codes: ReadonlySet<string>;
  readonly texts: string;
  /** The first cause. */
  readonly root: string;
  /** That the broker gave. */
  readonly saslCode: number | undefined;
}

function factsOf(error: unknown): Facts {
  const chain = [...causes(error, 0)];
  return {
    codes: new Set(chain.map((one) => field(one, "code")).filter((code) => typeof code === "string")),
    texts: chain.map(messageOf).join(": "),
    root: messageOf(chain.at(-1) ?? error),
    saslCode: chain.map((one) => field(one, "apiCode")).find((code) => typeof code === "number"),
  };
}

const deepest = 8;

function* causes(error: unknown, depth: number): Generator<Error> {
  if (!(error instanceof Error) || depth > deepest) return;
  yield error;
  yield* causes(error.cause, depth + 1);
  if (error instanceof AggregateError) for (const one of error.errors) yield* causes(one, depth + 1);
}

function field(error: Error, name: "code" | "apiCode"): unknown {
  return Object.getOwnPropertyDescriptor(error, name)?.value;
}
