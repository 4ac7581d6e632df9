/** The type that an expression should have where it stands. */
import type { ValueType } from "../../contract/value-type.ts";
import type { Model } from "../../semantics/model.ts";
import { catalogType } from "../../semantics/scopes.ts";
import { hasVariables, patternOf } from "../../semantics/type-pattern.ts";
import { boolType, durationType } from "../../semantics/types.ts";
import type { Expression } from "../../syntax/ast.ts";
import { clausePlace, isArgument, isEntry, optionPlace } from "../catalogue-at.ts";
import { functionRow, isCall } from "../hover.ts";
import type { Part } from "../syntax-path.ts";

type Binary = Extract<Expression, { readonly kind: "binary" }>;
type Conditional = Extract<Expression, { readonly kind: "conditional" }>;
const isBinary = (part: Part): part is Binary => part.kind === "binary" && "operatorSpan" in part;
const isConditional = (part: Part): part is Conditional => part.kind === "conditional" && "test" in part;

/** @param parts from the file to the expression itself */
export function expectedType(parts: readonly Part[], model: Model): ValueType | undefined {
  const own = parts.at(-1);
  const parent = parts.at(-2);
  if (!own || !parent) return undefined;
  if (parent.kind === "parentheses") return expectedType(parts.slice(0, -1), model);
  if (parent.kind === "unary" && "operator" in parent) return parent.operator === "!" ? boolType : undefined;
  if (isBinary(parent)) return besideOperator(parent, own, model);
  if (isConditional(parent)) {
    if (parent.test === own) return boolType;
    return model.typeOf.get(parent.then === own ? parent.else : parent.then) ?? expectedType(parts.slice(0, -1), model);
  }
  if (isCall(parent)) {
    const row = functionRow(parent);
    const index = parent.arguments.indexOf(own as Expression) + (parent.receiver && !row?.name.includes(".") ? 1 : 0);
    const texts = [...new Set(row?.overloads.map(({ parameters }) => parameters[index]))];
    const text = texts.length === 1 ? texts[0]?.replace("...", "") : undefined;
    return text === undefined || hasVariables(patternOf(text)) ? undefined : catalogType(text);
  }
  if ("node" in parent && "where" in parent && parent.where === own) return boolType;
  if (isEntry(parent)) {
    const option = optionPlace(parts)?.option;
    return option?.kind === "expr" && option.type !== undefined ? catalogType(option.type) : undefined;
  }
  if (isArgument(parent)) {
    const type = clausePlace(parts)?.part?.type;
    return type === undefined ? undefined : catalogType(type);
  }
  return undefined;
}

const comparisons: ReadonlySet<string> = new Set(["==", "!=", "<", "<=", ">", ">="]);

function besideOperator({ operator, left, right }: Binary, own: Part, model: Model): ValueType | undefined {
  if (operator === "&&" || operator === "||") return boolType;
  if (operator === "in") return undefined;
  const other = model.typeOf.get(left === own ? right : left);
  if (other?.kind === "timestamp" && (operator === "+" || (operator === "-" && left !== own))) return durationType;
  return comparisons.has(operator) || other?.kind !== "unknown" ? other : undefined;
}
