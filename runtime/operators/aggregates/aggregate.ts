/**
 * What an aggregate is: data from which accumulator code is generated. Its state is a few fields of the group's object, so that adding
 * an event costs no call and no allocation. One file per aggregate; `aggregates.ts` is their list.
 *
 * Adding has two halves, so that an event whose second aggregate fails does not half count: `prepare` may throw and changes nothing,
 * `commit` changes and cannot throw. State is mergeable: two groups that saw two halves of a stream give the group that saw both.
 */
import type { Kind } from "../../../compiler/contract/expr-tree.ts";
import { ownText } from "../../expr/own-text.ts";

export interface AggregateEmission {
  /** JavaScript identifiers that hold the present event's arguments, each in the representation of `any`. */
  readonly args: readonly string[];
  /** The static kinds of the arguments. */
  readonly kinds: readonly Kind[];
  /** The JavaScript of a field of the group that is added to: `group.a0n`. */
  field(name: string, group?: string): string;
  /** The JavaScript of the present event's time, ms since 1970. Never fails. */
  readonly timeMs: string;
  /** A local name, the same in `prepare` and `commit`. */
  local(name: string): string;
  /** Makes a value of the engine visible in the generated code. */
  bind(value: unknown): string;
}

export interface Aggregate {
  /** Its fields and the JavaScript of their values before the first event. */
  init(emission: AggregateEmission): Readonly<Record<string, string>>;
  /** Statements; may throw, change nothing. */
  prepare?(emission: AggregateEmission): string;
  /** Statements; change the fields, never throw. */
  commit(emission: AggregateEmission): string;
  /** Statements that add the fields of the group `from` to those of `group`; may throw where `mayFailToMerge` says so. `from` is left as it is. */
  merge(emission: AggregateEmission, from: string): string;
  /** Each half of a stream can be fine, and the whole not: a sum too great, values without a common order. */
  mayFailToMerge?(emission: AggregateEmission): boolean;
  /** An expression, in the representation of the aggregate's static kind. May be asked for many times. */
  result(emission: AggregateEmission): string;
}

/** The JavaScript of an argument as it may be kept: a part of a text would keep the whole text. */
export const kept = (e: AggregateEmission, arg: number): string =>
  isNumberKind(e.kinds[arg]) || e.kinds[arg] === "bool" ? e.args[arg]! : `${e.bind(ownText)}(${e.args[arg]})`;

/** Kinds whose values JavaScript's own operators order and add: numbers of one type. */
export const isNumberKind = (kind: Kind | undefined): boolean => kind === "int" || kind === "double";

/** Kinds whose values always have an order among themselves. */
export const isOrderedKind = (kind: Kind | undefined): boolean => isNumberKind(kind) || kind === "string";
