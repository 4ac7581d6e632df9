/** Names for what a refactoring declares: none that is taken, and none that has a meaning already. */

import { connectors } from "../../catalog/connectors.ts";
import { functions } from "../../catalog/functions.ts";
import type { Model } from "../../semantics/model.ts";
import { expressionVariables, reservedWords, scalarTypeNames, testWords } from "../../semantics/reserved.ts";

const builtIn: ReadonlySet<string> = new Set([
  ...functions.flatMap(({ name }) => name.split(".")),
  ...connectors.map(({ name }) => name),
  ...expressionVariables,
  ...reservedWords,
  ...scalarTypeNames,
  ...testWords,
  "cel",
]);

/** A name of letters, digits and `_`, as declarations have them: `same-card` → `same_card`. */
export function nameFrom(text: string, otherwise: string): string {
  const plain = text
    .replace(/([a-z0-9])([A-Z])/g, "$1_$2")
    .toLowerCase()
    .replace(/[^a-z0-9_]+/g, "_")
    .replace(/^[^a-z]+|_+$/g, "")
    .slice(0, 40);
  return plain === "" ? otherwise : plain;
}

export function freeName(wanted: string, model: Model, alsoTaken: ReadonlySet<string> = new Set()): string {
  const taken = new Set(model.symbols.map(({ name }) => name));
  const isFree = (name: string): boolean => !taken.has(name) && !builtIn.has(name) && !alsoTaken.has(name);
  if (isFree(wanted)) return wanted;
  let n = 2;
  while (!isFree(`${wanted}_${n}`)) n++;
  return `${wanted}_${n}`;
}

/** `new_orders` → `NewOrder`. */
export function typeNameFrom(source: string, model: Model): string {
  const singular = source.replace(/(?<=[^s]{2})s$/, "");
  const pascal = singular.replace(/(^|_)([a-z0-9])/g, (_, _mark, letter: string) => letter.toUpperCase());
  const taken = new Set(model.symbols.map(({ name }) => name));
  let name = pascal;
  for (let n = 2; taken.has(name); n++) name = `${pascal}${n}`;
  return name;
}
