/** What the writers of nodes share while a stage is generated: names, expressions, and how an event goes on to its readers. */
import type { ExprTree } from "../../compiler/contract/expr-tree.ts";
import type { EdgePlan, RuntimeConfig } from "../../compiler/contract/runtime-config.ts";
import {
  type EmitEnvironment,
  emitCondition,
  emitExpression,
  emitTimeValue,
  emitTyped,
  readsOf,
} from "../expr/compile-expression.ts";
import type { CharacterSet } from "../expr/regex/character-set.ts";
import { presentChunk } from "../operators/chunk-result.ts";
import { Ownership } from "../operators/ownership.ts";
import type { ChunkTaker } from "./chunk.ts";
import { eventRecord, eventTimeMs, partitionKeyView } from "./event-attributes.ts";
import { EventTimeline } from "./event-time.ts";
import type { Graph, Reader } from "./graph.ts";
import { isProgram } from "./is-program.ts";
import { bug } from "./runtime-error.ts";
import type { StageCode } from "./stage-code.ts";
import { countStride, type StageServices } from "./stage-services.ts";
import { timePlanOf } from "./time-plan.ts";
import { mentions } from "./tree.ts";

/** How the value of an expression is wanted: as `any`, in its kind's own representation, as a JavaScript boolean, or as the time it stands for. */
export type Form = "any" | "typed" | "condition" | "time";

/** JavaScript identifiers of variables other than `data` and `event`, and of aggregates by slot. */
export interface Scope {
  readonly variables?: Readonly<Record<string, string>>;
  readonly aggregates?: readonly string[];
}

const emitters = { any: emitExpression, typed: emitTyped, condition: emitCondition, time: emitTimeValue };

export class StageEmission {
  readonly code: StageCode;
  readonly config: RuntimeConfig;
  readonly graph: Graph;
  readonly services: StageServices;
  /** What may be changed in place of the data that a node gives; by node. */
  readonly ownershipByNode: Ownership[] = [];
  /** The format in which `current.text` still is, or holds, the data that a node gives; by node. */
  readonly rawFormatByNode: (string | undefined)[] = [];
  /** What has read the records that come to a sink by their shapes, and so must write them; by node. */
  readonly shapesBySink = new Map<number, string>();
  /** The characters of the runs that a window is to count, and the step they come from; by the window's node. */
  readonly runsByWindow = new Map<number, { readonly set: CharacterSet; readonly step: number }>();
  /** Undefined where nothing lives by event time. */
  readonly time: EventTimeline | undefined;
  /** A window takes results back: the variable `isRetracted` says so of the present event. */
  readonly hasRetractions: boolean;
  private readonly environment: EmitEnvironment;
  private scope: Scope = {};
  private eventName: string | undefined;

  constructor(code: StageCode, config: RuntimeConfig, graph: Graph, services: StageServices) {
    this.code = code;
    this.config = config;
    this.graph = graph;
    this.services = services;
    this.hasRetractions = config.nodes.some((node) => node.kind === "window" && node.panes === "retract");
    const plan = timePlanOf(config, graph);
    this.time =
      plan === undefined
        ? undefined
        : new EventTimeline(plan, { nowMs: () => services.nowMs(), isPaused: () => services.isPaused(-1) });
    this.environment = {
      pool: code.pool,
      fresh: () => code.name("t"),
      variable: (name) => this.variable(name),
      table: (name) => this.table(name),
      aggregate: (slot) => this.scope.aggregates?.[slot] ?? bug(`no aggregate ${slot} here`),
    };
  }

  /** Writes the statements of `tree` and returns its value, to be used at most once. */
  expression(tree: ExprTree, form: Form, scope: Scope = {}): string {
    this.scope = scope;
    this.eventName = undefined;
    if (mentions(tree, "event")) {
      this.eventName = this.code.name("event");
      this.code.line(`const ${this.eventName} = ${this.eventView(tree)};`);
    }
    const { statements, value } = emitters[form](tree, this.environment);
    if (statements !== "") this.code.line(statements);
    return value;
  }

  private eventView(tree: ExprTree): string {
    const reads = readsOf(tree).filter(({ variable }) => variable === "event");
    return reads.every(({ path }) => path[0] === "partitionkey")
      ? `${this.code.bind(partitionKeyView)}(${this.code.bind(this.services.current)}, attributes)`
      : `${this.code.bind(eventRecord)}(${this.eventArguments()})`;
  }

  /** What event-attributes.ts needs: where the event comes from, and what the pipeline has set on the way. */
  eventArguments(): string {
    return `${this.code.bind(this.config.pipeline)}, ${this.code.bind(this.services.current)}, eventTime, attributes`;
  }

  /** The JavaScript of the watermark of a node's input, as it stood before the present event. */
  watermark(node: number): string {
    const { time } = this;
    if (time === undefined) return "-Infinity";
    const sources = time.plan.directSources[node];
    if (sources === undefined) return `${this.code.bind(time.inputWatermarks)}[${node}]`;
    const each = sources.map((source) => `${this.code.bind(time.watermarks)}[${source}]`);
    return each.length === 1 ? each[0]! : `Math.min(${each.join(", ")})`;
  }

  count(node: number, offset: 0 | 1): string {
    return `${this.code.bind(this.services.counts)}[${countStride * node + offset}]++;`;
  }

