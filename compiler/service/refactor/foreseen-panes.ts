/** What a window gives for made-up events of its source: the way through the steps before it, its groups, its rows. */
import type { ValueType } from "../../contract/value-type.ts";
import type { Constant, Model, ModelClause, ModelNode } from "../../semantics/model.ts";
import type { Expression } from "../../syntax/ast.ts";
import { allParts } from "../syntax-path.ts";
import { foreseenValue, isRecord, type Scene, textOf, Unforeseen, type Value } from "./foreseen-value.ts";
import { sampleOf } from "./sample-record.ts";
import { usedType } from "./used-type.ts";

export interface Foreseen {
  readonly source: ModelNode;
  readonly events: readonly { readonly atMs: number; readonly data: Value }[];
  /** When the window has ended; undefined where the events alone, or the end of the input, close it. */
  readonly watermarkMs: number | undefined;
  readonly endsInput: boolean;
  readonly rows: readonly Value[];
}

/** A window that reads one source through steps; or why it is none, in a sentence. */
export interface Way {
  readonly source: ModelNode;
  readonly window: ModelNode;
  /** In the order of the data. */
  readonly steps: readonly ModelNode[];
}

export function wayTo(window: ModelNode): Way | string {
  const steps: ModelNode[] = [];
  for (let at = window; ; ) {
    const [input, another] = at.inputs;
    if (another) return `'${at.name}' reads several nodes.`;
    const before = input?.node;
    if (!input || !before || input.output !== "main" || input.otherwise)
      return `'${at.name}' does not read plain events.`;
    if (before.kind === "source") {
      const slow = throttleBelow(before);
      if (slow) return `'${slow}' throttles '${before.name}', which waits then.`;
      return { source: before, window, steps: steps.toReversed() };
    }
    if (before.kind !== "step" || steps.length > 50)
      return `'${before.name}', which is before it, is a ${before.kind}.`;
    steps.push(before);
    at = before;
  }
}

/** A node that makes the source wait, on this way or on another. */
function throttleBelow(source: ModelNode): string | undefined {
  const met = new Set([source]);
  for (const one of met) {
    if (one.clauses.some(({ keyword }) => keyword === "throttle")) return one.name;
    for (const { node } of one.readers) met.add(node);
  }
  return undefined;
}

/** How a window is cut: its kind, and its times in ms. */
interface Cut {
  readonly kind: "fixed" | "session" | "global" | "count";
  readonly sizeMs: number;
  readonly offsetMs: number;
  readonly count: number;
}

export function cutOf({ clauses }: ModelNode): Cut | string {
  const clause = (keyword: string): ModelClause | undefined => clauses.find((one) => one.keyword === keyword);
  for (const other of ["early", "join"])
    if (clause(other)) return `It has '${other}', which gives more panes than one.`;
  const constant = (of: ModelClause | undefined, part: string): Constant | undefined => {
    const value = of?.values.get(part);
    return value?.kind === "constant" ? value.value : undefined;
  };
  const [fixed, session, count] = [clause("fixed"), clause("session"), clause("count")];
  const none = { sizeMs: 0, offsetMs: 0, count: 0 };
  if (clause("global")) return { ...none, kind: "global" };
  if (count) {
    const most = Number(constant(count, "count"));
    return most >= 1 && most <= 20 ? { ...none, kind: "count", count: most } : "It takes too many events.";
  }
  const sizeMs = millis(fixed ? constant(fixed, "size") : constant(session, "gap"));
  const offset = constant(fixed, "offset");
  const offsetMs = offset === undefined ? 0 : millis(offset);
  if (sizeMs === undefined || offsetMs === undefined || offsetMs < 0 || sizeMs < 100)
    return "Only windows of a fixed size, sessions, and those of all time or of a few events are foreseen.";
  return { kind: fixed ? "fixed" : "session", sizeMs, offsetMs, count: 0 };
}

const millis = (constant: Constant | undefined): number | undefined =>
  typeof constant === "object" &&
  constant !== null &&
  "kind" in constant &&
  constant.kind === "duration" &&
  Number.isInteger(constant.ms)
    ? constant.ms
    : undefined;

