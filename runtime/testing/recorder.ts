/** A probe that keeps what it sees as trees, and counts how often each branch was taken. */
import type { NodePlan, RuntimeConfig } from "../../compiler/contract/runtime-config.ts";
import { encodeJson } from "../codec/json.ts";
import type { Current } from "../engine/current.ts";
import type { Probe } from "../engine/probe.ts";
import { rootOf, type TraceEntry, type TraceOutput } from "./trace.ts";

export interface RecorderOptions {
  /** Records that are followed, and what each window and chunk gives; all if absent. */
  readonly limit?: number;
  /** Called when a tree begins; it is whole once the present call stack is left. */
  readonly began?: (root: TraceEntry) => void;
  /** An event of the tree is with user code (1), or is done with (-1): until all are, the tree is not whole. */
  readonly away?: (root: TraceEntry, change: 1 | -1) => void;
  /** Everything is counted, and every event that a node gave is kept for `given`. */
  readonly keep?: boolean;
}

type Level = { readonly operator: number; readonly entry: TraceEntry };

export class Recorder implements Probe {
  /** Records, and what windows and chunks give, in order. */
  readonly roots: TraceEntry[] = [];
  /** How often: `came/2/0`, `passed_by/2/0`, `passed/1/0`, `dropped/1/0`, `gave/1/late`. */
  readonly counts = new Map<string, number>();
  /** Where it is known: of the input of a node. */
  watermarkOf: (node: number) => number = () => Number.NEGATIVE_INFINITY;
  private readonly options: RecorderOptions;
  private nodes: readonly NodePlan[] = [];
  private current: Current | undefined;
  private records = 0;
  /** By node: results so far. */
  private readonly results: number[] = [];
  /** By node: the event that is in it, and the elements that its `expand`s are at. */
  private readonly levels: Level[][] = [];
  /** By node and output: what it gave last, while its readers have it. */
  private readonly last = new Map<string, TraceEntry | undefined>();
  private readonly kept = new Map<string, TraceEntry[]>();
  /** By node and key: events in the chunk that is open. */
  private open = new Map<string, TraceEntry[]>();
  private indexByName = new Map<string, number>();

  constructor(options: RecorderOptions = {}) {
    this.options = options;
  }

  begin({ nodes }: RuntimeConfig, current: Current): void {
    this.nodes = nodes;
    this.current = current;
    this.indexByName = new Map(nodes.map((node, index) => [node.name, index]));
  }

  /** Everything that an output has given so far, in order. */
  given(node: string, output: TraceOutput): readonly TraceEntry[] {
    return this.kept.get(`${this.indexByName.get(node)} ${output}`) ?? [];
  }

  /** Gives a function that forgets what is seen from now on; it may be called again and again. Not while a record is under way. */
  mark(): () => void {
    const counts = [...this.counts];
    const results = [...this.results];
    const kept = new Map([...this.kept].map(([name, entries]) => [name, entries.length]));
    const [records, roots] = [this.records, this.roots.length];
    const copyOf = (groups: Recorder["open"]) => new Map([...groups].map(([name, entries]) => [name, [...entries]]));
    const open = copyOf(this.open);
    return () => {
      this.open = copyOf(open);
      this.counts.clear();
      for (const [name, count] of counts) this.counts.set(name, count);
      this.results.splice(0, this.results.length, ...results);
      for (const [name, entries] of this.kept) entries.length = kept.get(name) ?? 0;
      this.records = records;
      this.roots.length = roots;
    };
  }

  came(node: number, edge: number): void {
    this.count("came", node, edge);
    const source = edge < 0;
    const parent = source ? undefined : this.producer(node, edge);
    const followed = source ? this.records++ < (this.options.limit ?? Number.POSITIVE_INFINITY) : parent !== undefined;
    this.levels[node] = [];
    if (!followed) return;
    const position = source ? { position: this.current?.position() ?? "", text: this.current?.text ?? "" } : {};
    const entry = this.add({ kind: source ? "record" : "came", node, index: edge, parent, children: [], ...position });
    this.levels[node] = [{ operator: -1, entry }];
  }

  /** With the levels of the event, which come again with it. */
  left(node: number): readonly Level[] {
    const levels = [...(this.levels[node] ?? [])];
    this.away(levels, 1);
    return levels;
  }

  back(node: number, left: readonly Level[]): void {
    this.levels[node] = [...left];
  }

  gone(left: readonly Level[]): void {
    this.away(left, -1);
  }

  private away(levels: readonly Level[], change: 1 | -1): void {
    const entry = levels.at(-1)?.entry;
    if (entry !== undefined) this.options.away?.(rootOf(entry), change);
  }

