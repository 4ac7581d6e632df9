/**
 * A chunk: marks where runs of events begin and end. When one closes is decided in runtime/windows/chunk-operator.ts; here the code is written that holds its
 * events, or adds them to the aggregates of `emit`, and gives out what closed: its events as they came, between a beginning and an end, or one event.
 */
import type { ChunkPlan } from "../../compiler/contract/runtime-config.ts";
import { eventName } from "../engine/event-attributes.ts";
import type { EventTimeline } from "../engine/event-time.ts";
import { EventKeeper } from "../engine/kept-event.ts";
import { reachedBy } from "../engine/reached-by.ts";
import { bug } from "../engine/runtime-error.ts";
import type { Scope, StageEmission } from "../engine/stage-emission.ts";
import { mentions } from "../engine/tree.ts";
import { ownText } from "../expr/own-text.ts";
import { ChunkOperator, type ChunkRules } from "../windows/chunk-operator.ts";
import { AggregateSlots } from "./aggregate-slots.ts";
import { ChunkResult, chunkValue, closedChunk } from "./chunk-result.ts";
import { ChunkRows } from "./chunk-rows.ts";
import { dataWeight, jsonBytes } from "./data-size.ts";
import { Ownership } from "./ownership.ts";
import { keyOf } from "./window.ts";
import { resultTimeMs, windowValue } from "./window-result.ts";

export function emitChunk(plan: ChunkPlan, index: number, emission: StageEmission): void {
  const time = emission.time ?? bug("a stage with a chunk has no timeline");
  new ChunkWriter(plan, index, time, emission).write();
}

class ChunkWriter {
  private readonly plan: ChunkPlan;
  private readonly index: number;
  private readonly time: EventTimeline;
  private readonly emission: StageEmission;
  private readonly slots: AggregateSlots;
  private readonly operator: string;
  /** The record's text is what the data leaves as, where it leaves as it came. */
  private readonly rawFormat: string | undefined;

  constructor(plan: ChunkPlan, index: number, time: EventTimeline, emission: StageEmission) {
    this.plan = plan;
    this.index = index;
    this.time = time;
    this.emission = emission;
    this.slots = new AggregateSlots(plan.aggregates, emission);
    this.operator = `chunk${index}`;
    const formats = new Set(
      plan.from.map((edge) =>
        edge.output === "main" ? emission.rawFormatByNode[emission.graph.indexByName.get(edge.node)!] : undefined,
      ),
    );
    this.rawFormat = formats.size === 1 ? [...formats][0] : undefined;
  }

  write(): void {
    const { plan, index, emission, time, operator } = this;
    const { code, services } = emission;
    const isRecord = plan.emit?.op === "record";
    emission.ownershipByNode[index] =
      plan.emit === undefined ? emission.inputOwnership(plan.from) : isRecord ? Ownership.root : Ownership.none;
    emission.rawFormatByNode[index] = plan.emit === undefined ? this.rawFormat : undefined;
    if (plan.emit === undefined) this.writeGive();
    else this.writeEmit(plan.emit);
    code.line(`const code${index} = {`);
    this.writeCells();
    code.line(`emit: emit${index}, retract() {} };`);
    const operatorServices = { nowMs: () => services.nowMs(), isPaused: () => services.isPaused(index) };
    code.line(
      `const ${operator} = new ${code.bind(ChunkOperator)}(${code.bind(this.rules())}, code${index}, ${code.bind(operatorServices)});`,
      `${code.bind(time.windows)}[${index}] = ${operator};`,
      `${code.bind(time.cellCodes)}[${index}] = code${index};`,
      `${code.bind(services)}.hold(${index}, ${operator});`,
    );
    this.writeNode();
  }

  private rules(): ChunkRules {
    const { name, size, bytes, everyMs, window, emit } = this.plan;
    return {
      name,
      ...(size === undefined ? {} : { size }),
      ...(bytes === undefined ? {} : { bytes }),
      ...(everyMs === undefined ? {} : { everyMs }),
      window: window && this.emission.isBehindProgram(this.index) ? "passed" : window,
      isOne: emit !== undefined,
    };
  }

