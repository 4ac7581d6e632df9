/** Chooses the overload of a function for the types of its arguments. */
import type { FunctionRow, Overload } from "../../catalog/rows.ts";
import type { TypeTable, ValueType } from "../../contract/value-type.ts";
import { type Bindings, hasVariables, matches, patternOf, substitute } from "../type-pattern.ts";
import { anyType, doubleType, isOpen } from "../types.ts";

export interface Candidate {
  readonly type: ValueType;
  /** An int literal: may become a double. */
  readonly adapts: boolean;
}
export interface Choice {
  readonly result: ValueType;
  /** Which arguments become doubles. */
  readonly adapted: readonly boolean[];
}

/** Undefined when no overload takes these arguments. Where several do, because an argument is `any`, the result may be `any`. */
export function chooseOverload(row: FunctionRow, args: readonly Candidate[], types: TypeTable): Choice | undefined {
  return (
    choose(row, args, types, false) ?? (args.some((arg) => arg.adapts) ? choose(row, args, types, true) : undefined)
  );
}

function choose(row: FunctionRow, args: readonly Candidate[], types: TypeTable, adapt: boolean): Choice | undefined {
  const dynamic = args.some((arg) => hasOpen(arg.type));
  let chosen: Choice | undefined;
  for (const overload of row.overloads) {
    const choice = match(overload, args, types, adapt);
    if (!choice) continue;
    if (!dynamic) return choice;
    if (!chosen) chosen = choice;
    else if (JSON.stringify(chosen.result) !== JSON.stringify(choice.result)) return { ...chosen, result: anyType };
  }
  return chosen;
}

/** Anything not known for sure makes more than one overload possible: `any`, and unions of several kinds. */
function hasOpen(type: ValueType): boolean {
  return (
    isOpen(type) ||
    type.kind === "union" ||
    (type.kind === "list" && hasOpen(type.element)) ||
    (type.kind === "optional" && hasOpen(type.of))
  );
}

/** The parameters of an overload for so many arguments; undefined when it takes another number. `T...` repeats. */
export function parametersFor(overload: Overload, count: number): readonly string[] | undefined {
  const last = overload.parameters.at(-1);
  if (last?.endsWith("...")) {
    const fixed = overload.parameters.length - 1;
    if (count <= fixed) return undefined;
    return [...overload.parameters.slice(0, -1), ...Array.from({ length: count - fixed }, () => last.slice(0, -3))];
  }
  return overload.parameters.length === count ? overload.parameters : undefined;
}

function match(overload: Overload, args: readonly Candidate[], types: TypeTable, adapt: boolean): Choice | undefined {
  const parameters = parametersFor(overload, args.length);
  if (!parameters) return undefined;
  const fixed = fixedResult(overload);
  const bindings: Bindings = fixed ? noBindings : new Map();
  for (let i = 0; i < args.length; i++) {
    const { type, adapts } = args[i]!;
    if (!adapts && !matches(patternOf(parameters[i]!), type, bindings, types)) return undefined;
  }
  // Literals come last, so that they can follow what the others have bound.
  const adapted: boolean[] = [];
  for (let i = 0; i < args.length; i++) {
    const { type, adapts } = args[i]!;
    adapted.push(false);
    if (!adapts) continue;
    const pattern = patternOf(parameters[i]!);
    adapted[i] =
      (pattern.kind === "variable" && isDouble(bindings.get(pattern.name))) ||
      (adapt && pattern.kind === "scalar" && pattern.name === "double");
    if (!matches(pattern, adapted[i] ? doubleType : type, bindings, types)) return undefined;
  }
  return { result: fixed ?? substitute(patternOf(overload.result), bindings), adapted };
}

/** For overloads without type variables, which bind nothing. */
const noBindings: Bindings = new Map();

const fixedResults = new Map<Overload, ValueType | undefined>();

/** The result of an overload without type variables. */
function fixedResult(overload: Overload): ValueType | undefined {
  if (fixedResults.has(overload)) return fixedResults.get(overload);
  const texts = [...overload.parameters.map((text) => text.replace("...", "")), overload.result];
  const result = texts.some((text) => hasVariables(patternOf(text)))
    ? undefined
    : substitute(patternOf(overload.result), noBindings);
  fixedResults.set(overload, result);
  return result;
}

const isDouble = (type: ValueType | undefined): boolean =>
  type?.kind === "double" ||
  (type?.kind === "union" && type.members.every((member) => member.kind === "double" || member.kind === "null"));