  passedBy(node: number, edge: number): void {
    this.count("passed_by", node, edge);
    const parent = this.producer(node, edge);
    // A result that the window's own `where` did not want.
    const isResult = edge < 0 && this.options.keep === true;
    if (parent !== undefined || isResult) this.add({ kind: "passed_by", node, index: edge, parent, children: [] });
  }

  passed(node: number, operator: number, data: unknown): void {
    this.count("passed", node, operator);
    const levels = this.levels[node] ?? [];
    while (levels.length > 0 && levels.at(-1)!.operator >= operator) levels.pop();
    const parent = levels.at(-1)?.entry;
    if (parent === undefined) return;
    const text = textOf(data);
    const entry = this.add({ kind: "passed", node, index: operator, parent, children: [], text });
    if (this.isExpand(node, operator)) levels.push({ operator, entry });
  }

  dropped(node: number, operator: number): void {
    this.count("dropped", node, operator);
    const parent = this.parentIn(node, operator);
    if (parent !== undefined) this.add({ kind: "dropped", node, index: operator, parent, children: [] });
  }

  grouped(node: number, key: unknown, startMs: number, endMs: number): void {
    const parent = this.parentIn(node, 0);
    if (parent === undefined) return;
    const window = { startMs, endMs };
    const watermarkMs = this.watermarkOf(node);
    const text = textOf(key);
    const entry = this.add({ kind: "grouped", node, index: 0, parent, children: [], text, window, watermarkMs });
    if (this.nodes[node]?.kind !== "chunk" || this.options.keep !== true) return;
    const chunk = `${node} ${text}`;
    const entries = this.open.get(chunk);
    if (entries === undefined) this.open.set(chunk, [entry]);
    else entries.push(entry);
  }

  closed(node: number, key: unknown): void {
    this.open.delete(`${node} ${textOf(key)}`);
  }

  /** The event waits in a chunk. */
  isOpen(entry: TraceEntry): boolean {
    return this.open.get(`${entry.node} ${entry.text}`)?.includes(entry) === true;
  }

  gave(node: number, output: TraceOutput, data: unknown, timeMs: number): void {
    this.count("gave", node, output);
    const kind = this.nodes[node]?.kind;
    const isResult = output === "main" && (kind === "window" || kind === "chunk");
    const parent = isResult ? undefined : this.levels[node]?.at(-1)?.entry;
    const followed = isResult ? this.isResultFollowed(node) : parent !== undefined;
    const name = `${node} ${output}`;
    this.last.set(name, undefined);
    if (!followed && this.options.keep !== true) return;
    const late = output === "late" ? { watermarkMs: this.watermarkOf(node) } : {};
    const text = textOf(data);
    const entry = this.add({ kind: "gave", node, index: 0, parent, children: [], output, text, timeMs, ...late });
    this.last.set(name, entry);
    if (this.options.keep !== true) return;
    const kept = this.kept.get(name);
    if (kept === undefined) this.kept.set(name, [entry]);
    else kept.push(entry);
  }

  private isResultFollowed(node: number): boolean {
    const results = this.results[node] ?? 0;
    this.results[node] = results + 1;
    return results < (this.options.limit ?? Number.POSITIVE_INFINITY);
  }

  /** What the event on an edge was when its producer gave it. */
  private producer(node: number, edge: number): TraceEntry | undefined {
    const plan = this.nodes[node];
    const from = plan === undefined || plan.kind === "source" ? undefined : plan.from[edge];
    return from && this.last.get(`${this.indexByName.get(from.node)} ${from.output}`);
  }

  private parentIn(node: number, operator: number): TraceEntry | undefined {
    const levels = this.levels[node] ?? [];
    while (levels.length > 1 && levels.at(-1)!.operator >= operator) levels.pop();
    return levels.at(-1)?.entry;
  }

  private isExpand(node: number, operator: number): boolean {
    const plan = this.nodes[node];
    return plan?.kind === "step" && plan.operators[operator]?.op === "expand";
  }

  private add(entry: TraceEntry): TraceEntry {
    if (entry.parent !== undefined) entry.parent.children.push(entry);
    else {
      if (this.options.keep === true) this.roots.push(entry);
      this.options.began?.(entry);
    }
    return entry;
  }

  private count(what: string, node: number, index: number | string): void {
    if (this.options.keep !== true) return;
    const key = `${what}/${node}/${index}`;
    this.counts.set(key, (this.counts.get(key) ?? 0) + 1);
  }
}

/** Its JSON; what JSON cannot say (NaN) as text. */
function textOf(data: unknown): string {
  if (data === undefined) return "null";
  try {
    return encodeJson(data);
  } catch {
    return JSON.stringify(String(data));
  }
}
