/** A small language of schemas, from which the CRD, the JSON Schema and the reader of custom resources are made. */
import type { CrValue } from "../../contract/pipeline.ts";

interface Base {
  readonly doc?: string;
  readonly default?: CrValue;
}

export interface StringNode extends Base {
  readonly kind: "string";
  readonly pattern?: string;
  /** What a value must be, for messages: `a duration such as '5s'`. */
  readonly what?: string;
  readonly enum?: readonly string[];
  readonly maxLength?: number;
  /** An expression of .flow; its mistakes are found when it is parsed. */
  readonly expression?: true;
}
export interface NumberNode extends Base {
  readonly kind: "integer" | "number";
  readonly minimum?: number;
  readonly maximum?: number;
}
export interface BooleanNode extends Base {
  readonly kind: "boolean";
}
export interface ListNode extends Base {
  readonly kind: "list";
  readonly items: SchemaNode;
  readonly minItems?: number;
  readonly maxItems: number;
  /** Items are told apart by this field, which must differ. */
  readonly key?: string;
}
/** Exactly one of the fields, or at most one. */
export interface Choose {
  readonly fields: readonly string[];
  readonly atMost?: true;
  /** What it is that must be chosen: `connector`. */
  readonly what: string;
}
/** A rule of the API server (CEL) that the reader checks in another way. */
export interface Rule {
  readonly rule: string;
  readonly message: string;
}
export interface ObjectNode extends Base {
  readonly kind: "object";
  readonly fields: Readonly<Record<string, SchemaNode>>;
  readonly required?: readonly string[];
  readonly choose?: readonly Choose[];
  readonly rules?: readonly Rule[];
  /** Exactly so many fields: a choice without a rule, in lists so deep that a rule would be too dear for the API server. */
  readonly size?: { readonly count: number; readonly what: string };
}
/** Any names. */
export interface MapNode extends Base {
  readonly kind: "map";
  readonly values: SchemaNode;
  readonly maxFields: number;
}
/** Anything at all; `object` = a JSON object of any fields. */
export interface AnyNode extends Base {
  readonly kind: "any";
  readonly object?: true;
}

/** True, false or an object. The API server can only take anything there; the rest is the reader's to say. */
export interface FlagOrObjectNode extends Base {
  readonly kind: "flag_or_object";
  readonly object: ObjectNode;
}

export type SchemaNode =
  | StringNode
  | NumberNode
  | BooleanNode
  | ListNode
  | ObjectNode
  | MapNode
  | AnyNode
  | FlagOrObjectNode;
