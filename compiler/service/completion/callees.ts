/** Which functions fit the arguments that stand behind the word already. */
import { matches, patternOf } from "../../semantics/type-pattern.ts";
import type { CallExpression, Expression } from "../../syntax/ast.ts";
import { functionRow } from "../hover.ts";
import type { Part } from "../syntax-path.ts";
import type { Candidate } from "./item.ts";
import type { Probe } from "./probe.ts";

/** `name(x)`: what takes as many arguments, and such, as stand there. */
export function isCallee({ kind, label }: Candidate, call: CallExpression, { model }: Probe): boolean {
  if (kind !== "function" && kind !== "method") return false;
  if (call.arguments.length === 0) return true;
  const own = call.receiver ? undefined : model.functions.get(label);
  if (own) return own.parameters.length === call.arguments.length;
  const row = functionRow({ ...call, name: { ...call.name, text: label } });
  if (!row) return true;
  const isMethod = call.receiver !== undefined && !row.name.includes(".");
  if (row.style === "macro") return takesCount(row.parameters.slice(isMethod ? 1 : 0), call.arguments.length);
  return row.overloads.some(({ parameters }) => {
    const own = parameters.slice(isMethod ? 1 : 0);
    const isOpenEnded = own.at(-1)?.endsWith("...") === true;
    if (isOpenEnded ? call.arguments.length < own.length : call.arguments.length !== own.length) return false;
    return call.arguments.every((argument, i) => {
      const type = model.typeOf.get(argument);
      const text = own[Math.min(i, own.length - 1)]!.replace("...", "");
      return type === undefined || type.kind === "unknown" || matches(patternOf(text), type, new Map(), model.types);
    });
  });
}

/** @param names optional ones end in `?` */
const takesCount = (names: readonly string[], count: number): boolean =>
  names.filter((name) => !name.endsWith("?")).length <= count && count <= names.length;

/** An argument that the function does not have. */
export function isSurplus(call: CallExpression, inner: Part, { model }: Probe): boolean {
  const index = call.arguments.indexOf(inner as Expression);
  if (index < 0) return false;
  const own = call.receiver ? undefined : model.functions.get(call.name.text);
  if (own) return index >= own.parameters.length;
  const row = functionRow(call);
  if (!row || row.style === "macro") return false;
  const less = call.receiver !== undefined && !row.name.includes(".") ? 1 : 0;
  return row.overloads.every(
    ({ parameters }) => parameters.at(-1)?.endsWith("...") !== true && index >= parameters.length - less,
  );
}

/** `top(|, x)`, `quantile(x, |)`: a number that must be written out, so that no name fits. */
export const isWrittenOut = (call: CallExpression, inner: Part): boolean =>
  call.receiver === undefined && call.arguments[writtenOut[call.name.text] ?? -1] === inner;

const writtenOut: Readonly<Record<string, number>> = { top: 0, quantile: 1 };
