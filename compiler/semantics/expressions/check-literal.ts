/** Literals: their trees, and the adaptation of an int literal to a double. */
import type { ConstTree } from "../../contract/expr-tree.ts";
import type { Expression, Literal } from "../../syntax/ast.ts";
import { boolType, bytesType, doubleType, durationType, intType, nullType, stringType, uintType } from "../types.ts";
import { bare, type Checked, type Context, mistaken } from "./context.ts";

const leastInt = -(2n ** 63n);
const greatestInt = 2n ** 63n - 1n;
const greatestUint = 2n ** 64n - 1n;

/** `negative`: a minus sign stands before it. Numbers out of range are the parser's to report. */
export function checkLiteral(e: Literal, negative = false): Checked {
  switch (e.kind) {
    case "string":
      return { tree: { op: "const", kind: "string", value: e.value }, type: stringType };
    case "bytes":
      return { tree: { op: "const", kind: "bytes", value: base64(e.value) }, type: bytesType };
    case "int": {
      const value = negative ? -e.value : e.value;
      if (value < leastInt || value > greatestInt) return mistaken;
      return { tree: { op: "const", kind: "int", value: String(value) }, type: intType };
    }
    case "uint":
      if (e.value > greatestUint) return mistaken;
      return { tree: { op: "const", kind: "uint", value: String(e.value) }, type: uintType };
    case "double":
      return { tree: { op: "const", kind: "double", value: negative ? -e.value : e.value }, type: doubleType };
    case "bool":
      return { tree: { op: "const", kind: "bool", value: e.value }, type: boolType };
    case "null":
      return { tree: { op: "const", kind: "null", value: null }, type: nullType };
    case "duration":
      return {
        tree: { op: "const", kind: "duration", value: String(negative ? -e.nanos : e.nanos) },
        type: durationType,
      };
    case "size":
      return { tree: { op: "const", kind: "int", value: String(negative ? -e.bytes : e.bytes) }, type: intType };
  }
}

/** In base64 without help of the platform, so that it is the same in a browser. */
export function base64(bytes: Uint8Array): string {
  let text = "";
  for (const byte of bytes) text += String.fromCharCode(byte);
  return btoa(text);
}

/** `3`, `-3`, `(3)`: what JSON would not tell from a double. */
export function isIntLiteral(e: Expression, context: Context): boolean {
  const plain = bare(e);
  if (plain.kind === "ident") {
    const literal = context.locals.get(plain.name)?.literal;
    return literal !== undefined && isIntLiteral(literal, { ...context, locals: new Map() });
  }
  return plain.kind === "int" || (plain.kind === "unary" && plain.operator === "-" && plain.of.kind === "int");
}

/** An int constant as the double it adapts to. */
export function asDouble(checked: Checked): Checked {
  if (checked.tree.op !== "const" || checked.tree.kind !== "int") return checked;
  const tree: ConstTree = { op: "const", kind: "double", value: Number(checked.tree.value) };
  return { tree, type: doubleType };
}
