/**
 * A join of two inputs in a window: a cell holds the events of one value of what is equal, one list for each input. A pane gives the pairs that no
 * earlier pane gave, in the order in which the first input's events came, then the second's. From the pane at the end of the window on, `left` and
 * `outer` also give events that have no partner yet, once; a partner that comes later makes a pair all the same. Pairs may be very many: giving them
 * pauses while an output is full.
 */
import type { ExprTree } from "../../compiler/contract/expr-tree.ts";
import { type JoinKeys, joinKeysOf } from "../../compiler/contract/join-keys.ts";
import type { WindowPlan } from "../../compiler/contract/runtime-config.ts";
import { eventRecord } from "../engine/event-attributes.ts";
import { bug } from "../engine/runtime-error.ts";
import type { StageEmission } from "../engine/stage-emission.ts";
import { readsOf } from "../expr/compile-expression.ts";
import { Optional } from "../expr/values/optional.ts";
import type { WindowRules, WindowServices } from "../windows/window-operator.ts";
import { tooLong } from "./aggregates/list.ts";
import { JoinRows, maxRows } from "./join-rows.ts";
import { Ownership } from "./ownership.ts";
import { keyOf, WindowWriter } from "./window.ts";

export function emitJoin(plan: WindowPlan, index: number, emission: StageEmission): void {
  const time = emission.time ?? bug("a stage with a window has no timeline");
  new JoinWriter(plan, index, time, emission).write();
}

class JoinWriter extends WindowWriter {
  protected override rules(): WindowRules {
    // Cells are taken apart by nobody: one for each window.
    return { ...this.plan, aggregates: [{ fn: "list" }] };
  }

  protected override writeCells(): void {
    const { code } = this.emission;
    const rows = code.bind(JoinRows);
    code.line(
      "create(key, hash, window, order) {",
      `return { key, hash, window, order, timeMs: 0, isChanged: false, state: undefined, rows: new ${rows}() };`,
      "},",
      // The rows themselves are kept beside the cells.
      "save(group, out) { out.value(group.rows.head()); },",
      `load(group, from) { group.rows = ${rows}.load(from.value()); },`,
      "merge(group, other) { group.rows.merge(other.rows); },",
      // A pair is given once whatever the panes are, so what was given stays for partners to come.
      "reset() {},",
    );
  }

  /** The events of a key may be very many, and all would go and come back together: they stay in memory. */
  protected override windowServices(): WindowServices {
    return { ...super.windowServices(), spill: undefined };
  }

  /** `pair…` gives the data of a pair, `test…` says whether two events are one. */
  protected override writeResult(): void {
    const { index, emission } = this;
    const { code } = emission;
    const [first, second] = this.aliases();
    const { tests } = this.keys();
    const kind = this.plan.join!.kind;
    emission.ownershipByNode[index] = Ownership.none;
    code.line(`function pair${index}(group, pane, one, other) {`, "try {", "const key = group.key;");
    const optional = (js: string) => `${code.bind(optionalOf)}(${js})`;
    code.line(`const left = ${kind === "outer" ? optional("one") : "one"};`);
    code.line(`const right = ${kind === "inner" ? "other" : optional("other")};`);
    this.writeValue({ [first]: "left", [second]: "right" }, []);
    code.line(`} catch (error) { fail(${index}, 0, error); return undefined; }`, "}");
    code.line(`function test${index}(left, right) {`, "try {");
    for (const test of tests) {
      const scope = { variables: { [first]: "left", [second]: "right" } };
      code.line(`if (!${emission.expression(test, "condition", scope)}) return false;`);
    }
    code.line("return true;", `} catch (error) { fail(${index}, 0, error); return false; }`, "}");
  }

  protected override writeEmit(): void {
    const { index, emission, plan, time } = this;
    const { code, services } = emission;
    const current = code.bind(services.current);
    code.line(`function emit${index}(group, pane) {`);
    code.line(
      `const pairs = group.rows.pane(${code.bind(plan.join!.kind)}, pane.timing !== "early");`,
      // In the middle of an event the others that read it come next, so only what fires by itself may pause.
      `if (${current}.result !== undefined || !${code.bind(time)}.isFiring) give${index}(group, pane, pairs, never${index});`,
      `else ${code.bind(time)}.giveInPieces(() => give${index}(group, pane, pairs, () => ${code.bind(services)}.isPaused(${index})));`,
      "return undefined;",
      "}",
      `function never${index}() { return false; }`,
    );
    code.line(`function give${index}(group, pane, pairs, isPaused) {`);
    this.writeAsEvent("", "undefined", () => {
      code.line(
        `data = pairs.give(test${index}, (one, other) => {`,
        `${current}.element = { outer: undefined, index: pairs.pairs++ };`,
        `const data = pair${index}(group, pane, one, other);`,
        "if (data === undefined) return;",
        emission.count(index, 1),
      );
      emission.deliver(index, "main", "data");
      code.line("}, isPaused);");
    });
    code.line("return data;", "}", `function retract${index}() {}`);
  }

  /** A function for each input. */
  protected override writeNode(): void {
    const { first, second } = this.keys();
    this.writeSide(0, first);
    this.writeSide(1, second);
  }

  private writeSide(side: 0 | 1, keys: readonly ExprTree[]): void {
    const { index, emission, operator } = this;
    const { code, services } = emission;
    const alias = this.aliases()[side];
    code.line(`function side${index}_${side}(data) {`, emission.count(index, 0), "let cells = 0;", "try {");
    const event = this.readsEvent(alias) ? `, event: ${code.bind(eventRecord)}(${emission.eventArguments()})` : "";
    code.line(`const row = { data${event} };`);
    const { key, hash } = keyOf(keys, emission, { variables: { [alias]: "row" } });
    code.line(
      `cells = ${operator}.assign(${key}, ${hash}, timeMs, ${emission.watermark(index)});`,
      `for (let i = 0; i < cells; i++) if (${operator}.cells[i].rows.size >= ${maxRows}) ${code.bind(tooLong)}();`,
      `for (let i = 0; i < cells; i++) ${operator}.cells[i].rows.add(${side}, row);`,
    );
    const { probe } = services;
    if (probe !== undefined)
      code.line(
        `for (let i = 0; i < cells; i++) { const group = ${operator}.cells[i]; ${code.bind(probe)}.grouped(${index}, group.key, group.window.start, group.window.end); }`,
      );
    this.writeAdded();
  }

  private aliases(): readonly [string, string] {
    const [first, second] = this.plan.from;
    if (first?.alias === undefined || second?.alias === undefined) bug(`join '${this.plan.name}' without names`);
    return [first!.alias!, second!.alias!];
  }

  private keys(): JoinKeys {
    return joinKeysOf(this.plan.join!.on, this.aliases()) ?? bug(`join '${this.plan.name}' without an equality`);
  }

  /** The event's attributes are kept only for whoever reads them. */
  private readsEvent(alias: string): boolean {
    const { emit, where, join } = this.plan;
    return [emit, where, join!.on].some((tree) =>
      tree === undefined ? false : readsOf(tree).some(({ variable, path }) => variable === alias && path[0] !== "data"),
    );
  }
}

const optionalOf = (row: object | undefined): Optional => Optional.of(row);
