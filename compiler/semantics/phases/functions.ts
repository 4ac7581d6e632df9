/** Checks functions: the types of parameters and results, the body, and that none calls itself. */
import type { FnDeclaration } from "../../syntax/ast.ts";
import { checkFunction } from "../expressions/check-expression.ts";
import { scopeOf } from "../expressions.ts";
import { type Declared, reportIn } from "../program.ts";
import { noVariables } from "../scopes.ts";
import { typeOfExpression } from "../type-expressions.ts";
import { callsIn } from "../walk.ts";

/** All of them, those that call themselves too: a call of one is then no second mistake. */
export function checkFunctions(before: Omit<Declared, "functions" | "inlining">): ReadonlyMap<string, FnDeclaration> {
  const functions = new Map<string, FnDeclaration>();
  const { types, params } = before;
  const declared: Declared = { ...before, functions, inlining: { types, params, functions } };
  for (const symbol of declared.names.values.values()) {
    if (symbol.kind === "fn") functions.set(symbol.name, symbol.declaration as FnDeclaration);
  }
  const recursive = reportRecursive(declared, functions);
  let tooLarge = 0;
  for (const [name, fn] of functions) {
    if (tooLarge < mostTooLarge && checkOne(fn, recursive.has(name), declared)) continue;
    tooLarge++;
    functions.set(name, { ...fn, body: { kind: "error", span: fn.body.span } });
  }
  return functions;
}

/** After so many functions that grow too large the rest is not checked: each takes its time. */
const mostTooLarge = 5;

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

/** Functions on a circle of calls; each circle is reported once. Depth first, without recursion. */
function reportRecursive(declared: Declared, functions: ReadonlyMap<string, FnDeclaration>): ReadonlySet<string> {
  const recursive = new Set<string>();
  const state = new Map<string, "open" | "done">();
  for (const root of functions.keys()) {
    if (state.has(root)) continue;
    const stack = [{ name: root, calls: calledIn(root, functions), next: 0 }];
    state.set(root, "open");
    for (let top = stack.at(-1); top; top = stack.at(-1)) {
      const called = top.calls[top.next++];
      if (called === undefined) {
        state.set(top.name, "done");
        stack.pop();
      } else if (!state.has(called)) {
        state.set(called, "open");
        stack.push({ name: called, calls: calledIn(called, functions), next: 0 });
      } else if (state.get(called) === "open") {
        const path = stack.map(({ name }) => name);
        reportCircle(path.slice(path.indexOf(called)), recursive, declared);
      }
    }
  }
  return recursive;
}

function calledIn(name: string, functions: ReadonlyMap<string, FnDeclaration>): readonly string[] {
  return [...new Set(callsIn(functions.get(name)!.body).filter((called) => functions.has(called)))];
}

function reportCircle(circle: readonly string[], recursive: Set<string>, { names, program }: Declared): void {
  const symbol = names.values.get(circle[0]!)!;
  const fn = symbol.declaration as FnDeclaration;
  const isNew = !circle.some((name) => recursive.has(name));
  if (isNew)
    reportIn(program, symbol.at.file)("FLOW3032", fn.name.span, {
      name: fn.name.text,
      cycle: [...circle, circle[0]].join(" → "),
    });
  for (const name of circle) {
    recursive.add(name);
    names.meant.add(names.values.get(name)!);
  }
}
