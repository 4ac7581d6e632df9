/** The signature of the function whose arguments are being typed, on broken text too: brackets tell, not the tree. */

import { aggregateByName, callableByName, macroByName } from "../catalog/functions.ts";
import type { FunctionRow } from "../catalog/rows.ts";
import { scan } from "../syntax/scan.ts";
import {
  Comma,
  LeftBrace,
  LeftBracket,
  LeftParenthesis,
  RightBrace,
  RightBracket,
  RightParenthesis,
  type Token,
  Word,
} from "../syntax/tokens.ts";
import { functionSignatures } from "./docs.ts";
import { signatureOf } from "./thing-doc.ts";
import type { Signature, SignatureHelp } from "./types.ts";
import type { Workspace } from "./workspace.ts";

/** So far back the call may have begun. */
const farthest = 5000;

export function signatureHelp(ws: Workspace, path: string, offset: number): SignatureHelp | undefined {
  const { text } = ws.source(path);
  const declaration = ws.tree(path).declarations.findLast(({ span }) => span.start <= offset);
  const start = Math.max(declaration?.span.start ?? 0, offset - farthest);
  const open = openCall(text.slice(0, offset), start);
  if (!open) return undefined;
  const { name, isMethod, argument } = open;
  const analysis = ws.file(path);
  const own = isMethod ? undefined : analysis.model.functions.get(name);
  if (own) {
    const label = signatureOf(analysis, { name });
    const documentation = own.doc ?? "";
    return {
      signatures: [{ label, documentation, parameters: parametersIn(label) }],
      activeSignature: 0,
      activeParameter: argument,
    };
  }
  const rows = rowsOf(name, isMethod);
  const signatures = rows.flatMap((row): Signature[] =>
    functionSignatures(row, isMethod && !row.name.includes(".")).map((one) => ({ ...one, documentation: row.doc })),
  );
  if (signatures.length === 0)
    return name === "secret" && !isMethod
      ? { signatures: [secret], activeSignature: 0, activeParameter: argument }
      : undefined;
  const fitting = signatures.findIndex((one) => activeIn(one, argument) < one.parameters.length);
  const active = Math.max(0, fitting);
  return { signatures, activeSignature: active, activeParameter: activeIn(signatures[active]!, argument) };
}

/** The last parameter stands for all further ones where it says so: `values: T...`. */
function activeIn({ label, parameters }: Signature, argument: number): number {
  const last = parameters.at(-1);
  const isOpenEnded = last !== undefined && label.slice(last.start, last.end).endsWith("...");
  return isOpenEnded ? Math.min(argument, parameters.length - 1) : argument;
}

/** A reference to a secret is written like a call. */
const secret: Signature = {
  label: "secret(name: string, key: string)",
  documentation: "A value of a Kubernetes secret, by the secret's name and the key in it; on a laptop `FLOW_SECRET_…`.",
  parameters: [
    { start: 7, end: 19 },
    { start: 21, end: 32 },
  ],
};

function rowsOf(name: string, isMethod: boolean): readonly FunctionRow[] {
  const full = callableByName.get(name) ?? (name.includes(".") ? macroByName.get(name) : undefined);
  if (name.includes(".") && full) return [full];
  const last = name.slice(name.lastIndexOf(".") + 1);
  const rows = isMethod
    ? [macroByName.get(last), callableByName.get(last)]
    : [aggregateByName.get(last), callableByName.get(last), macroByName.get(last)];
  return rows.filter(
    (row) => row !== undefined && (isMethod ? row.style !== "global" : row.style !== "method"),
  ) as FunctionRow[];
}

interface OpenCall {
  /** With its namespace, `math.greatest`, where a word and a dot stand before it. */
  readonly name: string;
  readonly isMethod: boolean;
  readonly argument: number;
}

function openCall(text: string, start: number): OpenCall | undefined {
  const { tokens } = scan(text, () => {}, start);
  const stack: { readonly index: number; commas: number }[] = [];
  for (const [index, token] of tokens.entries()) {
    const type = token.tokenType;
    if (type === LeftParenthesis || type === LeftBracket || type === LeftBrace) stack.push({ index, commas: 0 });
    else if (type === RightParenthesis || type === RightBracket || type === RightBrace) stack.pop();
    else if (type === Comma && stack.length > 0) stack.at(-1)!.commas++;
  }
  for (const { index, commas } of stack.toReversed()) {
    const before = tokens[index - 1];
    if (tokens[index]!.tokenType === LeftBrace) return undefined;
    if (
      tokens[index]!.tokenType !== LeftParenthesis ||
      before?.tokenType !== Word ||
      before.end !== tokens[index]!.startOffset
    )
      continue;
    const dot = tokens[index - 2]?.image === ".";
    const qualifier = dot ? tokens[index - 3] : undefined;
    return { ...named(before, qualifier), isMethod: dot, argument: commas };
  }
  return undefined;
}

function named(name: Token, qualifier: Token | undefined): { readonly name: string } {
  const full = qualifier?.tokenType === Word ? `${qualifier.image}.${name.image}` : name.image;
  return { name: callableByName.has(full) || macroByName.has(full) ? full : name.image };
}

/** `fn f(a: int, b: string): int` → the places of `a: int` and `b: string`. */
function parametersIn(label: string): Signature["parameters"] {
  const open = label.indexOf("(");
  const found: { start: number; end: number }[] = [];
  let [depth, start] = [0, open + 1];
  for (let at = open + 1; at < label.length; at++) {
    const c = label[at]!;
    if ("([{".includes(c)) depth++;
    else if (depth > 0 && ")]}".includes(c)) depth--;
    else if (depth === 0 && (c === "," || c === ")")) {
      if (at > start) found.push({ start, end: at });
      if (c === ")") return found;
      start = at + 2;
    }
  }
  return found;
}
