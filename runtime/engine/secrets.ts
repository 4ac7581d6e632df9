/** Puts the values of secrets where a plan names them. */
import type { ConnectorPlan, OptionValue } from "../../compiler/contract/runtime-config.ts";
import type { RunServices } from "./run-services.ts";
import { RuntimeError } from "./runtime-error.ts";

type Options = ConnectorPlan["options"];

/** Where `flow run` finds a secret: `secret("db", "url")` is `FLOW_SECRET_DB_URL` in its environment. */
export const secretVariable = (name: string, key: string): string =>
  `FLOW_SECRET_${name}_${key}`.replace(/[^A-Za-z0-9]+/g, "_").toUpperCase();

/** @throws RuntimeError "bad-config" when there is no such secret */
export function withSecrets(options: Options, services: RunServices): Options {
  return Object.fromEntries(Object.entries(options).map(([name, value]) => [name, withSecret(value, services)]));
}

function withSecret(value: OptionValue, services: RunServices): OptionValue {
  if (typeof value !== "object" || value === null || "expr" in value) return value;
  if (Array.isArray(value)) return value.map((item: OptionValue) => withSecret(item, services));
  const secret = secretOf(value);
  if (secret === undefined) return withSecrets(value as Options, services);
  const found = services.secret?.(secret.name, secret.key);
  if (found === undefined)
    throw new RuntimeError(
      "bad-config",
      `There is no secret '${secret.name}' with the key '${secret.key}'. 'flow run' reads it from the environment: ${secretVariable(secret.name, secret.key)}.`,
    );
  return found;
}

function secretOf(value: OptionValue): { readonly name: string; readonly key: string } | undefined {
  if (typeof value !== "object" || value === null || !("secret" in value)) return undefined;
  const { secret } = value as { readonly secret: unknown };
  if (typeof secret !== "object" || secret === null || !("name" in secret) || !("key" in secret)) return undefined;
  return { name: String(secret.name), key: String(secret.key) };
}
