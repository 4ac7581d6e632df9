/** Reads a runtime config that comes from outside, a file or a ConfigMap. What the compiler has just made needs no reading. */

import type { RuntimeConfig } from "../../compiler/contract/runtime-config.ts";
import { runtimeConfigSchema } from "../../compiler/contract/runtime-config-schema.ts";
import { messageOf, RuntimeError } from "./runtime-error.ts";

const mostProblems = 5;

/**
 * Validated against the published JSON Schema; ajv is loaded only here.
 * @throws RuntimeError "bad-config" that names what is wrong and where.
 */
export async function readConfig(text: string): Promise<RuntimeConfig> {
  const value = parsed(text);
  // By its default: a bundle has no other names of what was written as CommonJS.
  const { default: ajvModule } = await import("ajv/dist/2020.js");
  const ajv = new ajvModule.Ajv2020({
    discriminator: true,
    strict: true,
    strictRequired: false,
    allowUnionTypes: true,
    allErrors: false,
  });
  const validate = ajv.compile<RuntimeConfig>(runtimeConfigSchema);
  if (validate(value)) return value;
  const problems = (validate.errors ?? [])
    .slice(0, mostProblems)
    .map((error) => `${error.instancePath || "/"} ${error.message ?? "is wrong"}`);
  throw new RuntimeError("bad-config", `This is not a runtime config: ${problems.join("; ")}.`);
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new RuntimeError("bad-config", `This is not JSON: ${messageOf(cause)}`, { cause });
  }
}
