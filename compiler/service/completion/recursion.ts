/** Functions are inlined, so that none may call itself. */
import type { Expression } from "../../syntax/ast.ts";
import { isCall } from "../hover.ts";
import { allParts } from "../syntax-path.ts";
import type { Probe } from "./probe.ts";

/** In a function: it and those that call it, which it must not call. */
export function callersOf({ tree, model, word }: Probe): ReadonlySet<string> {
  const own = tree.declarations.find(({ span }) => span.start < word.start && word.start <= span.end);
  if (own?.kind !== "fn") return new Set();
  const found = new Set([own.name.text]);
  for (let size = 0; size !== found.size; ) {
    size = found.size;
    for (const [name, { body }] of model.functions) if (calls(body, found)) found.add(name);
  }
  return found;
}

function calls(body: Expression, names: ReadonlySet<string>): boolean {
  for (const part of allParts(body)) if (isCall(part) && !part.receiver && names.has(part.name.text)) return true;
  return false;
}