/** Texts that stand for any text, until one goes through: conversions take some only. */
const texts = ["a", "1", "2024-01-01T00:00:00Z"];
const mostEvents = 12;

/** Undefined where it cannot be foreseen. */
export function foresee(way: Way, cut: Cut, model: Model): Foreseen | undefined {
  const type = typeOfEvents(way.source, model);
  for (const text of type ? texts : []) {
    for (
      let count = cut.kind === "count" ? cut.count : 2;
      count <= (cut.kind === "count" ? cut.count : mostEvents);
      count++
    ) {
      const found = attempt(way, cut, model, type!, text, count);
      if (found === "fails") break;
      if (found) return found;
    }
  }
  return undefined;
}

function typeOfEvents(source: ModelNode, model: Model): ValueType | undefined {
  return source.inputType.kind === "any" ? usedType(source, model) : source.inputType;
}

function attempt(
  way: Way,
  cut: Cut,
  model: Model,
  type: ValueType,
  text: string,
  count: number,
): Foreseen | "fails" | undefined {
  const stepMs =
    cut.kind === "fixed" || cut.kind === "session" ? Math.max(1, Math.floor(cut.sizeMs / (2 * count))) : 1000;
  const same = keyPaths(way);
  try {
    const events = Array.from({ length: count }, (_, i) => {
      const [first, own] = [sampleOf(type, 1, text, model.types), sampleOf(type, i + 1, text, model.types)];
      const data = conditions(way).reduce((all, one) => satisfied(one, all), sharing(own, first, same));
      const atMs = cut.offsetMs + i * stepMs;
      return {
        atMs,
        data: timePaths(way.source).reduce((all, path) => without(all, path), data),
        full: withTimes(way.source, data, atMs),
      };
    });
    const arrived = events.flatMap(({ full, atMs }) => through(way, full, atMs, model));
    const last = events.at(-1)!.atMs;
    const endMs =
      cut.kind === "fixed" ? cut.offsetMs + cut.sizeMs : cut.kind === "session" ? last + cut.sizeMs : undefined;
    if (cut.kind === "count" && arrived.length !== cut.count) return "fails";
    const bounds = cut.kind === "fixed" ? { start: cut.offsetMs, end: endMs! } : undefined;
    const rows = rowsOf(way.window, arrived, bounds, model);
    if (cut.kind === "count" && rows.groups > 1) return "fails";
    if (rows.values.length === 0) return undefined;
    return {
      source: way.source,
      events: events.map(({ atMs, data }) => ({ atMs, data })),
      watermarkMs: endMs,
      endsInput: cut.kind === "global",
      rows: rows.values,
    };
  } catch (error) {
    if (error instanceof Unforeseen) return "fails";
    throw error;
  }
}

// Events that come through

const expressionOf = (clause: ModelClause | undefined, part: string): Expression | undefined => {
  const value = clause?.values.get(part);
  return value?.kind === "expr" ? value.value.syntax : undefined;
};

/** What must be true of an event, as long as it is the source's own. */
function conditions({ steps, window }: Way): readonly Expression[] {
  const found: Expression[] = [];
  for (const node of [...steps, window]) {
    const where = node.inputs[0]?.where;
    if (where) found.push(where.syntax);
    for (const clause of node.kind === "step" ? node.clauses : []) {
      if (clause.keyword === "filter") found.push(expressionOf(clause, "test")!);
      if (clause.keyword === "map" || clause.keyword === "expand" || clause.keyword === "set") return found;
    }
  }
  return found;
}

/** The data changed so that the condition may be true; whether it is, is seen when it goes through. */
function satisfied(e: Expression, data: Value): Value {
  if (e.kind === "parentheses") return satisfied(e.of, data);
  if (e.kind === "binary" && e.operator === "&&") return satisfied(e.right, satisfied(e.left, data));
  if (e.kind === "binary" && e.operator === "||") return satisfied(e.left, data);
  const path = pathOf(e);
  if (path) return withField(data, path, true);
  if (e.kind === "unary" && e.operator === "!") {
    const of = pathOf(e.of);
    return of ? withField(data, of, false) : data;
  }
  if (e.kind === "binary") return compared(e, data);
  const [argument] = e.kind === "call" ? e.arguments : [];
  const receiver = e.kind === "call" && e.receiver ? pathOf(e.receiver) : undefined;
  const isPart = e.kind === "call" && ["startsWith", "endsWith", "contains"].includes(e.name.text);
  return receiver && isPart && argument?.kind === "string" ? withField(data, receiver, argument.value) : data;
}

