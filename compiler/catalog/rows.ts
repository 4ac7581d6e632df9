/**
 * The shapes of the catalogue's rows. The rows are data: the parser, the checks, completion, hover, the custom resource's
 * schema and docs/reference all read the same ones, so that none of them can know something the others do not.
 */

/** Where a clause may stand. `errors` is the block of the pipeline's `errors dead_letter { … }`. */
export type Place = "pipeline" | "source" | "step" | "window" | "chunk" | "sink" | "table" | "test" | "errors";

/** What a part of a clause takes, i.e. what the parser reads for it. */
export type PartKind =
  /** An expression over events, kept as a tree. */
  | "expr"
  /** One or more expressions, comma separated. */
  | "exprs"
  /** A record literal whose fields are expressions over events. */
  | "fields"
  /** Constants: a literal, a param, or a constant expression of them. */
  | "duration"
  | "size"
  | "int"
  | "number"
  | "string"
  | "bool"
  /** `100/s` */
  | "rate"
  /** `100ms..10s`, both durations. */
  | "durations"
  /** One of `choices`. */
  | "word"
  /** `3`, `partitions` or `0..10`. */
  | "replicas"
  /** `data.a.b`, to be written to. */
  | "path"
  | "paths"
  /** A record of the options in `options` (constants). */
  | "options"
  /** A record of any constants, by any names: labels. */
  | "record"
  /** Clauses in braces, of the place `block`. */
  | "block"
  /** The name of a node, with `.errors` or `.late` where `outputs`. */
  | "node"
  /** Test data: a list of record (or other) literals. */
  | "events"
  /** Test data: one value. */
  | "event";

export interface Choice {
  readonly name: string;
  readonly doc: string;
}

export interface Part {
  /** Its name in the custom resource, the IR and messages: camelCase. */
  readonly name: string;
  readonly kind: PartKind;
  /** The word or words before it: `idle`, `by lag`, `=`. */
  readonly word?: string;
  readonly optional?: true;
  readonly choices?: readonly Choice[];
  readonly options?: readonly OptionRow[];
  readonly block?: Place;
  /** The type that an `expr` must have, as .flow writes it; absent = any type. */
  readonly type?: string;
  /** As .flow writes it; what holds when the part is left out. */
  readonly default?: string;
  readonly limit?: PartLimit;
  /** A string of several lines: a block in the custom resource, triple quotes in .flow. */
  readonly isMultiline?: true;
  /** What a new one begins with, when an editor writes it. */
  readonly sample?: string;
  readonly doc: string;
}

/** Bounds of a part, where "greater than 0" is not all there is to say. */
export interface PartLimit {
  /** Of an int: what the custom resource's schema says too. */
  readonly least?: number;
  readonly most?: number;
  /** Of a string, in UTF-8. */
  readonly mostBytes?: number;
}

export interface ClauseRow {
  /** `place.keyword`, e.g. `step.filter`. */
  readonly id: string;
  readonly place: Place;
  readonly keyword: string;
  /** In the order in which they are written. */
  readonly parts: readonly Part[];
  /** At most one per declaration unless it says `many`. */
  readonly many?: true;
  /** An operator of a step: runs in the order written. */
  readonly operator?: true;
  /** Exactly one of the clauses with the same `oneOf` must be there (`required`), or at most one. */
  readonly oneOf?: string;
  readonly required?: true;
  /** At least / at most one part must be given, for clauses whose parts are alternatives. */
  readonly alternatives?: true;
  /** Key in the custom resource, when it is not the keyword in camelCase. */
  readonly field?: string;
  readonly doc: string;
  readonly example: string;
  readonly since: string;
  /** The embedded runtime executes it. */
  readonly runtime: boolean;
}

/** The type of a connector's or format's option. */
export type OptionKind =
  | "string"
  | "strings"
  | "int"
  | "number"
  | "bool"
  | "duration"
  | "size"
  | "rate"
  /** One of `choices`. */
  | "choice"
  /** Evaluated per event. */
  | "expr"
  /** string → string, e.g. headers. */
  | "map"
  /** Any constant value. */
  | "value"
  /** A record of `options`. */
  | "options"
  /** `secret("name", "key")`; a string is accepted with a warning. */
  | "secret";

