/**
 * The pipeline as a typed graph: names resolved, defaults explicit, expressions typed, no syntax left. The custom resource
 * and the runtime config are both made from it, and nothing else is.
 */

import type { ExprTree } from "../contract/expr-tree.ts";
import type { AggregatePlan, RuntimeConfig, TriggerPlan, WindowPlan } from "../contract/runtime-config.ts";
import type { TypeTable, ValueType } from "../contract/value-type.ts";
import type { Constant } from "../semantics/model.ts";
import type { Location } from "../source/span.ts";

/** `text` is what the custom resource shows. */
export interface IrExpression {
  readonly text: string;
  readonly tree: ExprTree;
  readonly type: ValueType;
  readonly aggregates: readonly AggregatePlan[];
  readonly origin: Location;
}

/** `origin` is the argument that was written. */
export type IrValue = { readonly origin: Location } & IrValueKind;

export type IrValueKind =
  | { readonly kind: "expr"; readonly value: IrExpression }
  | { readonly kind: "exprs"; readonly values: readonly IrExpression[] }
  | { readonly kind: "fields"; readonly values: readonly (readonly [string, IrExpression])[] }
  | { readonly kind: "constant"; readonly value: Constant }
  | { readonly kind: "word"; readonly value: string }
  | { readonly kind: "durations"; readonly from: Constant; readonly to: Constant }
  | {
      readonly kind: "replicas";
      readonly value: number | "partitions" | { readonly min: number; readonly max: number };
    }
  | { readonly kind: "paths"; readonly paths: readonly (readonly string[])[] }
  | { readonly kind: "options"; readonly options: IrOptions; readonly origins: IrOrigins }
  | { readonly kind: "block"; readonly connector: IrConnector | undefined; readonly clauses: readonly IrClause[] };

/** Options in the order of the catalogue. */
export type IrOptions = readonly (readonly [string, Constant | IrExpression])[];

/** Where each option is written, by its name. */
export type IrOrigins = Readonly<Record<string, Location>>;

/** A clause by its catalogue row; `values` in the order of the row's parts, only those given. */
export interface IrClause {
  readonly row: string;
  readonly keyword: string;
  readonly values: readonly (readonly [string, IrValue])[];
  readonly origin: Location;
}

export interface IrConnector {
  readonly type: string;
  readonly options: IrOptions;
  readonly origins: IrOrigins;
  readonly origin: Location;
}

export interface IrInput {
  readonly node: string;
  readonly output: "main" | "errors" | "late";
  readonly where?: IrExpression;
  readonly otherwise: boolean;
  readonly alias?: string;
  readonly origin: Location;
}

export interface IrNode {
  readonly kind: "source" | "step" | "window" | "chunk" | "sink" | "table";
  readonly name: string;
  readonly description?: string;
  readonly from: readonly IrInput[];
  readonly declaredType?: ValueType;
  readonly outputType: ValueType;
  readonly connector?: IrConnector;
  readonly format?: { readonly type: string; readonly options: IrOptions; readonly explicit: boolean };
  /** In written order for operators; the rest in the order of the catalogue. */
  readonly clauses: readonly IrClause[];
  /** Windows have them, nothing else does. */
  readonly windowRules?: IrWindowRules;
  readonly origin: Location;
}

/** When a window gives a pane, whole: `early`, `late` and `panes` are sugar for it. */
export interface IrWindowRules {
  readonly trigger: TriggerPlan;
  readonly onTime: WindowPlan["onTime"];
  readonly closing: WindowPlan["closing"];
  readonly panes: WindowPlan["panes"];
  readonly timestamp: WindowPlan["timestamp"];
  readonly lateBy: WindowPlan["lateBy"];
}

/** Metadata of a resource written by hand that .flow cannot say. */
export interface IrMetadata {
  readonly annotations: readonly { readonly name: string; readonly value: string; readonly origin: Location }[];
  readonly finalizers: readonly { readonly name: string; readonly origin: Location }[];
}

export interface Ir {
  readonly name: string;
  readonly description?: string;
  readonly metadata?: IrMetadata;
  readonly clauses: readonly IrClause[];
  readonly defaults: readonly IrConnector[];
  readonly types: TypeTable;
  readonly typeDocs: Readonly<Record<string, string>>;
  /** Where types and their fields are written, by the names that lead there: `Order`, `Order/customer/id`. */
  readonly typeOrigins: IrOrigins;
  /** In written order. */
  readonly nodes: readonly IrNode[];
  readonly origin: Location;
}

/** The runtime configs of a pipeline, one per stage, in topological order. */
export type StageConfigs = readonly RuntimeConfig[];
