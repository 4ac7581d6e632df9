/** All functions, operators, macros and aggregates of expressions, and the ways to look them up. */
import { aggregateFunctions } from "./functions-aggregates.ts";
import { conversionFunctions } from "./functions-conversions.ts";
import { encodingFunctions } from "./functions-encoding.ts";
import { listFunctions } from "./functions-lists.ts";
import { macroFunctions } from "./functions-macros.ts";
import { mathFunctions } from "./functions-math.ts";
import { operatorFunctions } from "./functions-operators.ts";
import { optionalFunctions } from "./functions-optional.ts";
import { streamFunctions } from "./functions-stream.ts";
import { stringFunctions } from "./functions-strings.ts";
import { timeFunctions } from "./functions-time.ts";
import type { FunctionRow } from "./rows.ts";

/** In the order of docs and completion. A name may occur as a function and again as an aggregate (`first`, `distinct`). */
export const functions: readonly FunctionRow[] = [
  ...stringFunctions,
  ...listFunctions,
  ...macroFunctions,
  ...optionalFunctions,
  ...conversionFunctions,
  ...timeFunctions,
  ...mathFunctions,
  ...encodingFunctions,
  ...streamFunctions,
  ...operatorFunctions,
  ...aggregateFunctions,
];

/** Every function that is called as such: no operators, macros or aggregates. Namespaced ones by their full name, `math.greatest`. */
export const callableByName: ReadonlyMap<string, FunctionRow> = new Map(
  functions
    .filter((row) => row.style === "global" || row.style === "method" || row.style === "both")
    .map((row) => [row.name, row]),
);
export const operatorByName: ReadonlyMap<string, FunctionRow> = new Map(
  operatorFunctions.map((row) => [row.name, row]),
);
export const macroByName: ReadonlyMap<string, FunctionRow> = new Map(macroFunctions.map((row) => [row.name, row]));
export const aggregateByName: ReadonlyMap<string, FunctionRow> = new Map(
  aggregateFunctions.map((row) => [row.name, row]),
);

/** What stands before the dot of a namespaced function: `math`, `optional`, `base64`, …. */
export const namespaces: ReadonlySet<string> = new Set(
  functions
    .filter((row) => row.style !== "operator" && row.name.includes("."))
    .map((row) => row.name.slice(0, row.name.indexOf("."))),
);