  private writeCells(): void {
    const { code } = this.emission;
    const fields = this.slots.fields();
    const rows = code.bind(ChunkRows);
    const literals = fields.map(([name, value]) => `, ${name}: ${value}`).join("");
    code.line(
      "create(key, hash, window, order) {",
      `return { key, hash, window, order, timeMs: 0, isChanged: false, state: undefined, rows: new ${rows}()${literals} };`,
      "},",
      "save(group, out) { out.value(group.rows.head());",
      ...fields.map(([name]) => `out.value(group.${name});`),
      `}, load(group, from) { group.rows = ${rows}.load(from.value());`,
      ...fields.map(([name]) => `group.${name} = from.value();`),
      "}, merge() {}, reset() {},",
    );
  }

  /** The JavaScript of the chunk that `group` is now that it is closed. */
  private closed(): string {
    const { code, services } = this.emission;
    return `${code.bind(closedChunk)}(${this.operator}, ${code.bind(this.plan.name)}, group, ${this.plan.key.length > 0}, ${code.bind(services.toJson)})`;
  }

  /** The events go on, one after the other, as they came. */
  private writeGive(): void {
    const { index, emission } = this;
    const { code, services } = emission;
    const current = code.bind(services.current);
    const takers = emission.chunkTakers(index).map((taker) => code.bind(taker));
    code.line(`function emit${index}(group) {`, `const chunk = ${this.closed()};`, ...this.probeClosed());
    code.line("const outerTime = eventTime, outerSet = attributes, outerMs = timeMs;");
    if (emission.hasRetractions) code.line("const outerRetracted = isRetracted;");
    code.line(`const outer = ${current}.frame();`, ...takers.map((taker) => `${taker}.beginChunk(chunk);`));
    code.line("for (const event of group.rows.events) {", "const data = event.data;");
    code.line("eventTime = event.time; attributes = event.set; timeMs = event.timeMs;");
    if (emission.hasRetractions) code.line("isRetracted = event.isRetracted;");
    code.line(`${current}.resume(event.frame, chunk);`, emission.count(index, 1));
    emission.deliver(index, "main", "data");
    code.line("}", ...takers.map((taker) => `${taker}.endChunk();`));
    // What has been given out is not to be held on to by what in old memory still leads to the chunk.
    code.line("group.rows.events.length = 0;");
    this.writeLeave();
    code.line("}");
  }

  /** One event for the whole chunk. */
  private writeEmit(emit: NonNullable<ChunkPlan["emit"]>): void {
    const { plan, index, emission } = this;
    const { code, services } = emission;
    const current = code.bind(services.current);
    code.line(`function emit${index}(group) {`, `const closed = ${this.closed()};`, ...this.probeClosed());
    code.line(
      "const outerTime = eventTime, outerSet = attributes, outerMs = timeMs;",
      `eventTime = timeMs = ${code.bind(resultTimeMs)}(group.timeMs);`,
      "attributes = undefined;",
    );
    if (emission.hasRetractions) code.line("const outerRetracted = isRetracted;", "isRetracted = false;");
    const origin = `new ${code.bind(ChunkResult)}(closed, ${code.bind(services.toJson)})`;
    code.line(`const outer = ${current}.enter(${index}, ${code.bind(plan.name)}, ${origin}, timeMs);`);
    code.line("let data;", "try {", "const key = group.key;");
    const results = this.slots.writeResults();
    if (mentions(emit, "window"))
      code.line(`const window = ${code.bind(windowValue)}(closed.window ?? ${code.bind(allTime)});`);
    if (mentions(emit, "chunk")) code.line(`const chunk = ${code.bind(chunkValue)}(closed);`);
    const scope: Scope = { variables: { key: "key", window: "window", chunk: "chunk" }, aggregates: results };
    code.line(`data = ${emission.expression(emit, "any", scope)};`);
    code.line(`} catch (error) { fail(${index}, 0, error); }`, "if (data !== undefined) {", emission.count(index, 1));
    emission.deliver(index, "main", "data");
    code.line("}");
    this.writeLeave();
    code.line("}");
  }

  private probeClosed(): readonly string[] {
    const { probe } = this.emission.services;
    return probe === undefined ? [] : [`${this.emission.code.bind(probe)}.closed(${this.index}, group.key);`];
  }

  private writeLeave(): void {
    const { code, services, hasRetractions } = this.emission;
    code.line(`${code.bind(services.current)}.leave(outer);`);
    code.line("eventTime = outerTime; attributes = outerSet; timeMs = outerMs;");
    if (hasRetractions) code.line("isRetracted = outerRetracted;");
  }