export interface OptionRow {
  readonly name: string;
  readonly kind: OptionKind;
  readonly required?: true;
  /** Only in these roles; absent = in all of the connector's. */
  readonly roles?: readonly Role[];
  readonly default?: string | number | boolean;
  readonly choices?: readonly Choice[];
  readonly options?: readonly OptionRow[];
  /** Of `options`: plain true or false will do, and says it without any options. */
  readonly orBool?: true;
  /** Of an `expr`: the type it must have. */
  readonly type?: string;
  readonly limit?: OptionLimit;
  /** Means something only beside one of these values of another option, given or by default. */
  readonly only?: { readonly option: string; readonly is: readonly string[] };
  readonly doc: string;
}

/** Which values of an option's type make sense. */
export interface OptionLimit {
  /** After "must be": `between 0 and 65535`. */
  readonly says: string;
  /** Of a duration in milliseconds, of a size in bytes. */
  readonly least?: number;
  readonly most?: number;
  /** Of the whole text. */
  readonly pattern?: RegExp;
  /** Of a list: there is something in it, and its first text is not empty. */
  readonly notEmpty?: true;
}

export type Role = "source" | "sink" | "table" | "dead_letter" | "defaults";

export interface ConnectorRow {
  readonly name: string;
  readonly roles: readonly Role[];
  readonly options: readonly OptionRow[];
  /** Which option a bare string sets: `--from lines=file:book.txt` sets `path`. */
  readonly argument?: string;
  /** What a source of it promises. */
  readonly source?: {
    /** It ends by itself (a file); otherwise it runs until stopped. */
    readonly bounded: boolean;
    /** Events carry a time of their own (a Kafka timestamp), so windows work without a `time` clause. */
    readonly time: boolean;
    readonly partitions: boolean;
    /** Can be scaled to zero, because what waits is kept elsewhere and can be counted. */
    readonly scaleToZero: boolean;
    /** Reading can start again at a position. */
    readonly replay: boolean;
  };
  readonly sink?: {
    readonly exactlyOnce: boolean;
    /** The options which together name what is written to; two sinks with the same are an error. */
    readonly target: readonly string[];
  };
  readonly format: FormatName;
  readonly doc: string;
  readonly example: string;
  readonly since: string;
  readonly runtime: boolean;
}

export type FormatName = "json" | "lines" | "text" | "csv" | "bytes" | "cloudevents";

export interface FormatRow {
  readonly name: FormatName;
  /** The type of `data` it gives when the source declares none. */
  readonly gives: string;
  readonly options: readonly OptionRow[];
  readonly doc: string;
  readonly since: string;
  readonly runtime: boolean;
}

export interface DeclarationRow {
  readonly keyword: string;
  /** As .flow writes it, for hover and reference. */
  readonly signature: string;
  readonly doc: string;
  readonly example: string;
  /** Clauses of this place may stand in its braces. */
  readonly place?: Place;
  readonly since: string;
}

/**
 * One way to call a function. Types are written as in .flow, and besides: `T`, `K`, `V` are type variables; `O` is one that
 * stands for a type with an order; `number` is int, uint or double; `optional(T)`; `T...`, last, one or more of it.
 */
export interface Overload {
  /** CEL's own overload id where there is one: `size_string`. */
  readonly id: string;
  readonly parameters: readonly string[];
  readonly result: string;
}

export interface FunctionRow {
  readonly name: string;
  /** `global` f(x), `method` x.f(), `both`; `operator` is written infix; `macro` binds variables; `aggregate` only in emit and where. */
  readonly style: "global" | "method" | "both" | "operator" | "macro" | "aggregate";
  /** A method's receiver is the first parameter. */
  readonly overloads: readonly Overload[];
  readonly library:
    | "core"
    | "strings"
    | "lists"
    | "math"
    | "sets"
    | "encoders"
    | "regex"
    | "optional"
    | "stream"
    | "bindings";
  readonly parameters: readonly string[];
  readonly doc: string;
  readonly example: string;
  readonly since: string;
  readonly runtime: boolean;
}
