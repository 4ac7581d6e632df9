/** Kinds of expressions by what they need around them. */
import type { Expression } from "./ast.ts";

type Kind = Expression["kind"];

const literals = ["string", "bytes", "int", "uint", "double", "bool", "null", "duration", "size"] as const;
const closed = [...literals, "ident", "select", "index", "call", "list", "record", "parentheses"] as const;

/** Values as they are written, without a sign. */
export const literalKinds: ReadonlySet<Kind> = new Set(literals);
/** Those that never need parentheses as a part of another one. */
export const atomicKinds: ReadonlySet<Kind> = new Set(closed);
/** All that stand for a value; what could not be read does not. */
export const valueKinds: ReadonlySet<string> = new Set([...closed, "unary", "binary", "conditional"] satisfies Kind[]);
