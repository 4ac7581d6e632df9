/** Functions of the file: checked once where they are declared, and inlined where they are called. */
import type { ValueType } from "../../contract/value-type.ts";
import type { CallExpression, Expression, FnDeclaration } from "../../syntax/ast.ts";
import { anyType, isAssignable, isOpen, nameOfType, resolveType } from "../types.ts";
import { isIntLiteral } from "./check-literal.ts";
import { adaptTo } from "./check-record.ts";
import { bare, bindVariable, type Checked, type Context, fail, kind, type Local, mistaken } from "./context.ts";
import { isSimple, isWrittenInPlace } from "./inlining-rules.ts";
import { optionalAsValue } from "./optional-as-value.ts";
import { writtenType } from "./written-type.ts";

/** How deep functions may call functions. */
const deepest = 64;

export function checkUserCall(e: CallExpression, declaration: FnDeclaration, context: Context): Checked {
  const { parameters } = declaration;
  const name = declaration.name.text;
  context.scope.use?.(name, e.name.span, "fn");
  const args = e.arguments.map((argument) => context.check(argument, context));
  if (args.length !== parameters.length) {
    const signature = `${name}(${parameters.map((parameter) => parameter.name.text).join(", ")})`;
    return fail(context, "FLOW3005", e.name.span, {
      name,
      expected: String(parameters.length),
      found: String(args.length),
      signature,
    });
  }
  if (context.calls.includes(name) || context.calls.length >= deepest) {
    return fail(context, "FLOW3032", e.name.span, {
      name,
      cycle: [...context.calls.slice(context.calls.indexOf(name)), name].join(" → "),
    });
  }
  const fitted = args.map((arg, i) => fitArgument(e.arguments[i]!, arg, declaration, i, context));
  return inline(e, declaration, fitted, context);
}

/** An argument as the type of its parameter. */
function fitArgument(e: Expression, arg: Checked, declaration: FnDeclaration, i: number, context: Context): Checked {
  const parameter = declaration.parameters[i]!;
  const { types } = context.scope;
  const type = parameter.type ? writtenType(parameter.type, types) : anyType;
  const adapted = adaptTo(e, arg, type, context);
  if (isAssignable(adapted.type, type, types))
    return isOpen(type) || mayDiffer(adapted.type, context) ? adapted : { tree: adapted.tree, type };
  const optional = resolveType(arg.type, types);
  if (optional.kind === "optional") return { ...optionalAsValue(e, optional.of, context, arg.tree), type };
  fail(context, "FLOW3006", e.span, {
    what: `'${parameter.name.text}' of '${declaration.name.text}'`,
    expected: nameOfType(type),
    found: nameOfType(arg.type),
    hint: "",
  });
  return { tree: arg.tree, type };
}

/** A value whose type is not known for sure keeps its own type in the function's body, so that it is checked when it runs. */
const mayDiffer = (type: ValueType, context: Context): boolean => kind(type, context) === "any";

/** The body with the arguments in it; see the rules for which are evaluated once before it. */
function inline(e: CallExpression, declaration: FnDeclaration, args: readonly Checked[], context: Context): Checked {
  const { record: _record, use: _use, ...scope } = context.scope;
  const { variables: _variables, eventVariables: _eventVariables, aggregates: _aggregates, ...pure } = scope;
  const lets: { readonly name: string; readonly value: Checked }[] = [];
  const locals = new Map<string, Local>();
  declaration.parameters.forEach((parameter, i) => {
    const arg = args[i]!;
    const name = parameter.name.text;
    const argument = e.arguments[i]!;
    const isSmall = (of: string): boolean => context.locals.get(of)?.large !== true;
    if (isWrittenInPlace(argument, name, declaration.body, isSmall)) {
      const literal = isIntLiteral(argument, context) && arg.type.kind !== "double" ? bare(argument) : undefined;
      locals.set(name, {
        ...arg,
        ...(literal ? { literal } : {}),
        ...(isSimple(argument, isSmall) ? {} : { large: true }),
      });
      return;
    }
    const bound = bindVariable({ ...context, locals: new Map() }, name, arg.type);
    lets.push({ name: bound.name, value: arg });
    locals.set(name, bound.context.locals.get(name)!);
  });
  const problems = new Set<string>();
  const inner: Context = {
    ...context,
    scope: { ...pure, variables: new Map() },
    // Mistakes in a body are reported where it is declared; only what the call itself brings about is reported here.
    report: (code) => void problems.add(code),
    locals,
    inAggregate: false,
    calls: [...context.calls, declaration.name.text],
  };
  const body = context.check(declaration.body, inner);
  if (problems.has("FLOW3030")) return fail(context, "FLOW3030", e.span, {});
  if (problems.has("FLOW3032")) return mistaken;
  const result = declaration.result ? fitResult(declaration, body, context) : body;
  const tree = lets.reduceRight(
    (of, { name, value }) => ({
      op: "let" as const,
      kind: kind(result.type, context),
      name,
      value: value.tree,
      body: of,
    }),
    result.tree,
  );
  return { tree, type: result.type };
}

function fitResult(declaration: FnDeclaration, body: Checked, context: Context): Checked {
  const type = writtenType(declaration.result!, context.scope.types);
  const adapted = adaptTo(declaration.body, body, type, context);
  return isOpen(body.type) || mayDiffer(adapted.type, context)
    ? { tree: adapted.tree, type: kind(adapted.type, context) === "any" && !isOpen(type) ? type : adapted.type }
    : { tree: adapted.tree, type };
}

/** Checks a function where it is declared, with its parameters as the only variables; gives the type of its result. */
export function checkFunctionBody(declaration: FnDeclaration, context: Context): ValueType {
  const { types } = context.scope;
  let inner: Context = { ...context, calls: [declaration.name.text] };
  for (const parameter of declaration.parameters) {
    inner = bindVariable(
      inner,
      parameter.name.text,
      parameter.type ? writtenType(parameter.type, types) : anyType,
    ).context;
  }
  const body = context.check(declaration.body, inner);
  if (!declaration.result) return body.type;
  const type = writtenType(declaration.result, types);
  const adapted = adaptTo(declaration.body, body, type, inner);
  if (!isAssignable(adapted.type, type, types)) {
    const optional = resolveType(adapted.type, types);
    if (optional.kind === "optional") optionalAsValue(declaration.body, optional.of, inner, body.tree);
    else
      fail(inner, "FLOW3033", declaration.body.span, {
        name: declaration.name.text,
        expected: nameOfType(type),
        found: nameOfType(adapted.type),
      });
  }
  return type;
}
