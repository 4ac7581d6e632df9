/** The type of a source that declares none, from what the pipeline does with its events. */
import { aggregateByName, callableByName } from "../../catalog/functions.ts";
import type { FunctionRow } from "../../catalog/rows.ts";
import type { ValueType } from "../../contract/value-type.ts";
import { boundVariables } from "../../semantics/expressions/inlining-rules.ts";
import type { Model, ModelNode } from "../../semantics/model.ts";
import {
  anyType,
  baseOfLiteral,
  boolType,
  doubleType,
  intType,
  listOf,
  nullType,
  recordOf,
  stringType,
  timestampType,
  unionOf,
} from "../../semantics/types.ts";
import type { ArgumentValue, CallExpression, Clause, Expression } from "../../syntax/ast.ts";
import { partsOf } from "../syntax-path.ts";
import { isExpression } from "./selected.ts";

/** What was seen of one place of the events. */
interface Shape {
  readonly kinds: Set<Kind>;
  readonly fields: Map<string, Shape>;
  element: Shape | undefined;
  optional: boolean;
  /** Fields that a step has set: they are not of the source. */
  readonly own: ReadonlySet<string>;
}
/** `number` is an int or a double, whichever others say. */
type Kind = "bool" | "int" | "double" | "number" | "string" | "timestamp" | "null" | "other";

/** What names stand for: `data`, aliases of joins (whose `data` is it), variables of macros. */
type Names = ReadonlyMap<string, Shape>;

const nothingSeen = (): Shape => ({
  kinds: new Set(),
  fields: new Map(),
  element: undefined,
  optional: false,
  own: new Set(),
});

/** A record of the fields that are read; undefined when none is. */
export function usedType(source: ModelNode, model: Model): ValueType | undefined {
  const root = nothingSeen();
  const use = new Use(model);
  for (const clause of source.clauses) use.clause(clause.syntax, new Map([["data", root]]));
  follow(source, root, use, new Set());
  return root.fields.size === 0 ? undefined : typeOf(root);
}

/** What gives other events than it takes. */
const remaking = new Set(["map", "expand", "flatten", "unflatten", "container", "process", "code"]);

function follow(node: ModelNode, root: Shape, use: Use, met: Set<ModelNode>): void {
  for (const { node: reader, input } of node.readers) {
    if (input.output !== "main" || met.has(reader)) continue;
    met.add(reader);
    const names: Map<string, Shape> = new Map([["data", root]]);
    if (input.where) use.expression(input.where.syntax, names, "bool");
    if (input.alias !== undefined) {
      names.delete("data");
      names.set(input.alias, { ...nothingSeen(), fields: new Map([["data", root]]) });
    } else if (reader.inputs.length > 1) continue;
    const passes = through(reader, names, use);
    if (passes) follow(reader, passes, use, met);
  }
}

/** Looks at the clauses of a reader; what it passes on, when those are the events still. */
function through(reader: ModelNode, names: Map<string, Shape>, use: Use): Shape | undefined {
  let isStill = true;
  for (const clause of reader.declaration.clauses) {
    if (!isStill && reader.kind === "step") return undefined;
    use.clause(clause, names);
    if (remaking.has(clause.keyword.text)) isStill = false;
    if (clause.keyword.text === "set") {
      // A field that is set is no longer the source's.
      const data = names.get("data");
      const path = clause.arguments.find(({ value }) => value.kind === "path")?.value;
      const set = path?.kind === "path" ? path.steps[0]?.text : undefined;
      if (data && set !== undefined) names.set("data", withOwn(data, set));
    }
  }
  const isPassing =
    reader.kind === "step" || (reader.kind === "chunk" && reader.clauses.every((c) => c.keyword !== "emit"));
  return isStill && isPassing ? names.get("data") : undefined;
}

/** The same events, one field of which is somebody else's. */
const withOwn = (data: Shape, field: string): Shape => ({ ...data, own: new Set([...data.own, field]) });

class Use {
  readonly #model: Model;

  constructor(model: Model) {
    this.#model = model;
  }

