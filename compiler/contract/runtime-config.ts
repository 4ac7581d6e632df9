/**
 * What one worker runs: a stage of a pipeline, fully resolved. JSON; validated against its JSON Schema at start.
 * Must not know `.flow`, Kubernetes or how anything is executed.
 */
import type { ExprTree } from "./expr-tree.ts";
import type { TypeTable, ValueType } from "./value-type.ts";

export interface RuntimeConfig {
  readonly apiVersion: "dataflow.argoproj.io/runtime/v1alpha1";
  readonly pipeline: string;
  readonly stage: string;
  readonly delivery: "at_least_once" | "exactly_once";
  /** Where a bad event goes that no `errors` reader takes. `fail` stops the stage at the first. */
  readonly errors:
    | { readonly policy: "dead_letter"; readonly connector?: ConnectorPlan; readonly format?: FormatPlan }
    | { readonly policy: "fail" };
  readonly types: TypeTable;
  readonly tables: readonly TablePlan[];
  /** In topological order: a node's inputs come before it. */
  readonly nodes: readonly NodePlan[];
  /** What its worker needs of Kafka besides its nodes. There where a source is Kafka, or a topic between stages is read or written. */
  readonly kafka?: KafkaPlan;
}

export interface KafkaPlan {
  /** The consumer group of the stage: `argo.<pipeline>.<stage>` (of a local run, which is all stages in one, `argo.<pipeline>`), or what its sources say. Also the beginning of its transactional ids. */
  readonly group: string;
  /** Where group and changelog are: `brokers`, `tls` and `sasl` as in the options of its sources. Absent: nobody names any brokers, so it can only be run locally. */
  readonly connection?: ConnectionOptions;
  /** The topic of the stage's changelog, one of `topics`. There where the stage has a Kafka source and keeps anything: windows, chunks, dedupe, watermarks of other stages. */
  readonly changelog?: string;
  /** The topics that the pipeline makes for itself and this stage uses. Topics of sources and sinks are not among them: they must be there. */
  readonly topics: readonly KafkaTopicPlan[];
}

export type ConnectionOptions = Readonly<Record<string, OptionValue>>;

export interface KafkaTopicPlan {
  readonly topic: string;
  /**
   * A changelog is compacted; a topic between stages is kept by time, and has control records with watermarks in it. A dead letter is kept for ever; it is among these where the
   * file names no other place.
   */
  readonly role: "intermediary" | "changelog" | "dead_letter";
  readonly connection?: ConnectionOptions;
  readonly partitions: PartitionsPlan;
}

/**
 * How many partitions a topic is made with. Both stages of a topic say the same, and all topics into one stage, so that equal keys meet; never changed once it is made.
 * `count`: so many. `like`: as the one of these topics, of the same Kafka, that has most; at least `least`.
 */
export type PartitionsPlan = { readonly count: number } | { readonly like: readonly string[]; readonly least: number };

export interface NodeBase {
  readonly name: string;
  /** `file:line:column` in the .flow file, for messages. */
  readonly at: string;
}

export type NodePlan = SourcePlan | StepPlan | WindowPlan | ChunkPlan | SinkPlan;

export interface SourcePlan extends NodeBase {
  readonly kind: "source";
  readonly connector: ConnectorPlan;
  readonly format: FormatPlan;
  /** What `data` must look like; absent = any. */
  readonly type?: ValueType;
  /** Event time, a timestamp. Absent: the transport's own time, else arrival. */
  readonly time?: ExprTree;
  readonly watermark?: { readonly delayMs: number; readonly idleMs?: number; readonly aheadMs?: number };
}

/** One input of a node. `where` is over the producer's output; `otherwise` takes what no sibling `where` took. */
export interface EdgePlan {
  readonly node: string;
  readonly output: "main" | "errors" | "late";
  readonly where?: ExprTree;
  readonly otherwise?: true;
  readonly alias?: string;
}

export interface StepPlan extends NodeBase {
  readonly kind: "step";
  readonly from: readonly EdgePlan[];
  /** What the last operator that is user code answers; absent = any. */
  readonly type?: ValueType;
  readonly operators: readonly OperatorPlan[];
  readonly retry?: RetryPlan;
}

export interface RetryPlan {
  readonly count: number;
  readonly backoffMs: readonly [number, number];
  readonly else: "dead_letter" | "drop" | "fail";
}

/** `at` as in NodeBase: operators fail one by one. */
export type OperatorPlan = { readonly at: string } & (
  | { readonly op: "filter"; readonly test: ExprTree }
  | { readonly op: "map"; readonly value: ExprTree }
  | { readonly op: "set"; readonly path: readonly string[]; readonly value: ExprTree }
  | { readonly op: "remove"; readonly paths: readonly (readonly string[])[] }
  | { readonly op: "expand"; readonly list: ExprTree }
  | { readonly op: "flatten"; readonly separator: string }
  | { readonly op: "unflatten"; readonly separator: string }
  | { readonly op: "dedupe"; readonly key: ExprTree; readonly withinMs: number }
  | { readonly op: "throttle"; readonly count: number; readonly perMs: number }
  | { readonly op: "sample"; readonly fraction: number }
  | { readonly op: "time"; readonly value: ExprTree }
  | { readonly op: "attributes"; readonly values: readonly { readonly name: string; readonly value: ExprTree }[] }
  | { readonly op: "log"; readonly label: string }
  | { readonly op: "container"; readonly image: string; readonly options: Readonly<Record<string, OptionValue>> }
  | { readonly op: "process"; readonly options: Readonly<Record<string, OptionValue>> }
  /** A module with one exported function. Options: `timeout` in ms, `memory` in bytes. */
  | {
      readonly op: "code";
      readonly language: "javascript";
      readonly source: string;
      readonly options: Readonly<Record<string, OptionValue>>;
    }
);

