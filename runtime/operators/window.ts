/**
 * A window: groups by key and aggregates. Here for global windows over bounded input, which close when the input ends: until then
 * each key's group is held in memory, so there the number of different keys is the bound.
 *
 * The generated code has three parts, kept apart so that other ways to assign windows can share them: `add` an event to a group, `merge` two
 * groups, and `emit` a group's result. A group is one object: its key, and the fields of all its aggregates.
 */
import type { ExprTree, Kind } from "../../compiler/contract/expr-tree.ts";
import type { WindowPlan } from "../../compiler/contract/runtime-config.ts";
import { eventTimeMs } from "../engine/event-attributes.ts";
import type { StageEmission } from "../engine/stage-emission.ts";
import { countStride } from "../engine/stage-services.ts";
import { hashKey } from "../expr/hash-key.ts";
import { ownText } from "../expr/own-text.ts";
import { maxSeconds, minSeconds } from "../expr/values/rfc3339.ts";
import { timestampOf } from "../expr/values/timestamp.ts";
import type { AggregateEmission } from "./aggregates/aggregate.ts";
import { aggregates } from "./aggregates/aggregates.ts";
import { Ownership } from "./ownership.ts";
import { TextRuns } from "./text-runs.ts";

/** Why this window cannot run here, in words; undefined when it can. */
export function windowLacks(plan: WindowPlan): string | undefined {
  if (plan.assign.kind !== "global") return `${plan.assign.kind} windows`;
  if (plan.join !== undefined) return "joins";
  if (plan.early !== undefined || plan.late !== undefined) return "triggers";
  if (plan.panes !== "accumulate") return `panes ${plan.panes}`;
  return undefined;
}

/** All of time, as the ends of the one global window. */
const globalWindow = { start: timestampOf(minSeconds, 0), end: timestampOf(maxSeconds, 999_999_999) };
const onlyPane = { index: 0, timing: "on_time" };

export function emitWindow(plan: WindowPlan, index: number, emission: StageEmission): void {
  const { code } = emission;
  emission.ownershipByNode[index] = plan.emit.op === "record" ? Ownership.root : Ownership.none;
  const groups = `groups${index}`;
  code.line(`const ${groups} = new Map();`);
  const runs = emission.runsByWindow.get(index);
  const table = runs === undefined ? "" : code.bind(new TextRuns(runs.set));
  if (runs === undefined) emitAdd(plan, index, groups, emission);
  else emitAddRuns(plan, index, groups, runs.step, emission, table);
  emitResult(plan, index, emission);
  emitClose(plan, index, groups, table, emission);
}

function emitAdd(plan: WindowPlan, index: number, groups: string, emission: StageEmission): void {
  const { code } = emission;
  code.line(`function node${index}(data) {`, emission.count(index, 0), "try {");
  const { key, hash } = keyOf(plan.key, emission);
  const slots = plan.aggregates.map((aggregate, slot) => {
    const args = aggregate.args.map((arg) => {
      const name = code.name("arg");
      code.line(`const ${name} = ${emission.expression(arg, "any")};`);
      return name;
    });
    return slotEmission(slot, args, kindsOf(plan, slot), emission);
  });
  const fields = fieldsOf(plan, slots);
  code.line(`let group = ${groups}.get(${hash});`, "const isNew = group === undefined;");
  const isHash = key === hash;
  code.line(`if (isNew) group = { ${[`key: ${code.bind(ownText)}(${key})`, ...fields].join(", ")} };`);
  // First everything that may fail, for all aggregates; then everything that changes the group.
  plan.aggregates.forEach(({ fn }, slot) => {
    const prepare = aggregates[fn].prepare?.(slots[slot]!);
    if (prepare !== undefined) code.line(prepare);
  });
  code.line(`if (isNew) ${groups}.set(${isHash ? "group.key" : hash}, group);`);
  for (const [slot, { fn }] of plan.aggregates.entries()) code.line(aggregates[fn].commit(slots[slot]!));
  code.line(`} catch (error) { fail(${index}, 0, error); }`, "}");
}

