/** Reads the parts of IR clauses by their catalogue names; a missing part takes the catalogue's default. */

import type { IrClause, IrExpression, IrValue } from "../../ir/ir.ts";
import { clauseById } from "../../ir/rows-by-id.ts";
import type { Constant } from "../../semantics/model.ts";
import { durationMs } from "./duration-text.ts";

/** The parts of a clause by name. */
export interface Parts {
  get(name: string): IrValue | undefined;
}

/** They are few, and mostly one is asked for: looking through them is cheaper than a map. */
class ClauseParts implements Parts {
  readonly #values: IrClause["values"];

  constructor(values: IrClause["values"]) {
    this.#values = values;
  }

  get(name: string): IrValue | undefined {
    for (const value of this.#values) if (value[0] === name) return value[1];
    return undefined;
  }
}

export const partsOf = (clause: IrClause): Parts => new ClauseParts(clause.values);

/** The clause that `keyword` begins, undefined when it was not written. */
export function clauseOf(clauses: readonly IrClause[], keyword: string): Parts | undefined {
  const clause = clauses.find((one) => one.keyword === keyword);
  return clause && partsOf(clause);
}

export function exprPart(parts: Parts | undefined, name: string): IrExpression | undefined {
  const value = parts?.get(name);
  return value?.kind === "expr" ? value.value : undefined;
}

export function exprsPart(parts: Parts | undefined, name: string): readonly IrExpression[] {
  const value = parts?.get(name);
  if (value?.kind === "exprs") return value.values;
  return value?.kind === "expr" ? [value.value] : [];
}

export function wordPart(parts: Parts | undefined, name: string): string | undefined {
  const value = parts?.get(name);
  return value?.kind === "word" ? value.value : undefined;
}

export function constantPart(parts: Parts | undefined, name: string): Constant | undefined {
  const value = parts?.get(name);
  return value?.kind === "constant" ? value.value : undefined;
}

export function numberPart(parts: Parts | undefined, name: string): number | undefined {
  const value = constantPart(parts, name);
  if (typeof value === "number") return value;
  if (typeof value === "bigint") return Number(value);
  return typeof value === "object" && value !== null && "bytes" in value ? value.bytes : undefined;
}

export function stringPart(parts: Parts | undefined, name: string): string | undefined {
  const value = constantPart(parts, name);
  return typeof value === "string" ? value : undefined;
}

export function msPart(parts: Parts | undefined, name: string): number | undefined {
  const value = constantPart(parts, name);
  return value === undefined ? undefined : msOf(value);
}

/** Milliseconds of a duration constant; a bare string is read as .flow writes durations. */
export function msOf(value: Constant): number | undefined {
  if (typeof value === "object" && value !== null && "ms" in value) return value.ms;
  return typeof value === "string" ? durationMs(value) : undefined;
}

/** The default of a part as .flow writes it. */
export function defaultOf(row: string, part: string): string | undefined {
  return clauseById(row)?.row.parts.find((one) => one.name === part)?.default;
}