  clause({ row, keyword, arguments: given }: Clause, names: Names): void {
    for (const { value } of given) this.#argument(value, names, wantedBy(row, keyword.text));
  }

  #argument(value: ArgumentValue, names: Names, want: Kind | undefined): void {
    if (value.kind === "many") for (const one of value.values) this.#argument(one, names, want);
    else if (value.kind === "block") for (const clause of value.clauses) this.clause(clause, names);
    else if (value.kind === "path") {
      const data = names.get("data");
      if (data && want === "other")
        place(
          data,
          value.steps.map(({ text }) => text),
        );
    } else if (isExpression(value)) this.expression(value, names, want === "other" ? undefined : want);
  }

  expression(e: Expression, names: Names, want?: Kind): void {
    const shape = this.#shapeOf(e, names);
    if (shape) {
      if (want) shape.kinds.add(want);
      return;
    }
    switch (e.kind) {
      case "parentheses":
        this.expression(e.of, names, want);
        break;
      case "unary":
        this.expression(e.of, names, e.operator === "!" ? "bool" : "number");
        break;
      case "conditional":
        this.expression(e.test, names, "bool");
        this.expression(e.then, names, want);
        this.expression(e.else, names, want);
        break;
      case "binary":
        this.#binary(e, names, want);
        break;
      case "call":
        this.#call(e, names);
        break;
      default:
        for (const part of partsOf(e)) this.#part(part, names);
    }
  }

  #part(part: object, names: Names): void {
    if ("kind" in part && isExpression(part as Expression)) this.expression(part as Expression, names);
    else if ("value" in part && typeof part.value === "object" && part.value !== null) {
      if ("key" in part && "kind" in part && part.kind === "computed") this.expression(part.key as Expression, names);
      this.expression(part.value as Expression, names);
    }
  }

  #binary(e: Extract<Expression, { readonly kind: "binary" }>, names: Names, want: Kind | undefined): void {
    if (e.operator === "&&" || e.operator === "||") {
      this.expression(e.left, names, "bool");
      this.expression(e.right, names, "bool");
      return;
    }
    if (e.operator === "in") {
      const [item] = e.right.kind === "list" ? e.right.items : [];
      this.expression(e.left, names, item && this.#kindOf(item.value));
      this.expression(e.right, names);
      return;
    }
    const isArithmetic = ["+", "-", "*", "/", "%"].includes(e.operator);
    const otherwise = !isArithmetic ? undefined : e.operator === "%" ? "int" : e.operator === "+" ? want : "number";
    this.expression(e.left, names, this.#kindOf(e.right) ?? otherwise);
    this.expression(e.right, names, this.#kindOf(e.left) ?? otherwise);
  }

  #call(e: CallExpression, names: Names): void {
    const bound = boundVariables(e);
    const [first] = e.arguments;
    if (e.name.text === "has" && !e.receiver && first?.kind === "select") {
      const shape = this.#shapeOf(first, names);
      if (shape) shape.optional = true;
      return;
    }
    if (bound.length > 0 && e.receiver) {
      const list = this.#shapeOf(e.receiver, names);
      if (!list) this.expression(e.receiver, names);
      if (list && bound.length === 1) list.element ??= nothingSeen();
      const inside = new Map(names);
      for (const name of bound) inside.delete(name);
      if (list?.element && bound.length === 1) inside.set(bound[0]!, list.element);
      for (const argument of e.arguments.slice(bound.length)) this.expression(argument, inside, wantOfMacro(e));
      return;
    }
    const row = callableByName.get(e.name.text) ?? aggregateByName.get(e.name.text);
    const given = e.receiver && row?.style !== "global" ? [e.receiver, ...e.arguments] : e.arguments;
    for (const [i, argument] of given.entries()) this.expression(argument, names, row && parameterKind(row, i));
    if (e.receiver && !given.includes(e.receiver) && e.receiver.kind !== "ident") this.expression(e.receiver, names);
  }

  /** The place that the expression reads; what leads there is noted. */
  #shapeOf(e: Expression, names: Names): Shape | undefined {
    if (e.kind === "ident") return names.get(e.name);
    if (e.kind === "parentheses") return this.#shapeOf(e.of, names);
    if (e.kind === "select") {
      const of = this.#shapeOf(e.of, names);
      const field = of && place(of, [e.field.text]);
      if (field && e.optional) field.optional = true;
      return field;
    }
    if (e.kind !== "index") return undefined;
    const of = this.#shapeOf(e.of, names);
    if (!of) return undefined;
    if (e.index.kind === "int") {
      of.element ??= nothingSeen();
      return of.element;
    }
    of.kinds.add("other");
    this.expression(e.index, names);
    return nothingSeen();
  }

  #kindOf(e: Expression): Kind | undefined {
    if (e.kind === "null") return "null";
    const type = this.#model.typeOf.get(e);
    if (!type) return undefined;
    const { kind } = type.kind === "literal" ? baseOfLiteral(type.value) : type;
    return kind === "bool" || kind === "int" || kind === "double" || kind === "string" || kind === "timestamp"
      ? kind
      : undefined;
  }
}

