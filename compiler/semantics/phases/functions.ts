/** Checks functions: the types of parameters and results, the body, and that none calls itself. */
import type { Expression, FnDeclaration } from "../../syntax/ast.ts";
import { checkFunction } from "../expressions/check-expression.ts";
import { scopeOf } from "../expressions.ts";
import { type Declared, reportIn } from "../program.ts";
import { noVariables } from "../scopes.ts";
import { typeOfExpression } from "../type-expressions.ts";
import { callsIn } from "../walk.ts";

/** Fills `functions`, those that call themselves too: a call of one is then no second mistake. */
export function checkFunctions(declared: Declared, functions: Map<string, FnDeclaration>): void {
  for (const symbol of declared.names.values.values()) {
    if (symbol.kind === "fn") functions.set(symbol.name, symbol.declaration as FnDeclaration);
  }
  const recursive = reportRecursive(declared, functions);
  for (const [name, fn] of functions) {
    if (!checkOne(fn, recursive.has(name), declared)) functions.set(name, { ...fn, body: { kind: "error", span: fn.body.span } });
  }
}

/** False when the body grows too large as functions are written out in it; then no call of it is tried any more. */
function checkOne(fn: FnDeclaration, recursive: boolean, declared: Declared): boolean {
  const { names, program } = declared;
  const { file } = names.values.get(fn.name.text)!.at;
  const report = reportIn(program, file);
  const seen = new Set<string>();
  for (const { name, type } of fn.parameters) {
    if (seen.has(name.text)) report("FLOW2012", name.span, { name: name.text, what: "parameter" });
    seen.add(name.text);
    typeOfExpression(type, { file, report, names });
  }
  typeOfExpression(fn.result, { file, report, names });
  const scope = scopeOf({ file, report, variables: noVariables }, declared);
  let fits = true;
  checkFunction(fn, scope, (code, span, parameters, extras) => {
    if (code === "FLOW3030") fits = false;
    if (!recursive) report(code, span, parameters, extras);
  });
  return fits;
}

/** Functions on a circle of calls; each circle is reported once. */
function reportRecursive(declared: Declared, functions: ReadonlyMap<string, FnDeclaration>): ReadonlySet<string> {
  const calls = new Map<string, readonly string[]>();
  for (const [name, fn] of functions) calls.set(name, calledIn(fn.body, functions));
  const recursive = new Set<string>();
  for (const [name, fn] of functions) {
    const cycle = recursive.has(name) ? undefined : circleFrom(name, calls);
    if (!cycle) continue;
    const { file } = declared.names.values.get(name)!.at;
    reportIn(declared.program, file)("FLOW3032", fn.name.span, { name, cycle: cycle.join(" → ") });
    for (const each of cycle) {
      recursive.add(each);
      declared.names.meant.add(declared.names.values.get(each)!);
    }
  }
  return recursive;
}

function calledIn(body: Expression, functions: ReadonlyMap<string, FnDeclaration>): readonly string[] {
  return [...new Set(callsIn(body).filter((name) => functions.has(name)))];
}

/** The shortest way from a function back to itself. */
function circleFrom(start: string, calls: ReadonlyMap<string, readonly string[]>): string[] | undefined {
  const cameFrom = new Map<string, string>();
  const queue = [start];
  for (let at = queue.shift(); at !== undefined; at = queue.shift()) {
    for (const next of calls.get(at) ?? []) {
      if (next === start) return [...wayTo(at, start, cameFrom), start];
      if (cameFrom.has(next)) continue;
      cameFrom.set(next, at);
      queue.push(next);
    }
  }
  return undefined;
}

function wayTo(end: string, start: string, cameFrom: ReadonlyMap<string, string>): string[] {
  const way = [end];
  while (way[0] !== start) way.unshift(cameFrom.get(way[0]!)!);
  return way;
}
