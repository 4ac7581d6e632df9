/** Macros as plain loops: no closure, no iterator. Each loop's body is hoisted before the expression that uses its result. */
import type { ExprTree, MacroTree } from "../../../compiler/contract/expr-tree.ts";
import { sortByKeys } from "../library/lists.ts";
import { elementsOf, makeMap, mergeEntries, pairsOf } from "../maps.ts";
import type { Emit } from "./context.ts";
import { mayFail } from "./may-fail.ts";

export function emitMacro(emit: Emit, tree: MacroTree): string {
  switch (tree.macro) {
    case "all":
      return emitQuantifier(emit, tree, true);
    case "exists":
      return emitQuantifier(emit, tree, false);
    case "exists_one":
      return emitExistsOne(emit, tree);
    case "map":
    case "transform_list":
      return collect(emit, tree, () => emit.stored(resultOf(tree)));
    case "filter":
      return emitFilter(emit, tree);
    case "transform_map":
      return `${emit.ref(makeMap)}(${collect(emit, tree, (key) => `[${key}, ${emit.stored(resultOf(tree))}]`)})`;
    case "transform_map_entry":
      return `${emit.ref(mergeEntries)}(${collect(emit, tree, () => emit.boxed(resultOf(tree)))})`;
    case "sort_by":
      return emitSortBy(emit, tree);
  }
}

function resultOf(tree: MacroTree): ExprTree {
  if (tree.result === undefined) throw new Error(`bug: macro ${tree.macro} without a result`);
  return tree.result;
}

function testOf(tree: MacroTree): ExprTree {
  if (tree.test === undefined) throw new Error(`bug: macro ${tree.macro} without a test`);
  return tree.test;
}

/** The loop over the elements. `body` gets the identifiers of the index (or key) and the element and gives its statements. */
function loop(emit: Emit, tree: MacroTree, body: (index: string, item: string) => string): void {
  const counter = emit.environment.fresh();
  const item = emit.environment.fresh();
  const key = emit.environment.fresh();
  const isList = tree.over.kind === "list";
  const pairs = tree.index !== undefined && !isList;
  const over = isList ? emit.value(tree.over) : `${emit.ref(pairs ? pairsOf : elementsOf)}(${emit.boxed(tree.over)})`;
  const list = emit.atom(over);
  const head = pairs
    ? `const ${key} = ${list}[${counter}][0], ${item} = ${list}[${counter}][1];`
    : `const ${item} = ${list}[${counter}];`;
  const run = () => body(pairs ? key : counter, item);
  const statements = emit.withLocal(tree.item, { js: item, form: "raw" }, () =>
    tree.index === undefined
      ? run()
      : emit.withLocal(tree.index, pairs ? { js: key, form: "raw" } : { js: counter, form: "int" }, run),
  );
  emit.line(`for (let ${counter} = 0; ${counter} < ${list}.length; ${counter}++) { ${head} ${statements} }`);
}

function condition(emit: Emit, tree: ExprTree): { readonly lines: string; readonly value: string } {
  const { lines, value } = emit.nested(() => emit.condition(tree));
  return { lines: lines.join(" "), value };
}

/** `all` stops at the first false, `exists` at the first true; an error counts only when nothing decides. */
function emitQuantifier(emit: Emit, tree: MacroTree, all: boolean): string {
  const test = testOf(tree);
  const result = emit.temp();
  const fails = test.kind !== "bool" || mayFail(test);
  const error = fails ? emit.temp() : undefined;
  emit.line(`${result} = ${all};${error === undefined ? "" : ` ${error} = undefined;`}`);
  loop(emit, tree, () => {
    const { lines, value } = condition(emit, test);
    const body = `${lines} if (${all ? "!" : ""}${value}) { ${result} = ${!all}; break; }`;
    return error === undefined ? body : `try { ${body} } catch (e) { ${error} = e; }`;
  });
  if (error !== undefined) emit.line(`if (${all ? "" : "!"}${result} && ${error} !== undefined) throw ${error};`);
  return result;
}

function emitExistsOne(emit: Emit, tree: MacroTree): string {
  const count = emit.temp();
  emit.line(`${count} = 0;`);
  loop(emit, tree, () => {
    const { lines, value } = condition(emit, testOf(tree));
    return `${lines} if (${value}) ${count}++;`;
  });
  return `(${count} === 1)`;
}

function emitFilter(emit: Emit, tree: MacroTree): string {
  const result = emit.temp();
  emit.line(`${result} = [];`);
  loop(emit, tree, (_, item) => {
    const { lines, value } = condition(emit, testOf(tree));
    return `${lines} if (${value}) ${result}.push(${item});`;
  });
  return result;
}

/** A list of what `element` gives for each element (for which the test holds). */
function collect(emit: Emit, tree: MacroTree, element: (index: string, item: string) => string): string {
  const result = emit.temp();
  emit.line(`${result} = [];`);
  loop(emit, tree, (index, item) => {
    const made = emit.nested(() => element(index, item));
    const push = `${made.lines.join(" ")} ${result}.push(${made.value});`;
    if (tree.test === undefined) return push;
    const { lines, value } = condition(emit, tree.test);
    return `${lines} if (${value}) { ${push} }`;
  });
  return result;
}

function emitSortBy(emit: Emit, tree: MacroTree): string {
  const list = emit.atom(emit.as(tree.over, "list"));
  const name = emit.environment.fresh();
  const over: ExprTree = { op: "var", kind: "list", name };
  const keys = emit.withLocal(name, { js: list, form: "list" }, () =>
    collect(emit, { ...tree, over }, () => emit.boxed(resultOf(tree))),
  );
  return `${emit.ref(sortByKeys)}(${list}, ${keys})`;
}
