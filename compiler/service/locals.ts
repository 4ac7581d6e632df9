/** Names that an expression binds itself: variables of macros, parameters of functions. */
import { boundVariables } from "../semantics/expressions/inlining-rules.ts";
import type { Span } from "../source/span.ts";
import type { CallExpression, Expression, FnDeclaration, SourceFile } from "../syntax/ast.ts";
import { allParts, holds, type Part, pathBefore } from "./syntax-path.ts";

export interface Local {
  readonly name: string;
  readonly declaration: Span;
  /** What it is bound in. */
  readonly whole: Span;
  readonly uses: readonly Span[];
}

/** The local whose declaration or use stands at the offset. */
export function localAt(tree: SourceFile, offset: number): Local | undefined {
  const path = pathBefore(tree, offset);
  const word = path.at(-1);
  const name = word && nameOf(word);
  if (word === undefined || name === undefined) return undefined;
  for (const part of path.toReversed()) {
    const local = isFn(part) ? parameter(part, name, word) : isCall(part) ? variable(part, name, word) : undefined;
    if (local) return local;
  }
  return undefined;
}

const isFn = (part: Part): part is FnDeclaration => part.kind === "fn" && "parameters" in part;
const isCall = (part: Part): part is CallExpression => part.kind === "call" && "arguments" in part;
const isIdent = (part: Part): part is Extract<Expression, { readonly kind: "ident" }> => part.kind === "ident";

const nameOf = (part: Part): string | undefined =>
  isIdent(part) ? part.name : part.kind === undefined && "text" in part ? String(part.text) : undefined;

function parameter(fn: FnDeclaration, name: string, word: Part): Local | undefined {
  const found = fn.parameters.find((one) => one.name.text === name);
  const isHere = found && (found.name === word || (isIdent(word) && holds(fn.body.span, word.span.start)));
  if (!found || !isHere) return undefined;
  return { name, declaration: found.name.span, whole: found.span, uses: usesIn([fn.body], name) };
}

function variable(call: CallExpression, name: string, word: Part): Local | undefined {
  const bound = boundVariables(call);
  const index = bound.indexOf(name);
  const binder = call.arguments[index];
  if (!binder || !isIdent(word)) return undefined;
  const bodies = call.arguments.slice(bound.length);
  if (word !== binder && !bodies.some(({ span }) => holds(span, word.span.start))) return undefined;
  return { name, declaration: binder.span, whole: call.span, uses: usesIn(bodies, name) };
}

/** Not where a macro inside binds the name anew. */
function usesIn(bodies: readonly Expression[], name: string): readonly Span[] {
  const shadows: Span[] = [];
  const found: Span[] = [];
  for (const body of bodies) {
    for (const part of allParts(body)) {
      const bound = isCall(part) ? boundVariables(part) : [];
      if (isCall(part) && bound.includes(name)) for (const one of part.arguments) shadows.push(one.span);
      if (isIdent(part) && part.name === name && !shadows.some((one) => holds(one, part.span.start)))
        found.push(part.span);
    }
  }
  return found;
}
