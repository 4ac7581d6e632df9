/** The aggregates of a node while its code is written: their fields in a cell, their arguments, and their results. */
import type { ExprTree, Kind } from "../../compiler/contract/expr-tree.ts";
import type { AggregatePlan } from "../../compiler/contract/runtime-config.ts";
import { eventTimeMs } from "../engine/event-attributes.ts";
import type { StageEmission } from "../engine/stage-emission.ts";
import type { AggregateEmission } from "./aggregates/aggregate.ts";
import { aggregates } from "./aggregates/aggregates.ts";

export class AggregateSlots {
  private readonly plans: readonly AggregatePlan[];
  private readonly emission: StageEmission;

  constructor(plans: readonly AggregatePlan[], emission: StageEmission) {
    this.plans = plans;
    this.emission = emission;
  }

  /** Names of a cell's fields, and the JavaScript of their values before the first event. */
  fields(): readonly (readonly [name: string, value: string])[] {
    return this.plans.flatMap(({ fn }, slot) =>
      Object.entries(aggregates[fn].init(this.slot(slot))).map(([name, value]) => [`a${slot}${name}`, value] as const),
    );
  }

  /** Writes what works out the arguments; the same expression once. Gives the names that hold them, by slot. */
  writeArguments(): readonly (readonly string[])[] {
    const { code } = this.emission;
    const nameByTree = new Map<string, string>();
    const argument = (tree: ExprTree): string => {
      const text = JSON.stringify(tree);
      const known = nameByTree.get(text);
      if (known !== undefined) return known;
      const name = code.name("arg");
      code.line(`const ${name} = ${this.emission.expression(tree, "any")};`);
      nameByTree.set(text, name);
      return name;
    };
    return this.plans.map(({ args }) => args.map(argument));
  }

  /** First everything that may fail, for all aggregates; then everything that changes the cell `group`. @param args by slot */
  writeAdding(args: readonly (readonly string[])[]): void {
    this.writePrepare(args);
    this.emission.code.line(...this.commits(args));
  }

  writePrepare(args: readonly (readonly string[])[]): void {
    for (const [slot, { fn }] of this.plans.entries()) {
      const text = aggregates[fn].prepare?.(this.slot(slot, args[slot]));
      if (text !== undefined) this.emission.code.line(text);
    }
  }

  /** Statements that cannot fail. */
  commits(args: readonly (readonly string[])[] = []): readonly string[] {
    return this.plans.map(({ fn }, slot) => aggregates[fn].commit(this.slot(slot, args[slot])));
  }

  /** Gives the names that hold the results of the cell `group`. */
  writeResults(): readonly string[] {
    const { code } = this.emission;
    return this.plans.map(({ fn }, slot) => {
      const name = code.name("result");
      code.line(`const ${name} = ${aggregates[fn].result(this.slot(slot))};`);
      return name;
    });
  }

  slot(slot: number, args: readonly string[] = []): AggregateEmission {
    const { code, services } = this.emission;
    const kinds: readonly Kind[] = this.plans[slot]!.args.map((arg) => arg.kind);
    return {
      args,
      kinds,
      timeMs: `${code.bind(eventTimeMs)}(${code.bind(services.current)}, eventTime)`,
      field: (name, group = "group") => `${group}.a${slot}${name}`,
      local: (name) => `${name}${slot}`,
      bind: (value) => code.bind(value),
    };
  }
}
