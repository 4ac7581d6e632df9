/** The infix operators, for the place behind a whole operand. */
import type { TypeTable } from "../../contract/value-type.ts";
import type { Model } from "../../semantics/model.ts";
import { resolveType } from "../../semantics/types.ts";
import type { Expression } from "../../syntax/ast.ts";
import type { Candidate } from "./item.ts";

const infix = ["==", "!=", "<", "<=", ">", ">=", "in", "&&", "||", "+", "-", "*", "/", "%"];

export const operatorItems: readonly Candidate[] = infix.map((label) => ({
  label,
  kind: "keyword",
  rank: 5,
  newText: `${label} $0`,
  isSnippet: true,
  triggersNext: true,
}));

const ofBool: ReadonlySet<string> = new Set(["==", "!=", "in", "&&", "||"]);
const ofOrder: ReadonlySet<string> = new Set(["==", "!=", "in", "<", "<=", ">", ">=", "+"]);
const orderedKinds: ReadonlySet<string> = new Set(["string", "timestamp", "duration", "bytes"]);

/** Those that may stand behind the expression: `&&` behind a condition, `+` behind a text. */
export function operatorsAfter(left: Expression, { typeOf, types }: Model): readonly Candidate[] {
  const whole = kindAt(left, typeOf, types);
  const last = kindAt(lastOperand(left), typeOf, types);
  return operatorItems.filter(({ label }) => takes(last, label) || (ofBool.has(label) && takes(whole, label)));
}

function takes(kind: string | undefined, label: string): boolean {
  if (kind === undefined || kind === "any" || kind === "unknown" || kind === "union" || kind === "literal") return true;
  if (kind === "bool") return ofBool.has(label);
  if (orderedKinds.has(kind)) return ofOrder.has(label) || (kind !== "string" && label === "-");
  if (kind === "int" || kind === "uint" || kind === "double") return label !== "&&" && label !== "||";
  return label === "==" || label === "!=" || label === "in" || (kind === "list" && label === "+");
}

function kindAt(e: Expression, typeOf: Model["typeOf"], types: TypeTable): string | undefined {
  const type = typeOf.get(e);
  return type && resolveType(type, types).kind;
}

const lastOperand = (e: Expression): Expression => (e.kind === "binary" ? lastOperand(e.right) : e);
