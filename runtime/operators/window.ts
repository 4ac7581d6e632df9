/**
 * A window: groups by key and time, and aggregates. When and where is decided in runtime/windows/; here the code is written that it works
 * on: `create`, `add`, `merge`, `reset` and `emit` a cell, which is one key in one window. A cell is one object: its key, its window, and the
 * fields of all its aggregates.
 */
import type { ExprTree } from "../../compiler/contract/expr-tree.ts";
import type { WindowPlan } from "../../compiler/contract/runtime-config.ts";
import type { EventTimeline } from "../engine/event-time.ts";
import { bug } from "../engine/runtime-error.ts";
import type { Scope, StageEmission } from "../engine/stage-emission.ts";
import { countStride } from "../engine/stage-services.ts";
import { mentions } from "../engine/tree.ts";
import { hashKey } from "../expr/hash-key.ts";
import { ownText } from "../expr/own-text.ts";
import { isPlainFixed, type WindowRules, type WindowServices, windowOperator } from "../windows/window-operator.ts";
import { AggregateSlots } from "./aggregate-slots.ts";
import { aggregates } from "./aggregates/aggregates.ts";
import { checkMerged, mergeFailure } from "./aggregates/merge-failure.ts";
import { Ownership } from "./ownership.ts";
import { TextRuns } from "./text-runs.ts";
import { paneValue, ResultOrigin, resultTimeMs, retracted, retractedAttributes, windowValue } from "./window-result.ts";

export function emitWindow(plan: WindowPlan, index: number, emission: StageEmission): void {
  const time = emission.time ?? bug("a stage with a window has no timeline");
  new WindowWriter(plan, index, time, emission).write();
}

/** Writes a window; a join is one whose cells hold events instead of aggregates. */
export class WindowWriter {
  protected readonly plan: WindowPlan;
  protected readonly index: number;
  protected readonly time: EventTimeline;
  protected readonly emission: StageEmission;
  protected readonly operator: string;
  private readonly slots: AggregateSlots;

  constructor(plan: WindowPlan, index: number, time: EventTimeline, emission: StageEmission) {
    this.plan = plan;
    this.index = index;
    this.time = time;
    this.emission = emission;
    this.operator = `window${index}`;
    this.slots = new AggregateSlots(plan.aggregates, emission);
  }

  write(): void {
    const { plan, index, emission, time, operator } = this;
    const { code } = emission;
    // What is kept for taking back must stay as it is.
    const isOwn = plan.emit.op === "record" && plan.panes !== "retract";
    emission.ownershipByNode[index] = isOwn ? Ownership.root : Ownership.none;
    this.writeResult();
    this.writeEmit();
    code.line(`const code${index} = {`);
    this.writeCells();
    code.line(`emit: emit${index}, retract: retract${index} };`);
    const make = code.bind(windowOperator);
    code.line(
      `const ${operator} = ${make}(${code.bind(this.rules())}, code${index}, ${code.bind(this.windowServices())});`,
    );
    code.line(
      `${code.bind(time.windows)}[${index}] = ${operator};`,
      `${code.bind(time.cellCodes)}[${index}] = code${index};`,
    );
    this.writeNode();
  }

  protected rules(): WindowRules {
    return this.plan;
  }

  protected windowServices(): WindowServices {
    const { services } = this.emission;
    return { nowMs: () => services.nowMs(), isPaused: () => services.isPaused(this.index), spill: services.spill };
  }

  /** `create`, `merge` and `reset`. */
  protected writeCells(): void {
    const { plan } = this;
    const { code } = this.emission;
    const fields = [...this.slots.fields()];
    const mayFail = this.mayFailToMerge();
    if (mayFail) fields.push(["failure", "undefined"]);
    const literals = fields.map(([name, value]) => `, ${name}: ${value}`).join("");
    code.line(
      `create(key, hash, window, order) {`,
      `return { key, hash, window, order, timeMs: 0, isChanged: false, state: undefined${literals} };`,
      "},",
    );
    code.line("save(group, out) {", ...fields.map(([name]) => `out.value(group.${name});`), "},");
    code.line("load(group, from) {", ...fields.map(([name]) => `group.${name} = from.value();`), "},");
    code.line("merge(group, other) {");
    if (mayFail) code.line("if (other.failure !== undefined) group.failure = other.failure;", "try {");
    plan.aggregates.forEach(({ fn }, slot) => {
      code.line("{", aggregates[fn].merge(this.slots.slot(slot), "other"), "}");
    });
    if (mayFail) code.line(`} catch (error) { group.failure = ${code.bind(mergeFailure)}(error); }`);
    code.line("},", "reset(group) {", ...fields.map(([name, value]) => `group.${name} = ${value};`), "},");
  }