  private writeNode(): void {
    const { plan, index, emission, operator, time } = this;
    const { code, services } = emission;
    const isOne = plan.emit !== undefined;
    code.line(`function node${index}(data) {`, emission.count(index, 0));
    let args: readonly (readonly string[])[] = [];
    const judge = code.capture(() => {
      args = this.writeJudging();
    });
    const held = [...new Set(args.flat())].map((name) => `, ${heldName(name)}`).join("");
    code.line(`let key, hash, starts = false, ends = false, bytes = 0, weight = 0, pane, isIn = false${held};`);
    code.line("try {", ...judge, `} catch (error) { fail(${index}, 0, error); return; }`);
    // What was open is given out outside of a `try`: what fails behind it is not this event's failure.
    code.line(
      `${operator}.makeRoom(hash, starts, bytes, pane);`,
      "try {",
      `${operator}.assign(key, hash);`,
      "isIn = true;",
    );
    code.line(`const group = ${operator}.cells[0];`);
    if (isOne) this.slots.writeAdding(args.map((names) => names.map(heldName)));
    code.line(`if (group.rows.count === 0) group.rows.firstId = ${this.name()};`);
    if (!isOne) {
      const keeper = code.bind(new EventKeeper(services.current, this.rawFormat === "cloudevents"));
      const retracted = emission.hasRetractions ? "isRetracted" : "false";
      code.line(`group.rows.events.push(${keeper}.keep(data, eventTime, attributes, timeMs, ${retracted}));`);
    }
    const { probe } = services;
    if (probe !== undefined)
      code.line(`${code.bind(probe)}.grouped(${index}, group.key, group.window.start, group.window.end);`);
    code.line(`} catch (error) { if (isIn) ${operator}.failed(); fail(${index}, 0, error); return; }`);
    code.line(`${operator}.added(1, timeMs, ends, bytes, weight, pane);`);
    const known = `${code.bind(time.knownTimers)}[${index}]`;
    code.line(`if (${operator}.nextWatermarkMs < ${known}) ${code.bind(time)}.lowered(${index});`, "}");
  }

  /** The JavaScript of what the present event is called in the id of a chunk. */
  private name(): string {
    const { plan, emission } = this;
    const { code, config, graph, services } = emission;
    const isAlone = reachedBy(plan.name, config, graph).sources.length === 1;
    return `${code.bind(eventName)}(${code.bind(config.pipeline)}, ${code.bind(services.current)}, attributes, ${isAlone})`;
  }

  /** Everything about the event that may fail. Gives the names of the arguments of aggregates, by slot. */
  private writeJudging(): readonly (readonly string[])[] {
    const { plan, emission } = this;
    const { code, services } = emission;
    const { key, hash } = keyOf(plan.key, emission);
    const own = code.bind(ownText);
    code.line(`key = ${plan.key.length === 0 ? "null" : `${own}(${key})`};`);
    code.line(`hash = ${hash === key ? "key" : `${own}(${hash})`};`);
    if (plan.startWhen !== undefined) code.line(`starts = ${emission.expression(plan.startWhen, "condition")};`);
    if (plan.endWhen !== undefined) code.line(`ends = ${emission.expression(plan.endWhen, "condition")};`);
    if (plan.window) code.line(`pane = ${code.bind(services.current)}.result?.pane;`);
    this.writeSizes(plan.emit !== undefined);
    const args = this.slots.writeArguments();
    code.line(...[...new Set(args.flat())].map((name) => `${heldName(name)} = ${name};`));
    return args;
  }

  /** The length of the data where `bytes` counts it, and about how much memory the event takes while it is held. */
  private writeSizes(isOne: boolean): void {
    const { plan, emission } = this;
    const { code, services } = emission;
    const text = this.rawFormat === "json" ? `${code.bind(services.current)}.text` : undefined;
    if (plan.bytes !== undefined) {
      const json = text ?? `${code.bind(services.toJson)}(data)`;
      code.line(`bytes = ${code.bind(jsonBytes)}(${json});`);
    }
    if (isOne) return;
    const size =
      plan.bytes !== undefined ? "bytes" : text === undefined ? `${code.bind(dataWeight)}(data)` : `${text}.length`;
    code.line(`weight = ${size} + ${eventWeight};`);
  }
}

const heldName = (name: string): string => `held_${name}`;

/** What an event takes beside its data. */
const eventWeight = 128;

const allTime = { start: Number.NEGATIVE_INFINITY, end: Number.POSITIVE_INFINITY };
