/** What the parts of the code generator share: the environment a caller gives, and the emitter as its parts see it. */
import type { ExprTree, Kind } from "../../../compiler/contract/expr-tree.ts";
import type { ConstantPool } from "./constant-pool.ts";

/** Where the generated code will stand. All names it returns must be plain JavaScript identifiers. */
export interface EmitEnvironment {
  readonly pool: ConstantPool;
  /** A name not used before in the function under construction. */
  fresh(): string;
  /** The identifier that holds a variable (`data`, `event`, `key`, …); as decoded, nothing converted. */
  variable(name: string): string;
  /** The identifier that holds a table: a Map from `hashKey` of the key to the row. */
  table?(name: string): string;
  /** The identifier that holds the current result of an aggregate. */
  aggregate?(slot: number): string;
}

/** `statements` declare and compute what `value`, a JavaScript expression to be evaluated at most once, needs. */
export interface Fragment {
  readonly statements: string;
  readonly value: string;
}

/**
 * A local of the generated code. `raw` = as it came from data, to be converted on use to the kind that the tree states;
 * `maybe` = an optional without its box, `undefined` when absent.
 */
export interface Local {
  readonly js: string;
  readonly form: "raw" | "maybe" | Kind;
}

/** The emitter as its parts see it. JavaScript texts that it returns are expressions, safe as an operand without parentheses. */
export interface Emit {
  readonly environment: EmitEnvironment;
  /** In the representation of `tree.kind`. */
  value(tree: ExprTree): string;
  /** In the representation of `kind`. */
  as(tree: ExprTree, kind: Kind): string;
  /** As `any`: integral doubles boxed. */
  boxed(tree: ExprTree): string;
  /** As `any`, to be put into a list or map: a double that comes from data stays as data has it. */
  stored(tree: ExprTree): string;
  /** Of an optional: its content, or `undefined`. */
  maybe(tree: ExprTree): string;
  /** A JavaScript boolean. */
  condition(tree: ExprTree): string;
  /** Makes an identifier or literal of an expression, by a statement if need be. */
  atom(js: string): string;
  /** A variable declared at the head of the fragment. */
  temp(): string;
  /** Adds a statement. */
  line(js: string): void;
  /** Runs `body` and gives the statements that it added, instead of adding them. */
  nested(body: () => string): { readonly lines: readonly string[]; readonly value: string };
  /** Pool name of a constant or library function. */
  ref(value: unknown): string;
  local(name: string): Local | undefined;
  withLocal<T>(name: string, local: Local, body: () => T): T;
}