  private mayFailToMerge(): boolean {
    const { assign, aggregates: slots } = this.plan;
    const merges = assign.kind === "session" || assign.kind === "sliding";
    return merges && slots.some(({ fn }, slot) => aggregates[fn].mayFailToMerge?.(this.slots.slot(slot)) ?? false);
  }

  /** The data of a pane; undefined when `where` does not want it or it cannot be made. */
  protected writeResult(): void {
    const { index, emission } = this;
    const { code } = emission;
    code.line(`function result${index}(group, pane) {`, "try {", "const key = group.key;");
    if (this.mayFailToMerge()) code.line(`${code.bind(checkMerged)}(group.failure);`);
    this.writeValue({}, this.slots.writeResults());
    code.line(`} catch (error) { fail(${index}, 0, error); return undefined; }`, "}");
  }

  /** Tests `where` and returns the value of `emit`. `key` is there. */
  protected writeValue(variables: Readonly<Record<string, string>>, results: readonly string[]): void {
    const { plan, emission } = this;
    const { code } = emission;
    const reads = (name: string) => [plan.emit, plan.where].some((tree) => tree !== undefined && mentions(tree, name));
    if (reads("window")) code.line(`const window = ${code.bind(windowValue)}(group.window);`);
    if (reads("pane")) code.line(`const paneOf = ${code.bind(paneValue)}(pane);`);
    const scope = { variables: { key: "key", window: "window", pane: "paneOf", ...variables }, aggregates: results };
    if (plan.where !== undefined)
      code.line(`if (!${emission.expression(plan.where, "condition", scope)}) { ${this.refused()} return undefined; }`);
    code.line(`return ${emission.expression(plan.emit, "any", scope)};`);
  }

  /** The statement that tells the probe that `where` does not want a result. */
  protected refused(): string {
    const { probe } = this.emission.services;
    return probe === undefined ? "" : `${this.emission.code.bind(probe)}.passedBy(${this.index}, -1);`;
  }

  protected writeEmit(): void {
    const { index, emission } = this;
    const { code } = emission;
    code.line(`function emit${index}(group, pane) {`);
    this.writeAsEvent("", "undefined", () => {
      code.line(`data = result${index}(group, pane);`, "if (data !== undefined) {", emission.count(index, 1));
      emission.deliver(index, "main", "data");
      code.line("}");
    });
    code.line("return data;", "}", `function retract${index}(old, group, pane) {`);
    this.writeAsEvent("/retracted", code.bind(retractedAttributes), () => {
      code.line(`data = ${code.bind(retracted)}(old);`, emission.count(index, 1));
      emission.deliver(index, "main", "data");
    });
    code.line("}");
  }

  /** The result is the present event while it is delivered: its time, its id, no attributes of the event that happened to set it free. */
  protected writeAsEvent(suffix: string, attributes: string, body: () => void): void {
    const { plan, index, emission } = this;
    const { code, services } = emission;
    const current = code.bind(services.current);
    const name = code.bind(plan.name);
    const origin = `new ${code.bind(ResultOrigin)}(${name}, group, pane, ${code.bind(suffix)}, ${plan.assign.kind === "count"}, ${code.bind(services.toJson)})`;
    code.line(
      "const outerTime = eventTime, outerSet = attributes, outerMs = timeMs;",
      `eventTime = timeMs = ${code.bind(resultTimeMs)}(pane.timeMs);`,
      `attributes = ${attributes};`,
      ...(emission.hasRetractions ? ["const outerRetracted = isRetracted;", `isRetracted = ${suffix !== ""};`] : []),
      `const outer = ${current}.enter(${index}, ${name}, ${origin}, timeMs);`,
      "let data;",
    );
    body();
    code.line(`${current}.leave(outer);`, "eventTime = outerTime; attributes = outerSet; timeMs = outerMs;");
    if (emission.hasRetractions) code.line("isRetracted = outerRetracted;");
  }

  protected writeNode(): void {
    const { plan, index, emission } = this;
    const { code } = emission;
    const runs = emission.runsByWindow.get(index);
    if (runs !== undefined) {
      this.writeRuns(code.bind(new TextRuns(runs.set)), runs.step);
      return;
    }
    // Only a sliding window puts one event into several cells.
    const isMany = plan.assign.kind === "sliding";
    const head = code.capture(() => this.writeAdding(isMany));
    code.line(`function node${index}(data) {`, emission.count(index, 0), "let cells = 0;", "try {", ...head);
    this.writeAdded();
  }

