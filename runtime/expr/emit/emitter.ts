/** The code generator: a tree to statements and an expression of JavaScript. Holds the state of one fragment; its parts do the work. */
import type { DynTree, ExprTree, Kind, LetTree } from "../../../compiler/contract/expr-tree.ts";
import { view } from "../view.ts";
import type { Emit, EmitEnvironment, Fragment, Local } from "./context.ts";
import { emitCall } from "./emit-call.ts";
import { emitList, emitRecord } from "./emit-collections.ts";
import { convert, emitConst, emitVariable, fromRaw } from "./emit-kinds.ts";
import { emitCondition, emitIf, emitLogic } from "./emit-logic.ts";
import { emitMacro } from "./emit-macro.ts";
import { emitHas, emitIndex, emitMaybe, emitRawDouble, emitSelect, emitTable } from "./emit-select.ts";
import { fold } from "./fold.ts";
import { isAtom } from "./names.ts";

export class Emitter implements Emit {
  readonly environment: EmitEnvironment;
  readonly #locals = new Map<string, Local>();
  readonly #temps: string[] = [];
  #lines: string[] = [];

  constructor(environment: EmitEnvironment) {
    this.environment = environment;
  }

  /** The whole fragment whose value is `value`, an expression made by this emitter. */
  fragment(value: string): Fragment {
    const declaration = this.#temps.length === 0 ? [] : [`let ${this.#temps.join(", ")};`];
    return { statements: [...declaration, ...this.#lines].join("\n"), value };
  }

  value(tree: ExprTree): string {
    switch (tree.op) {
      case "const":
        return emitConst(this, tree);
      case "var":
        return emitVariable(this, tree);
      case "select":
        return emitSelect(this, tree);
      case "has":
        return emitHas(this, tree);
      case "index":
        return emitIndex(this, tree);
      case "table":
        return emitTable(this, tree);
      case "call": {
        const folded = fold(tree);
        return folded.op === "call" ? emitCall(this, folded) : this.value(folded);
      }
      case "and":
      case "or":
        return emitLogic(this, tree);
      case "not":
        return `(!${emitCondition(this, tree.of)})`;
      case "if":
        return emitIf(this, tree);
      case "list":
        return emitList(this, tree);
      case "record":
        return emitRecord(this, tree);
      case "macro":
        return emitMacro(this, tree);
      case "let":
        return this.#emitLet(tree);
      case "dyn":
        return this.#emitDyn(tree);
      case "aggregate":
        return this.#emitAggregate(tree.slot, tree.kind);
    }
  }

  as(tree: ExprTree, kind: Kind): string {
    return convert(this, this.value(tree), tree.kind, kind);
  }

  boxed(tree: ExprTree): string {
    return this.as(tree, "any");
  }

  stored(tree: ExprTree): string {
    return tree.kind === "double" ? (emitRawDouble(this, tree) ?? this.boxed(tree)) : this.boxed(tree);
  }

  maybe(tree: ExprTree): string {
    return emitMaybe(this, tree);
  }

  condition(tree: ExprTree): string {
    return emitCondition(this, tree);
  }

  atom(js: string): string {
    if (isAtom(js)) return js;
    const temp = this.temp();
    this.line(`${temp} = ${js};`);
    return temp;
  }

  temp(): string {
    const name = this.environment.fresh();
    this.#temps.push(name);
    return name;
  }

  line(js: string): void {
    this.#lines.push(js);
  }

  nested(body: () => string): { readonly lines: readonly string[]; readonly value: string } {
    const outer = this.#lines;
    this.#lines = [];
    try {
      const value = body();
      return { lines: this.#lines, value };
    } finally {
      this.#lines = outer;
    }
  }

  ref(value: unknown): string {
    return this.environment.pool.ref(value);
  }

  local(name: string): Local | undefined {
    return this.#locals.get(name);
  }

  withLocal<T>(name: string, local: Local, body: () => T): T {
    const hidden = this.#locals.get(name);
    this.#locals.set(name, local);
    try {
      return body();
    } finally {
      if (hidden === undefined) this.#locals.delete(name);
      else this.#locals.set(name, hidden);
    }
  }

  #emitLet(tree: LetTree): string {
    const isOptional = tree.value.kind === "optional";
    const js = this.atom(isOptional ? this.maybe(tree.value) : this.value(tree.value));
    return this.withLocal(tree.name, { js, form: isOptional ? "maybe" : tree.value.kind }, () =>
      this.as(tree.body, tree.kind),
    );
  }

  #emitDyn(tree: DynTree): string {
    const value = this.boxed(tree.of);
    return tree.shape === undefined ? value : `${this.ref(view)}(${value}, ${this.ref(tree.shape)})`;
  }

  #emitAggregate(slot: number, kind: Kind): string {
    const js = this.environment.aggregate?.(slot);
    if (js === undefined) throw new Error(`bug: no aggregate ${slot} in this environment`);
    return fromRaw(this, js, kind);
  }
}
