/**
 * From a typed expression tree to JavaScript. The engine takes fragments and builds one function per stage around them;
 * `compileExpression` makes a function of a single tree. Code comes from the checked tree alone: every name in it is
 * made here, and every text of the tree is a JSON literal or a pooled value.
 */
import type { ExprTree } from "../../compiler/contract/expr-tree.ts";
import { ConstantPool } from "./emit/constant-pool.ts";
import type { EmitEnvironment, Fragment } from "./emit/context.ts";
import { emitMillisValue, emitRawTime } from "./emit/emit-millis.ts";
import { Emitter } from "./emit/emitter.ts";
import { EvaluationError } from "./evaluation-error.ts";

export { ConstantPool } from "./emit/constant-pool.ts";
export type { EmitEnvironment, Fragment } from "./emit/context.ts";
export { mayFail } from "./emit/may-fail.ts";
export { type Read, readsOf } from "./emit/reads-of.ts";

/** The tree's value, as `any`: what may be put into data. */
export function emitExpression(tree: ExprTree, environment: EmitEnvironment): Fragment {
  const emitter = new Emitter(environment);
  return emitter.fragment(emitter.boxed(tree));
}

/** The tree's value in the representation of its kind: a `double` is always a JavaScript number, a `timestamp` always a Timestamp. */
export function emitTyped(tree: ExprTree, environment: EmitEnvironment): Fragment {
  const emitter = new Emitter(environment);
  return emitter.fragment(emitter.value(tree));
}

/** A JavaScript boolean, for filters and routes. Fails on a value of another type. */
export function emitCondition(tree: ExprTree, environment: EmitEnvironment): Fragment {
  const emitter = new Emitter(environment);
  return emitter.fragment(emitter.condition(tree));
}

/** Milliseconds since the epoch of a timestamp, without making a Timestamp where the tree is a field of data. */
export function emitMillis(tree: ExprTree, environment: EmitEnvironment): Fragment {
  const emitter = new Emitter(environment);
  return emitter.fragment(emitMillisValue(emitter, tree));
}

/** A timestamp as it is at hand, for `timeValueMillis` to look at: its text, a Timestamp, or milliseconds. May read `event`. */
export function emitTimeValue(tree: ExprTree, environment: EmitEnvironment): Fragment {
  const emitter = new Emitter(environment);
  return emitter.fragment(emitRawTime(emitter, tree));
}

/**
 * A function of the variables, in the order given. Tables are looked up in `tables`, by name; aggregates are not available.
 * @param variables names of the tree's free variables
 */
export function compileExpression(
  tree: ExprTree,
  variables: readonly string[],
  tables: Readonly<Record<string, ReadonlyMap<string | number, unknown>>> = {},
): (...values: readonly unknown[]) => unknown {
  const pool = new ConstantPool();
  const environment = environmentOf(pool, variables, tables);
  const { statements, value } = emitExpression(tree, environment);
  const parameters = variables.map((_, index) => `v${index}`).join(", ");
  const source = `"use strict";\nreturn function (${parameters}) {\n${statements}\nreturn ${value};\n};`;
  // The text holds only names made by the emitter and JSON literals.
  return new Function(...pool.names, source)(...pool.values) as (...values: readonly unknown[]) => unknown;
}

/** Only a tree that was not fully checked reads what does not exist; CEL makes that an error of evaluation. */
function readUnknown(name: string): never {
  throw new EvaluationError("no-such-key", `undeclared reference to '${name}'`);
}

function environmentOf(
  pool: ConstantPool,
  variables: readonly string[],
  tables: Readonly<Record<string, ReadonlyMap<string | number, unknown>>>,
): EmitEnvironment {
  let count = 0;
  return {
    pool,
    fresh: () => `t${count++}`,
    variable(name) {
      const index = variables.indexOf(name);
      return index < 0 ? `${pool.ref(readUnknown)}(${JSON.stringify(name)})` : `v${index}`;
    },
    table: (name) => pool.ref(tables[name]),
  };
}
