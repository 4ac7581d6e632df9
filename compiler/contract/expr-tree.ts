/**
 * The typed expression tree: what the checker makes of an expression and the runtime turns into JavaScript.
 * Plain JSON, so that it travels inside a runtime config. Knows neither source text nor how it is evaluated.
 *
 * Each node carries the `kind` of its static type, which is all that code generation needs: how the value is represented.
 */

/** How a value of a static type is represented at run time; `any` = decided when it is looked at. Unions take their base kind or `any`. */
export type Kind =
  | "any"
  | "null"
  | "bool"
  | "int"
  | "uint"
  | "double"
  | "string"
  | "bytes"
  | "timestamp"
  | "duration"
  | "type"
  | "list"
  | "map"
  | "record"
  | "optional";

/**
 * A constant. `int` and `uint` are decimal text (64 bits do not fit a JSON number); `bytes` is base64; `duration` is
 * nanoseconds as decimal text; `timestamp` is RFC 3339; `type` is a CEL type name.
 */
export interface ConstTree {
  readonly op: "const";
  readonly kind: Kind;
  readonly value: string | number | boolean | null;
}
/** `data`, `event`, `key`, `window`, `pane`, `chunk`, `retracted`, a join alias, or the variable of a macro or `let`. */
export interface VarTree {
  readonly op: "var";
  readonly kind: Kind;
  readonly name: string;
}
/**
 * Field of a record or of a map with string keys; with `optional` the `.?name` form, whose result is an optional.
 * On an optional operand both forms chain: an absent operand gives an absent result.
 * `missing` says what an absent field of a plain select gives: an error (CEL).
 */
export interface SelectTree {
  readonly op: "select";
  readonly kind: Kind;
  readonly of: ExprTree;
  readonly field: string;
  readonly optional: boolean;
  /** In the `.?name` form: a JSON null counts as absent (a declared optional field). */
  readonly nullIsAbsent?: boolean;
}
/** `has(of.field)`. With `nullIsAbsent` (a declared optional field) a JSON null counts as absent. */
export interface HasTree {
  readonly op: "has";
  readonly kind: "bool";
  readonly of: ExprTree;
  readonly field: string;
  readonly nullIsAbsent: boolean;
}
/** `of[index]`, and `of[?index]` with `optional`. */
export interface IndexTree {
  readonly op: "index";
  readonly kind: Kind;
  readonly of: ExprTree;
  readonly index: ExprTree;
  readonly optional: boolean;
}
/** `table[key]`: an optional row of reference data. */
export interface TableTree {
  readonly op: "table";
  readonly kind: "optional";
  readonly table: string;
  readonly key: ExprTree;
}
/**
 * A function of the catalogue by its name; a receiver is the first argument, so `s.size()` and `size(s)` are one tree.
 * Operators are functions too, under CEL's names: `_+_ _-_ _*_ _/_ _%_ -_ _==_ _!=_ _<_ _<=_ _>_ _>=_ @in`.
 */
export interface CallTree {
  readonly op: "call";
  readonly kind: Kind;
  readonly fn: string;
  readonly args: readonly ExprTree[];
}
/** `&&` and `||`, commutative in errors as CEL demands: `false && error` and `error && false` are both false. */
export interface LogicTree {
  readonly op: "and" | "or";
  readonly kind: "bool";
  readonly left: ExprTree;
  readonly right: ExprTree;
}
export interface NotTree {
  readonly op: "not";
  readonly kind: "bool";
  readonly of: ExprTree;
}
export interface IfTree {
  readonly op: "if";
  readonly kind: Kind;
  readonly test: ExprTree;
  readonly then: ExprTree;
  readonly else: ExprTree;
}
/** `optional` items are optionals, left out when absent (`[?x]`). */
export interface ListTree {
  readonly op: "list";
  readonly kind: "list";
  readonly items: readonly { readonly value: ExprTree; readonly optional: boolean }[];
}
/** A record or map literal, in written order; a later key or spread replaces an earlier one in place. */
export interface RecordTree {
  readonly op: "record";
  readonly kind: "record" | "map";
  readonly entries: readonly RecordEntry[];
}
export type RecordEntry =
  | { readonly key: string; readonly value: ExprTree; readonly optional: boolean }
  | { readonly keyExpr: ExprTree; readonly value: ExprTree; readonly optional: boolean }
  | { readonly spread: ExprTree };
/**
 * A macro over a list or the keys of a map. `index` is the first of two variables (`transformList(i, v, …)`), when there
 * are two; then for a map `index` is the key and `item` the value. `test` filters; `result` maps.
 */
export interface MacroTree {
  readonly op: "macro";
  readonly kind: Kind;
  readonly macro:
    | "all"
    | "exists"
    | "exists_one"
    | "map"
    | "filter"
    | "transform_list"
    | "transform_map"
    | "transform_map_entry"
    | "sort_by";
  readonly over: ExprTree;
  readonly item: string;
  readonly index?: string;
  readonly test?: ExprTree;
  readonly result?: ExprTree;
}
/** Evaluates `value` once; `body` sees it as `name`. From inlined functions, `cel.bind` and `optMap`. Names are unique in a tree. */
export interface LetTree {
  readonly op: "let";
  readonly kind: Kind;
  readonly name: string;
  readonly value: ExprTree;
  readonly body: ExprTree;
}
/** The value viewed as `any`: a double keeps being a double, whatever its digits. `shape` says where inside of it. */
export interface DynTree {
  readonly op: "dyn";
  readonly kind: "any";
  readonly of: ExprTree;
  readonly shape?: ValueShape;
}
/** Where in a list, map or record there is what JSON does not tell from something else: as the type that is declared. */
export type ValueShape =
  | "double"
  | "timestamp"
  | "duration"
  | "bytes"
  | { readonly elements: ValueShape }
  | { readonly values: ValueShape }
  | { readonly fields: Readonly<Record<string, ValueShape>> };
/** The current result of the window's aggregate number `slot`. Only in `emit` and `where` of a window or chunk. */
export interface AggregateTree {
  readonly op: "aggregate";
  readonly kind: Kind;
  readonly slot: number;
}

export type ExprTree =
  | ConstTree
  | VarTree
  | SelectTree
  | HasTree
  | IndexTree
  | TableTree
  | CallTree
  | LogicTree
  | NotTree
  | IfTree
  | ListTree
  | RecordTree
  | MacroTree
  | LetTree
  | DynTree
  | AggregateTree;
