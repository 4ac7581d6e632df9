/** Chooses the overload of a function for the types of its arguments. */
import type { FunctionRow, Overload } from "../../catalog/rows.ts";
import type { TypeTable, ValueType } from "../../contract/value-type.ts";
import { type Bindings, matches, patternOf, substitute } from "../type-pattern.ts";
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
  const patterns = parameters.map(patternOf);
  const bindings: Bindings = new Map();
  const adapted = args.map(() => false);
  // Literals come last, so that they can follow what the others have bound.
  const order = args.map((_, i) => i).sort((a, b) => Number(args[a]!.adapts) - Number(args[b]!.adapts));
  for (const i of order) {
    const pattern = patterns[i]!;
    const { type, adapts } = args[i]!;
    const wantsDouble =
      (pattern.kind === "variable" && isDouble(bindings.get(pattern.name))) ||
      (adapt && pattern.kind === "scalar" && pattern.name === "double");
    if (adapts && wantsDouble) adapted[i] = true;
    if (!matches(pattern, adapted[i] ? doubleType : type, bindings, types)) return undefined;
  }
  return { result: substitute(patternOf(overload.result), bindings), adapted };
}

const isDouble = (type: ValueType | undefined): boolean =>
  type?.kind === "double" ||
  (type?.kind === "union" && type.members.every((member) => member.kind === "double" || member.kind === "null"));
