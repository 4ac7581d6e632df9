/** The user's module from its text: it imports nothing, and has one exported function. */
import { registerHooks } from "node:module";
import { moduleUrl } from "./explain.ts";

export type UserFunction = (event: unknown) => unknown;

/** @throws whatever the module throws, SyntaxError too; TypeError when it has not one function */
export async function loadFunction(source: string): Promise<UserFunction> {
  let isLoaded = false;
  registerHooks({
    resolve(specifier) {
      if (specifier !== moduleUrl || isLoaded)
        throw new TypeError(`'${specifier}' cannot be imported: code in a .flow file imports nothing`);
      isLoaded = true;
      return { url: moduleUrl, format: "module", shortCircuit: true };
    },
    load: () => ({ format: "module", source, shortCircuit: true }),
  });
  const exported: Readonly<Record<string, unknown>> = await import(moduleUrl);
  const functions = Object.entries(exported).filter(([, value]) => typeof value === "function");
  const chosen = functions.length === 1 ? functions[0] : functions.find(([name]) => name === "default");
  if (chosen === undefined)
    throw new TypeError(
      functions.length === 0
        ? "the code exports no function; it needs one: export default (event) => …"
        : `the code exports ${functions.length} functions (${functions.map(([name]) => name).join(", ")}); one must be the default: export default (event) => …`,
    );
  return chosen[1] as UserFunction;
}