function compared(e: Extract<Expression, { readonly kind: "binary" }>, data: Value): Value {
  const path = pathOf(e.left);
  if (!path) return data;
  if (e.operator === "in") {
    const [item] = e.right.kind === "list" ? e.right.items : [];
    return item ? withField(data, path, literal(item.value)) : data;
  }
  const wanted = literal(e.right);
  if (wanted === undefined || wanted === null) return data;
  const isDouble = typeof fieldAt(data, path) === "number";
  const number = typeof wanted === "bigint" && isDouble ? Number(wanted) : wanted;
  switch (e.operator) {
    case "==":
    case ">=":
    case "<=":
      return withField(data, path, number);
    case ">":
      return withField(data, path, more(number, 1));
    case "<":
      return withField(data, path, more(number, -1));
    default:
      return data;
  }
}

const more = (value: Value, by: number): Value =>
  typeof value === "bigint" ? value + BigInt(by) : typeof value === "number" ? value + by : value;

function literal(e: Expression): Value {
  if (e.kind === "unary" && e.operator === "-") {
    const of = literal(e.of);
    return typeof of === "bigint" || typeof of === "number" ? -of : undefined;
  }
  return e.kind === "string" || e.kind === "int" || e.kind === "double" || e.kind === "bool" ? e.value : undefined;
}

/** `data.a.b` → `["a", "b"]`. */
function pathOf(e: Expression): readonly string[] | undefined {
  if (e.kind === "ident") return e.name === "data" ? [] : undefined;
  if (e.kind !== "select" || e.optional) return undefined;
  const of = pathOf(e.of);
  return of && [...of, e.field.text];
}

function fieldAt(data: Value, path: readonly string[]): Value {
  return path.reduce<Value>((of, name) => (isRecord(of) ? of.get(name) : undefined), data);
}

/** A field that is a text stays as it is where the path leads through no record. */
function withField(data: Value, [name, ...rest]: readonly string[], value: Value): Value {
  if (name === undefined) return value;
  if (!isRecord(data)) return data;
  return new Map(data).set(name, withField(data.get(name) ?? (rest.length > 0 ? new Map() : undefined), rest, value));
}

function without(data: Value, [name, ...rest]: readonly string[]): Value {
  if (!isRecord(data) || name === undefined || !data.has(name)) return data;
  const copy = new Map(data);
  if (rest.length === 0) copy.delete(name);
  else copy.set(name, without(data.get(name), rest));
  return copy;
}

/** Fields that the window groups by are the same in all events. */
function keyPaths({ window, steps }: Way): readonly (readonly string[])[] {
  const key = window.clauses.find(({ keyword }) => keyword === "key")?.values.get("key");
  const keys = key?.kind === "exprs" ? key.values.map(({ syntax }) => syntax) : [];
  const before = steps.flatMap(({ clauses }) =>
    clauses.filter(({ keyword }) => keyword === "set").map((one) => one.syntax),
  );
  return [...keys, ...before].flatMap((of) =>
    [...allParts(of)].flatMap((part) =>
      (part.kind === "select" ? (pathOf(part as Expression) ?? []) : []).length > 0
        ? [pathOf(part as Expression)!]
        : [],
    ),
  );
}

const sharing = (own: Value, first: Value, paths: readonly (readonly string[])[]): Value =>
  paths.reduce(
    (all, path) => (fieldAt(first, path) === undefined ? all : withField(all, path, fieldAt(first, path))),
    own,
  );

const timePaths = (source: ModelNode): readonly (readonly string[])[] => {
  const time = expressionOf(
    source.clauses.find(({ keyword }) => keyword === "time"),
    "time",
  );
  return time
    ? [...allParts(time)]
        .flatMap((part) => (part.kind === "select" ? [pathOf(part as Expression) ?? []] : []))
        .filter((path) => path.length > 0)
    : [];
};