/** An aggregate of `emit` or `where`; `args` are over the window's input event. */
export interface AggregatePlan {
  readonly fn:
    | "count"
    | "sum"
    | "min"
    | "max"
    | "avg"
    | "first"
    | "last"
    | "list"
    | "distinct"
    | "arg_max"
    | "arg_min"
    | "quantile"
    | "top"
    | "stddev";
  readonly args: readonly ExprTree[];
}

export type AssignPlan =
  | { readonly kind: "fixed"; readonly sizeMs: number; readonly offsetMs: number }
  | { readonly kind: "sliding"; readonly sizeMs: number; readonly everyMs: number; readonly offsetMs: number }
  | { readonly kind: "session"; readonly gapMs: number; readonly maxMs?: number }
  | { readonly kind: "global" }
  | { readonly kind: "count"; readonly count: number };

/**
 * When a window gives a pane. A tree, as in the Dataflow Model; `early`, `late` and their absence are sugar for it.
 * Source: Akidau et al., "The Dataflow Model"; Apache Beam's triggers, whose names these are.
 */
export type TriggerPlan =
  /** At the end of the window; `early` before and `late` after it, each again and again. */
  | { readonly kind: "after_watermark"; readonly early?: TriggerPlan; readonly late?: TriggerPlan }
  | { readonly kind: "after_count"; readonly count: number }
  /** So long after the first event since it was last reset. */
  | { readonly kind: "after_processing_time"; readonly delayMs: number }
  | { readonly kind: "repeatedly"; readonly of: TriggerPlan }
  | { readonly kind: "first_of"; readonly of: readonly TriggerPlan[] }
  | { readonly kind: "all_of"; readonly of: readonly TriggerPlan[] }
  /** One after the other, in order. */
  | { readonly kind: "each_of"; readonly of: readonly TriggerPlan[] }
  | { readonly kind: "or_finally"; readonly of: TriggerPlan; readonly until: TriggerPlan }
  | { readonly kind: "never" };

export interface WindowPlan extends NodeBase {
  readonly kind: "window";
  readonly from: readonly EdgePlan[];
  /** Empty: one group for all. One: `key` is its value. Several: `key` is their list. */
  readonly key: readonly ExprTree[];
  readonly assign: AssignPlan;
  readonly latenessMs: number;
  readonly trigger: TriggerPlan;
  /** The pane at the end of the window comes also when nothing is new since the one before. */
  readonly onTime: "always" | "if_new";
  /** The same of a last pane when the window's state is freed. */
  readonly closing: "always" | "if_new";
  /** The event time of a result: the last instant of the window, or of the events in it the latest or earliest. */
  readonly timestamp: "end" | "earliest" | "latest";
  /** What is judged late: the event's own span, or the session that it becomes a part of. */
  readonly lateBy: "merged" | "own";
  readonly panes: "accumulate" | "discard" | "retract";
  readonly join?: { readonly on: ExprTree; readonly kind: "inner" | "left" | "outer" };
  readonly aggregates: readonly AggregatePlan[];
  readonly where?: ExprTree;
  readonly emit: ExprTree;
}

export interface ChunkPlan extends NodeBase {
  readonly kind: "chunk";
  readonly from: readonly EdgePlan[];
  readonly key: readonly ExprTree[];
  readonly size?: number;
  readonly bytes?: number;
  readonly everyMs?: number;
  readonly startWhen?: ExprTree;
  readonly endWhen?: ExprTree;
  readonly window: boolean;
  readonly aggregates: readonly AggregatePlan[];
  readonly emit?: ExprTree;
}

export interface SinkPlan extends NodeBase {
  readonly kind: "sink";
  readonly from: readonly EdgePlan[];
  readonly connector: ConnectorPlan;
  readonly format: FormatPlan;
  readonly retry?: RetryPlan;
}

export interface TablePlan extends NodeBase {
  readonly type?: ValueType;
  readonly connector: ConnectorPlan;
  readonly format: FormatPlan;
  readonly key: ExprTree;
  readonly refreshMs?: number;
}

/**
 * `type` is the connector's catalogue name; options under their catalogue names, defaults filled in. Kafka sources and sinks between stages have `watermarks: true`
 * besides, which no file can say.
 */
export interface ConnectorPlan {
  readonly type: string;
  readonly options: Readonly<Record<string, OptionValue>>;
}

export interface FormatPlan {
  readonly type: "json" | "lines" | "text" | "csv" | "bytes" | "cloudevents";
  readonly options: Readonly<Record<string, OptionValue>>;
}

/** Durations are ms, sizes bytes, rates `{ count, perMs }`; an expression evaluated per event is `{ expr }`, a secret `{ secret }`. */
export type OptionValue =
  | string
  | number
  | boolean
  | null
  | readonly OptionValue[]
  | { readonly expr: ExprTree }
  | { readonly secret: { readonly name: string; readonly key: string } }
  | { readonly [name: string]: OptionValue };