  /** Writes the statements that give `value` to the readers of a node's output. Outside of any `try`. */
  deliver(node: number, output: EdgePlan["output"], value: string): void {
    const readers = this.graph.readersOf(node, output);
    const others = readers.filter(({ edge }) => edge.otherwise === true);
    this.probeGave(node, output, value);
    const taken = others.length > 0 ? this.code.name("taken") : undefined;
    if (taken !== undefined) this.code.line(`let ${taken} = false;`);
    for (const reader of readers) {
      if (reader.edge.where !== undefined) this.deliverWhere(reader, reader.edge.where, value, node, taken);
      else if (reader.edge.otherwise !== true) this.code.line(this.call(reader, node, value));
    }
    if (taken === undefined) return;
    this.code.line(`if (!${taken}) {`, ...others.map((reader) => this.call(reader, node, value)), "}");
    if (this.services.probe !== undefined)
      this.code.line("else {", ...others.map((reader) => this.probeEdge("passedBy", reader)), "}");
  }

  /** An event for which the test fails is bad at the reader, and no `otherwise` takes it. */
  private deliverWhere(reader: Reader, where: ExprTree, value: string, node: number, taken: string | undefined): void {
    const pass = this.code.name("pass");
    this.code.line("{", `let ${pass} = false;`, "try {");
    if (value !== "data") this.code.line(`const data = ${value};`);
    this.code.line(`${pass} = ${this.expression(where, "condition")};`);
    if (this.services.probe !== undefined) this.code.line(`if (!${pass}) ${this.probeEdge("passedBy", reader)}`);
    const mark = taken === undefined ? "" : `${taken} = true; `;
    this.code.line(`} catch (error) { ${mark}${this.probeEdge("came", reader)}fail(${reader.index}, -1, error); }`);
    this.code.line(`if (${pass}) { ${mark}${this.call(reader, node, value)} }`, "}");
  }

  /** The statement that tells the probe of an output; nothing without a probe. Of `errors` the one place that makes them tells it. */
  probeGave(node: number | "node", output: EdgePlan["output"], value: string, isError = false): void {
    const { probe, current } = this.services;
    if (probe === undefined || (output === "errors") !== isError) return;
    const time = `${this.code.bind(eventTimeMs)}(${this.code.bind(current)}, eventTime)`;
    this.code.line(`${this.code.bind(probe)}.gave(${node}, "${output}", ${value}, ${time});`);
  }

  private probeEdge(what: "came" | "passedBy", { node, index, edge }: Reader): string {
    const { probe } = this.services;
    if (probe === undefined || node.kind === "source") return "";
    return `${this.code.bind(probe)}.${what}(${index}, ${node.from.indexOf(edge)});`;
  }

  private call(reader: Reader, from: number, value: string): string {
    return this.probeEdge("came", reader) + this.callOf(reader, from, value);
  }

  private callOf({ node, index, edge }: Reader, from: number, value: string): string {
    if (node.kind === "window" && node.join !== undefined) return `side${index}_${node.from.indexOf(edge)}(${value});`;
    const raw = this.rawFormatByNode[from];
    if (node.kind !== "sink" || edge.output !== "main" || raw === undefined) return `node${index}(${value});`;
    if (raw === node.format.type) return `raw${index}(${value});`;
    const isJson = [raw, node.format.type].every((format) => format === "json" || format === "cloudevents");
    return isJson ? `as${index}(${value});` : `node${index}(${value});`;
  }

  private variable(name: string): string {
    if (name === "data") return "data";
    if (name === "event" && this.eventName !== undefined) return this.eventName;
    if (name === "retracted") return this.hasRetractions ? "isRetracted" : "false";
    const known = this.scope.variables?.[name];
    if (known === undefined && name === "chunk")
      return `${this.code.bind(presentChunk)}(${this.code.bind(this.services.current)})`;
    return known ?? bug(`no variable '${name}' here`);
  }

  private table(name: string): string {
    const holder = this.services.refreshed?.get(name);
    if (holder !== undefined) return `${this.code.bind(holder)}.rows`;
    const table = this.services.tables.get(name);
    return table === undefined ? bug(`no table '${name}'`) : this.code.bind(table);
  }

  /** What takes the chunks that come out of a node as chunks: sinks and user code that steps lead to. */
  chunkTakers(node: number): readonly ChunkTaker[] {
    return [...new Set(this.graph.readersOf(node, "main").flatMap((reader) => this.takersAt(reader)))];
  }

  private takersAt({ node, index }: Reader): readonly ChunkTaker[] {
    if (node.kind === "sink") return [this.services.sinks.get(node.name)!];
    if (node.kind !== "step") return [];
    const program = node.operators.findIndex(isProgram);
    return program < 0 ? this.chunkTakers(index) : [this.services.port(index, node, program)];
  }

  /** What a node reads comes through user code behind the window or source that it is of. */
  isBehindProgram(index: number): boolean {
    const node = this.config.nodes[index];
    if (node === undefined || node.kind === "source") return false;
    return node.from.some((edge) => {
      const from = this.graph.indexByName.get(edge.node)!;
      const step = this.config.nodes[from];
      return step?.kind === "step" && (step.operators.some(isProgram) || this.isBehindProgram(from));
    });
  }

  /** What a node may change in place of the data it is given. */
  inputOwnership(from: readonly EdgePlan[]): Ownership {
    const owners = from.map((edge) => {
      const node = this.graph.indexByName.get(edge.node)!;
      if (edge.output !== "main") return Ownership.none;
      return this.graph.isShared(node) ? Ownership.none : (this.ownershipByNode[node] ?? Ownership.none);
    });
    const [first = Ownership.none] = owners;
    return owners.every((owner) => owner === first) ? first : Ownership.none;
  }
}