/** Adds the runs of a text; see text-runs.ts. Nothing in it can fail. */
function emitAddRuns(
  plan: WindowPlan,
  index: number,
  groups: string,
  step: number,
  emission: StageEmission,
  runs: string,
): void {
  const { code, services } = emission;
  const counts = code.bind(services.counts);
  const slots = plan.aggregates.map((_, slot) => slotEmission(slot, [], [], emission));
  const fields = fieldsOf(plan, slots);
  code.line(`function runs${index}(text) {`, "let count = 0;", `${runs}.begin(text);`, `while (${runs}.next()) {`);
  code.line("count++;", `let group = ${runs}.group;`, "if (group === undefined) {", `const key = ${runs}.run();`);
  code.line(`group = ${groups}.get(key);`);
  code.line(`if (group === undefined) ${groups}.set(key, group = { ${["key", ...fields].join(", ")} });`);
  code.line(`${runs}.keep(key, group);`, "}");
  for (const [slot, { fn }] of plan.aggregates.entries()) code.line(aggregates[fn].commit(slots[slot]!));
  code.line("}", `${counts}[${countStride * step + 1}] += count;`, `${counts}[${countStride * index}] += count;`, "}");
}

/** The fields of a new group, but its key, as JavaScript. */
function fieldsOf(plan: WindowPlan, slots: readonly AggregateEmission[]): readonly string[] {
  return plan.aggregates.flatMap(({ fn }, slot) =>
    Object.entries(aggregates[fn].init(slots[slot]!)).map(([name, value]) => `a${slot}${name}: ${value}`),
  );
}

/** Names of the key's value and of what it is found by. */
function keyOf(keys: readonly ExprTree[], emission: StageEmission): { readonly key: string; readonly hash: string } {
  const { code } = emission;
  if (keys.length === 0) return { key: "null", hash: "0" };
  const values = keys.map((tree) => {
    const name = code.name("key");
    code.line(`const ${name} = ${emission.expression(tree, "any")};`);
    return name;
  });
  const key = code.name("key");
  code.line(`const ${key} = ${keys.length === 1 ? values[0] : `[${values.join(", ")}]`};`);
  // Strings and bools are their own hash: nothing else can be in the same map.
  if (keys.length === 1 && (keys[0]!.kind === "string" || keys[0]!.kind === "bool")) return { key, hash: key };
  const hash = code.name("hash");
  code.line(`const ${hash} = ${code.bind(hashKey)}(${key});`);
  return { key, hash };
}

function emitResult(plan: WindowPlan, index: number, emission: StageEmission): void {
  const { code, services } = emission;
  const current = code.bind(services.current);
  code.line(
    `function emit${index}(group) {`,
    "eventTime = undefined;",
    "attributes = undefined;",
    "let data;",
    "try {",
  );
  code.line("const key = group.key;");
  code.line(`${current}.text = ${code.bind(services.toJson)}(key === undefined ? null : key);`);
  const results = plan.aggregates.map(({ fn }, slot) => {
    const name = code.name("result");
    code.line(`const ${name} = ${aggregates[fn].result(slotEmission(slot, [], kindsOf(plan, slot), emission))};`);
    return name;
  });
  const scope = {
    variables: { key: "key", window: code.bind(globalWindow), pane: code.bind(onlyPane) },
    aggregates: results,
  };
  if (plan.where !== undefined) code.line(`if (!${emission.expression(plan.where, "condition", scope)}) return;`);
  code.line(`data = ${emission.expression(plan.emit, "any", scope)};`);
  code.line(`} catch (error) { fail(${index}, 0, error); return; }`, emission.count(index, 1));
  emission.deliver(index, "main", "data");
  code.line("}");
}

function emitClose(plan: WindowPlan, index: number, groups: string, table: string, emission: StageEmission): void {
  const { code, services } = emission;
  const current = code.bind(services.current);
  code.line(`windows.push({ node: ${index}, name: ${code.bind(plan.name)}, close(max) {`);
  if (table !== "") code.line(`${table}.clear();`);
  code.line(`for (const [hash, group] of ${groups}) {`, "if (max-- <= 0) return true;", `${groups}.delete(hash);`);
  code.line(`emit${index}(group);`, `${current}.offset++;`, "}", "return false;", "} });");
}

function kindsOf(plan: WindowPlan, slot: number): readonly Kind[] {
  return plan.aggregates[slot]!.args.map((arg) => arg.kind);
}

function slotEmission(
  slot: number,
  args: readonly string[],
  kinds: readonly Kind[],
  emission: StageEmission,
): AggregateEmission {
  const { code, services } = emission;
  return {
    args,
    kinds,
    timeMs: `${code.bind(eventTimeMs)}(${code.bind(services.current)}, eventTime)`,
    field: (name, group = "group") => `${group}.a${slot}${name}`,
    local: (name) => `${name}${slot}`,
    bind: (value) => code.bind(value),
  };
}