function place(of: Shape, steps: readonly string[]): Shape {
  let at = of;
  for (const step of steps) {
    const field = (at.own.has(step) ? undefined : at.fields.get(step)) ?? nothingSeen();
    if (!at.own.has(step)) at.fields.set(step, field);
    at = field;
  }
  return at;
}

/** `other` for `remove`: its paths must be there. */
function wantedBy(row: string | undefined, keyword: string): Kind | undefined {
  if (keyword === "filter" || row === "window.where" || keyword === "start" || keyword === "end") return "bool";
  if (keyword === "time") return "timestamp";
  return keyword === "remove" ? "other" : undefined;
}

const asking = new Set(["filter", "all", "exists", "exists_one", "existsOne"]);
const wantOfMacro = (e: CallExpression): Kind | undefined =>
  asking.has(e.name.text) && e.arguments.length === 2 ? "bool" : undefined;

/** What a function takes there, when all its ways take the same. */
function parameterKind(row: FunctionRow, i: number): Kind | undefined {
  if (row.name === "timestamp") return "string";
  const types = new Set(row.overloads.flatMap(({ parameters }) => parameters[i] ?? []));
  if (types.size > 1) for (const rare of ["duration", "uint"]) types.delete(rare);
  if (types.size > 1 && [...types].every((type) => numbers.has(type))) return "number";
  const [type] = types;
  if (types.size !== 1 || type === undefined) return undefined;
  return numbers.has(type) ? (type === "int" ? "int" : "number") : plain.get(type);
}
const numbers = new Set(["int", "double", "number"]);
const plain = new Map<string, Kind>([
  ["string", "string"],
  ["bool", "bool"],
  ["timestamp", "timestamp"],
]);

function typeOf(shape: Shape): ValueType {
  const kinds = new Set(shape.kinds);
  const isNullable = kinds.delete("null");
  const parts = (shape.fields.size > 0 ? 1 : 0) + (shape.element ? 1 : 0);
  const type = parts === 0 ? scalarOf(kinds) : parts > 1 || kinds.size > 0 ? anyType : wholeOf(shape);
  return isNullable ? unionOf([type, nullType]) : type;
}

function wholeOf({ fields, element }: Shape): ValueType {
  if (element) return listOf(typeOf(element));
  return recordOf([...fields].map(([name, field]) => ({ name, type: typeOf(field), optional: field.optional })));
}

const scalars: Readonly<Partial<Record<Kind, ValueType>>> = {
  bool: boolType,
  int: intType,
  double: doubleType,
  number: doubleType,
  string: stringType,
  timestamp: timestampType,
};

function scalarOf(kinds: Set<Kind>): ValueType {
  if (kinds.size > 1) kinds.delete("number");
  if (kinds.size === 2 && kinds.has("int") && kinds.has("double")) return doubleType;
  const [kind] = kinds;
  return (kinds.size === 1 && kind !== undefined && scalars[kind]) || anyType;
}
