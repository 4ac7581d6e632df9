/**
 * The expression as the custom resource shows it: params replaced by their values, functions by their bodies. Variables
 * that macros bind keep their meaning: those of a body are renamed where an argument uses the same name.
 */
import type { TypeTable, ValueType } from "../contract/value-type.ts";
import type { CallExpression, Expression, FnDeclaration, RecordEntry } from "../syntax/ast.ts";
import { atomicKinds } from "../syntax/expression-kinds.ts";
import { constantExpression } from "./expressions/constant-expression.ts";
import { boundVariables, isBind, isWrittenInPlace } from "./expressions/inlining-rules.ts";
import type { ParamScope } from "./expressions/scope.ts";
import { writtenType } from "./expressions/written-type.ts";
import { fieldOf, resolveType, unknownType } from "./types.ts";

export interface Inlining {
  readonly types: TypeTable;
  readonly params: ReadonlyMap<string, ParamScope>;
  readonly functions: ReadonlyMap<string, FnDeclaration>;
}

interface State extends Inlining {
  /** What names stand for; `undefined`: bound by a macro. */
  readonly locals: ReadonlyMap<string, Expression | undefined>;
  readonly calls: readonly string[];
  /** Nodes made so far: functions that call functions can grow without end. */
  readonly work: { count: number };
}

/** More than the checker lets pass, so that whatever it takes is written out whole. */
const maximumWork = 200_000;

export function inline(e: Expression, inlining: Inlining): Expression {
  if (inlining.params.size === 0 && inlining.functions.size === 0) return e;
  return visit(e, { ...inlining, locals: new Map(), calls: [], work: { count: 0 } });
}

function visit(e: Expression, state: State): Expression {
  if (++state.work.count > maximumWork) return e;
  switch (e.kind) {
    case "ident":
      return replaceName(e, state);
    case "select":
      return { ...e, of: visit(e.of, state) };
    case "index":
      return { ...e, of: visit(e.of, state), index: visit(e.index, state) };
    case "call":
      return visitCall(e, state);
    case "unary":
    case "parentheses":
      return { ...e, of: visit(e.of, state) };
    case "binary":
      return { ...e, left: visit(e.left, state), right: visit(e.right, state) };
    case "conditional":
      // biome-ignore lint/suspicious/noThenProperty: the branch of a conditional, as the syntax tree names it
      return { ...e, test: visit(e.test, state), then: visit(e.then, state), else: visit(e.else, state) };
    case "list":
      return { ...e, items: e.items.map((item) => ({ ...item, value: visit(item.value, state) })) };
    case "record":
      return { ...e, entries: e.entries.map((entry) => visitEntry(entry, state)) };
    default:
      return e;
  }
}

function visitEntry(entry: RecordEntry, state: State): RecordEntry {
  const value = visit(entry.value, state);
  return entry.kind === "computed" ? { ...entry, key: visit(entry.key, state), value } : { ...entry, value };
}

function replaceName(e: Extract<Expression, { readonly kind: "ident" }>, state: State): Expression {
  if (state.locals.has(e.name)) return state.locals.get(e.name) ?? e;
  const param = state.params.get(e.name);
  if (param?.value === undefined) return e;
  const value = constantExpression(param.value, param.type, e.span, state.types);
  return value ? enclosed(value) : e;
}

const enclosed = (e: Expression): Expression =>
  atomicKinds.has(e.kind) ? e : { kind: "parentheses", span: e.span, of: e };

function visitCall(e: CallExpression, state: State): Expression {
  const bound = boundVariables(e);
  if (bound.length > 0) return visitMacro(e, bound, state);
  const fn = e.receiver ? undefined : state.functions.get(e.name.text);
  const args = e.arguments.map((argument) => visit(argument, state));
  if (!fn || state.calls.includes(fn.name.text) || fn.parameters.length !== args.length) {
    return { ...e, ...(e.receiver ? { receiver: visit(e.receiver, state) } : {}), arguments: args };
  }
  return enclosed(callBody(fn, args, state));
}