  /** Takes the runs of a text; see text-runs.ts. Nothing in it can fail, and the window is the global one, which takes everything. */
  private writeRuns(runs: string, step: number): void {
    const { index, emission, operator } = this;
    const { code, services } = emission;
    const counts = code.bind(services.counts);
    const commit = this.slots.commits();
    code.line(`${operator}.forgetCells = () => ${runs}.clear();`);
    code.line(`function runs${index}(text) {`, "let count = 0;", `${runs}.begin(text);`, `while (${runs}.next()) {`);
    code.line("count++;", `let group = ${runs}.group;`, "if (group === undefined) {", `const key = ${runs}.run();`);
    code.line(`${operator}.assign(key, key, timeMs, -Infinity);`, `group = ${operator}.cells[0];`);
    code.line(`${runs}.keep(key, group);`, ...commit, `${operator}.added(1, timeMs);`, "} else {", ...commit);
    code.line(
      `if (timeMs > group.timeMs || timeMs < ${operator}.leastMs || ${operator}.log.isTracking) ${operator}.took(group, timeMs);`,
      "}",
      "}",
      `${counts}[${countStride * step + 1}] += count;`,
      `${counts}[${countStride * index}] += count;`,
      "}",
    );
  }

  /** The rest of a function that takes an event: it was refused, is late, or is in `cells`. */
  protected writeAdded(): void {
    const { index, emission, operator, time } = this;
    const { code } = emission;
    code.line(`} catch (error) { if (cells > 0) ${operator}.failed(cells); fail(${index}, 0, error); return; }`);
    code.line("if (cells === 0) {");
    emission.deliver(index, "late", "data");
    code.line("return;", "}", `${operator}.added(cells, timeMs);`);
    const known = `${code.bind(time.knownTimers)}[${index}]`;
    code.line(`if (${operator}.nextWatermarkMs < ${known}) ${code.bind(time)}.lowered(${index});`, "}");
  }

  private writeAdding(isMany: boolean): void {
    const { plan, index, emission, operator } = this;
    const { code } = emission;
    const { key, hash } = keyOf(plan.key, emission);
    const args = this.slots.writeArguments();
    const own = code.name("own");
    const owned = isField(plan.key)
      ? { key, hash }
      : { key: own, hash: hash === key ? own : `${code.bind(ownText)}(${hash})` };
    const assign = `cells = ${operator}.assign(${owned.key}, ${owned.hash}, timeMs, ${emission.watermark(index)});`;
    const { probe } = emission.services;
    const add = () => {
      this.slots.writeAdding(args);
      if (probe !== undefined)
        code.line(`${code.bind(probe)}.grouped(${index}, group.key, group.window.start, group.window.end);`);
    };
    if (isPlainFixed(plan)) this.writeNear(hash, add);
    if (owned.key === own) code.line(`const ${own} = ${code.bind(ownText)}(${key});`);
    code.line(assign);
    if (isMany) {
      code.line("if (cells > 1) for (let i = 0; i < cells; i++) {", `const group = ${operator}.cells[i];`);
      this.slots.writePrepare(args);
      code.line("}");
    }
    code.line(isMany ? "for (let i = 0; i < cells; i++) {" : "if (cells === 1) {");
    code.line(`const group = ${operator}.cells[${isMany ? "i" : "0"}];`);
    add();
    code.line("}");
  }

  /** Most events go into a cell that is there, of the window that the last one went into: found without a call. */
  private writeNear(hash: string, add: () => void): void {
    const { plan, index, emission, operator } = this;
    const { code } = emission;
    const isIn =
      plan.assign.kind === "global"
        ? "true"
        : `timeMs >= near.window.start && timeMs < near.window.end && ${emission.watermark(index)} < near.window.end`;
    code.line(`const near = ${operator}.last;`, `if (near !== undefined && ${isIn}) {`);
    code.line(`const group = near.cells.get(${hash});`, "if (group !== undefined) {");
    add();
    const times = plan.timestamp === "latest" ? `timeMs > group.timeMs || timeMs < ${operator}.leastMs || ` : "";
    code.line(`if (${times}${operator}.log.isTracking) ${operator}.took(group, timeMs);`, "return;", "}", "}");
  }
}

/** Fields of decoded data are strings of their own; what functions cut out of them may hold on to the whole. */
function isField(keys: readonly ExprTree[]): boolean {
  const isPath = (tree: ExprTree): boolean => tree.op === "select" && (tree.of.op === "var" || isPath(tree.of));
  return keys.every(isPath);
}

/** Names of the key's value and of what it is found by. */
export function keyOf(
  keys: readonly ExprTree[],
  emission: StageEmission,
  scope?: Scope,
): { readonly key: string; readonly hash: string } {
  const { code } = emission;
  if (keys.length === 0) return { key: "null", hash: "0" };
  const values = keys.map((tree) => {
    const name = code.name("key");
    code.line(`const ${name} = ${emission.expression(tree, "any", scope)};`);
    return name;
  });
  const key = code.name("key");
  code.line(`const ${key} = ${keys.length === 1 ? values[0] : `[${values.join(", ")}]`};`);
  // Strings are their own hash: nothing else can be in the same map.
  if (keys.length === 1 && keys[0]!.kind === "string") return { key, hash: key };
  const hash = code.name("hash");
  code.line(`const ${hash} = ${code.bind(hashKey)}(${key});`);
  return { key, hash };
}
