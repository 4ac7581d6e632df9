/**
 * The types of values, shared by the checker, the Pipeline custom resource and the runtime. Pure data: JSON in, JSON out.
 * Must not know source text.
 */

/** Kinds whose values need no further description. `any` is checked at run time; `unknown` is the type of a mistake. */
export const scalarKinds = [
  "any",
  "unknown",
  "null",
  "bool",
  "int",
  "uint",
  "double",
  "string",
  "bytes",
  "timestamp",
  "duration",
  "type",
] as const;
export type ScalarKind = (typeof scalarKinds)[number];

export interface ScalarType {
  readonly kind: ScalarKind;
}
/** One literal value of a union such as `"buy" | "sell"`. Behaves as its base type in every operation. */
export interface LiteralType {
  readonly kind: "literal";
  readonly value: string | number | boolean;
}
/** `"buy" | "sell"`, `string | null`. Members are literals, scalars or null; never nested unions. Order as written. */
export interface UnionType {
  readonly kind: "union";
  readonly members: readonly ValueType[];
}
export interface ListType {
  readonly kind: "list";
  readonly element: ValueType;
}
/** Written `{string: T}`. Key is bool, int, uint or string. */
export interface MapType {
  readonly kind: "map";
  readonly key: ValueType;
  readonly value: ValueType;
}
export interface RecordField {
  readonly name: string;
  readonly type: ValueType;
  /** The field may be absent; a JSON null counts as absent. */
  readonly optional: boolean;
  readonly doc?: string;
}
/** Structural and open: fields not named here travel along unseen. Fields keep the order in which they were written. */
export interface RecordType {
  readonly kind: "record";
  readonly fields: readonly RecordField[];
}
/** A CEL optional: the result of `?.`, `[?]` and of a table lookup. */
export interface OptionalType {
  readonly kind: "optional";
  readonly of: ValueType;
}
/** A named type of the pipeline; looked up in its table of types, so that types may be recursive. */
export interface RefType {
  readonly kind: "ref";
  readonly name: string;
}

export type ValueType = ScalarType | LiteralType | UnionType | ListType | MapType | RecordType | OptionalType | RefType;

/** Named types by name. */
export type TypeTable = Readonly<Record<string, ValueType>>;