/** The test writes the time into the fields that it is read from: known where it is the time itself. */
function withTimes(source: ModelNode, data: Value, atMs: number): Value {
  const time = expressionOf(
    source.clauses.find(({ keyword }) => keyword === "time"),
    "time",
  );
  const whole = time && pathOf(time);
  return timePaths(source).reduce(
    (all, path) => withField(all, path, whole && whole.length > 0 ? { timestampMs: atMs } : undefined),
    data,
  );
}

/** `event` is not known, but there. */
const sceneOf = (data: Value, model: Model): Scene => ({
  model,
  variables: new Map([
    ["data", data],
    ["event", undefined],
  ]),
});

function through({ steps, window }: Way, data: Value, _atMs: number, model: Model): readonly Value[] {
  let all: readonly Value[] = [data];
  const keep = (e: Expression): void => {
    all = all.filter((one) => {
      const passes = foreseenValue(e, sceneOf(one, model));
      if (typeof passes !== "boolean") throw new Unforeseen();
      return passes;
    });
  };
  for (const node of [...steps, window]) {
    const where = node.inputs[0]?.where;
    if (where) keep(where.syntax);
    for (const clause of node.kind === "step" ? node.clauses : []) {
      if (clause.keyword === "filter") keep(expressionOf(clause, "test")!);
      else all = all.flatMap((one) => operated(clause, one, model));
    }
  }
  return all;
}

/** The operators of which the result is known. */
function operated(clause: ModelClause, data: Value, model: Model): readonly Value[] {
  const scene = sceneOf(data, model);
  const value = (part: string): Value => foreseenValue(expressionOf(clause, part)!, scene);
  const paths = (part: string): readonly (readonly string[])[] => {
    const given = clause.values.get(part);
    return given?.kind === "paths" ? given.paths : [];
  };
  switch (clause.keyword) {
    case "log":
    case "attributes":
      return [data];
    case "map":
      return [value("value")];
    case "set":
      return [paths("path").reduce((all, path) => withField(all, path, value("value")), data)];
    case "remove":
      return [paths("paths").reduce((all, path) => without(all, path), data)];
    case "expand": {
      const list = value("list");
      if (!Array.isArray(list)) throw new Unforeseen();
      return list;
    }
    default:
      throw new Unforeseen();
  }
}

// Groups and rows

interface Bounds {
  readonly start: number;
  readonly end: number;
}

function rowsOf(
  window: ModelNode,
  arrived: readonly Value[],
  bounds: Bounds | undefined,
  model: Model,
): { readonly values: readonly Value[]; readonly groups: number } {
  const clause = (keyword: string): ModelClause | undefined => window.clauses.find((one) => one.keyword === keyword);
  const given = clause("key")?.values.get("key");
  const keys = given?.kind === "exprs" ? given.values.map(({ syntax }) => syntax) : [];
  const groups = new Map<string, { readonly key: Value; readonly events: ReadonlyMap<string, Value>[] }>();
  for (const data of arrived) {
    const values = keys.map((e) => foreseenValue(e, sceneOf(data, model)));
    if (values.includes(undefined)) throw new Unforeseen();
    const key = values.length > 1 ? values : (values[0] ?? null);
    const group = groups.get(textOf(key)) ?? { key, events: [] };
    group.events.push(sceneOf(data, model).variables as Map<string, Value>);
    groups.set(textOf(key), group);
  }
  const values = [...groups.values()].flatMap(({ key, events }) => {
    const time =
      bounds &&
      new Map([
        ["start", { timestampMs: bounds.start }],
        ["end", { timestampMs: bounds.end }],
      ]);
    const variables = new Map<string, Value>([
      ["key", key],
      ["window", time],
      ["pane", undefined],
    ]);
    const scene: Scene = { model, variables, group: events };
    const where = expressionOf(clause("where"), "where") ?? expressionOf(clause("where"), "test");
    if (where) {
      const passes = foreseenValue(where, scene);
      if (typeof passes !== "boolean") throw new Unforeseen();
      if (!passes) return [];
    }
    const emit = expressionOf(clause("emit"), "emit");
    return emit ? [foreseenValue(emit, scene)] : [];
  });
  return { values, groups: groups.size };
}