/** The body with each argument in the place of its parameter, or bound to its name by `cel.bind` where that would repeat work. */
function callBody(fn: FnDeclaration, args: readonly Expression[], state: State): Expression {
  const locals = new Map<string, Expression>();
  const binds: { readonly name: string; readonly value: Expression }[] = [];
  const taken = new Set(args.flatMap((arg) => [...freeNames(arg)]));
  fn.parameters.forEach((parameter, index) => {
    const { text } = parameter.name;
    const arg = parameter.type
      ? asDeclared(args[index]!, writtenType(parameter.type, state.types), state.types)
      : args[index]!;
    if (isWrittenInPlace(arg, text, fn.body)) {
      locals.set(text, enclosed(arg));
      return;
    }
    const name = freeName(text, taken);
    taken.add(name);
    locals.set(text, { kind: "ident", name, span: arg.span });
    binds.push({ name, value: arg });
  });
  const body = visit(fn.body, { ...state, locals, calls: [...state.calls, fn.name.text] });
  const result = fn.result ? asDeclared(body, writtenType(fn.result, state.types), state.types) : body;
  return binds.reduceRight<Expression>((of, { name, value }) => bindCall(name, value, of), result);
}

function freeName(name: string, taken: ReadonlySet<string>): string {
  let free = name;
  for (let n = 2; taken.has(free); n++) free = `${name}_${n}`;
  return free;
}

function bindCall(name: string, value: Expression, body: Expression): Expression {
  const { span } = value;
  const variable: Expression = { kind: "ident", name, span };
  return {
    kind: "call",
    span,
    receiver: { kind: "ident", name: "cel", span },
    name: { text: "bind", span },
    arguments: [variable, value, body],
  };
}

/** An int literal where the declared type says double, as the double that it stands for; in lists and records too. */
function asDeclared(e: Expression, type: ValueType, types: TypeTable): Expression {
  const wanted = resolveType(type, types);
  switch (e.kind) {
    case "parentheses":
      return { ...e, of: asDeclared(e.of, type, types) };
    case "int":
      return wantsDouble(wanted) ? { kind: "double", span: e.span, value: Number(e.value), raw: `${e.value}.0` } : e;
    case "unary":
      return e.operator === "-" && e.of.kind === "int" ? { ...e, of: asDeclared(e.of, type, types) } : e;
    case "list":
      if (wanted.kind !== "list") return e;
      return {
        ...e,
        items: e.items.map((item) => ({ ...item, value: asDeclared(item.value, wanted.element, types) })),
      };
    case "record":
      return {
        ...e,
        entries: e.entries.map((entry) => ({
          ...entry,
          value: asDeclared(entry.value, fieldType(wanted, entry), types),
        })),
      };
    default:
      return e;
  }
}

const wantsDouble = (type: ValueType): boolean =>
  type.kind === "double" ||
  (type.kind === "union" &&
    type.members.some((member) => member.kind === "double") &&
    !type.members.some((member) => member.kind === "int"));

function fieldType(of: ValueType, entry: RecordEntry): ValueType {
  if (entry.kind !== "field") return unknownType;
  if (of.kind === "map") return of.value;
  return (of.kind === "record" ? fieldOf(of, entry.key.text)?.type : undefined) ?? unknownType;
}

function visitMacro(e: CallExpression, bound: readonly string[], state: State): Expression {
  const captured = new Set([...state.locals.values()].flatMap((value) => (value ? [...freeNames(value)] : [])));
  const locals = new Map(state.locals);
  const names = bound.map((name) => {
    const fresh = freeName(name, captured);
    locals.set(name, fresh === name ? undefined : { kind: "ident", name: fresh, span: e.span });
    return fresh;
  });
  const inside = { ...state, locals };
  const rest = e.arguments
    .slice(bound.length)
    .map((argument, index) => visit(argument, isBind(e) && index === 0 ? state : inside));
  const variables = names.map((name, index): Expression => ({ kind: "ident", name, span: e.arguments[index]!.span }));
  return { ...e, receiver: isBind(e) ? e.receiver! : visit(e.receiver!, state), arguments: [...variables, ...rest] };
}

/** All names in it, those that it binds itself too: enough to choose others. */
function freeNames(e: unknown, into = new Set<string>(), depth = 0): Set<string> {
  if (typeof e !== "object" || e === null || depth > 300) return into;
  if ("kind" in e && e.kind === "ident" && "name" in e) into.add(String(e.name));
  for (const child of Object.values(e)) if (typeof child === "object") freeNames(child, into, depth + 1);
  return into;
}
