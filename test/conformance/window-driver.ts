/** Takes a case's steps to a window of the engine and writes down the panes. Knows no rule of windows itself. */
import { EventTimeline } from "../../runtime/engine/event-time.ts";
import { hashKey } from "../../runtime/expr/hash-key.ts";
import type { Cell, CellCode, Hash, PaneInfo, TimeWindow } from "../../runtime/windows/cell.ts";
import type { WindowRules } from "../../runtime/windows/operator.ts";
import { PanesOperator, stateOf } from "../../runtime/windows/panes-operator.ts";
import { PlainOperator } from "../../runtime/windows/plain-operator.ts";
import { SessionOperator } from "../../runtime/windows/session-operator.ts";
import { makeOperator, type WindowOperator } from "../../runtime/windows/window-operator.ts";
import { CannotRun, type Case, Different, type Step } from "./case-shape.ts";
import { ManualTrigger } from "./manual-trigger.ts";
import { rulesOf } from "./rules-of-case.ts";
import { isWindow, timeOf, watermarkOf, windowOf } from "./times.ts";

export interface SeenPane {
  readonly key: unknown;
  readonly window: TimeWindow;
  readonly values: readonly unknown[];
  readonly pane: PaneInfo;
}

const oneSource = { sources: [0], followed: new Set([0]), isChained: false, inputs: [[]], directSources: [] };

type ListCell = Cell & { values: unknown[] };

/** Keeps the values themselves, so that any combination of them can be asked for. */
export const listCode = (panes: SeenPane[]): CellCode => ({
  create: (key, hash, window, order): ListCell => ({
    key,
    hash,
    window,
    order,
    timeMs: 0,
    isChanged: false,
    state: undefined,
    values: [],
  }),
  merge: (into, from) => void (into as ListCell).values.push(...(from as ListCell).values),
  reset: (cell) => {
    (cell as ListCell).values = [];
  },
  emit: (cell, pane) => {
    panes.push({ key: cell.key, window: { ...cell.window }, values: [...(cell as ListCell).values], pane });
    return undefined;
  },
  save: () => {},
  load: () => {},
  retract: () => {},
});

export class WindowDriver {
  readonly panes: SeenPane[] = [];
  readonly kept: unknown[] = [];
  readonly operator: WindowOperator;
  private readonly manual: ManualTrigger | undefined;
  private readonly source = new EventTimeline(oneSource, { nowMs: () => 0, isPaused: () => false });
  private watermarkMs = Number.NEGATIVE_INFINITY;
  private nowMs = 0;
  private firesNext: Step | undefined;

  constructor(one: Case) {
    this.manual = one.trigger?.t === "manual" ? new ManualTrigger() : undefined;
    const rules = rulesOf(this.manual === undefined ? one : { ...one, trigger: { t: "never" } });
    this.operator = this.make(rules);
  }

  run(steps: readonly Step[]): this {
    for (const step of steps) this.step(step);
    return this;
  }

  step(step: Step): void {
    const isMove = step.op === "wm" || step.op === "pt";
    if (isMove && step.fire) this.holdReady(step, () => this.step({ ...step, fire: false }));
    else this.take(step);
  }

  private take(step: Step): void {
    if (step.input !== undefined) throw new CannotRun("a window has one input");
    switch (step.op) {
      case "el":
        this.element(step);
        return;
      case "bundle":
        for (const element of step.elements ?? []) this.element({ ...element, op: "el" });
        if (step.fire) this.fireNow(step);
        return;
      case "wm":
        this.watermark(step);
        return;
      case "pt":
        this.nowMs = typeof step.to === "number" ? step.to : this.nowMs + (step.by ?? 0);
        // A timer is due when its time is past, as in Beam's own tests; an event looks at the very moment.
        this.operator.advanceProcessing(this.nowMs - 1);
        return;
      case "fire":
        if (step.when === "nextWatermark") this.firesNext = step;
        else this.fireNow(step);
        return;
      case "check":
        this.checkDropped(step.dropped ?? {});
        return;
      case "hold":
        if (step.at !== undefined || step.k !== undefined) throw new CannotRun("a window sets its holds itself");
        same("hold", this.hold(), step.is ?? null);
        return;
      case "inputWatermark":
        if (step.to !== undefined) this.watermark(step);
        if (step.is !== undefined) same("input watermark", this.watermarkMs, timeOf(step.is as number));
        return;
      case "outputWatermark":
        if (step.to !== undefined)
          this.panesOperator().advanceWatermark(this.watermarkMs, watermarkOf(step.to as number));
        if (step.is !== undefined)
          same("output watermark", this.panesOperator().outputWatermarkMs, timeOf(step.is as number));
        return;
      case "finished":
      case "isFinished":
      case "markedFinished":
      case "closed":
        same(`finished ${JSON.stringify(step.w)}`, this.hasFinished(step), step.is ?? true);
        return;
      default:
        throw new CannotRun(`the step '${step.op}' is not known`);
    }
  }

  checkDropped(counts: Readonly<Record<string, number>>): void {
    const dropped: Readonly<Record<string, number>> = { ...this.operator.dropped };
    for (const [reason, count] of Object.entries(counts)) same(`dropped for ${reason}`, dropped[reason], count);
  }

  /** The earliest hold of all cells, in effect or not. */
  private hold(): number | null {
    const holds = [...this.panesOperator().allCells()].flatMap((cell) => {
      const { holdMs, extraHoldMs } = stateOf(cell);
      return [holdMs, extraHoldMs].filter((one) => one !== null);
    });
    return holds.length === 0 ? null : Math.min(...holds);
  }

  private element(step: Step): void {
    const timeMs = timeOf(step.ts);
    this.source.withinAhead(0, timeMs, 0, Number.POSITIVE_INFINITY);
    const key = step.k ?? null;
    const count = this.operator.assign(key, hashOf(key), timeMs, this.watermarkMs);
    if (count > 0) this.kept.push(step.v);
    for (const cell of this.operator.cells.slice(0, count)) (cell as ListCell).values.push(step.v);
    if (step.fire) this.holdReady(step, () => count > 0 && this.operator.added(count, timeMs));
    else if (count > 0) this.operator.added(count, timeMs);
  }

  private watermark(step: Step): void {
    const toMs = watermarkOf(step.to as number);
    if (toMs < this.watermarkMs) throw new RangeError("a watermark never goes back");
    this.watermarkMs = toMs;
    const move = () =>
      step.holdOutputWatermark
        ? this.panesOperator().advanceWatermark(toMs, Number.NEGATIVE_INFINITY)
        : this.operator.advanceWatermark(toMs);
    const fires = this.firesNext;
    this.firesNext = undefined;
    if (fires === undefined) move();
    else this.holdReady(fires, move);
  }

  private fireNow(step: Step): void {
    const { w } = step;
    this.holdReady(step, () => this.panesOperator().fireReady((cell) => w === undefined || isWindow(w, cell)));
  }

  private hasFinished({ k, w }: Step): boolean {
    return this.panesOperator().hasFinished(hashOf(k ?? null), windowOf(w));
  }

  /** The manual trigger says yes while `act` runs. */
  private holdReady(step: Step, act: () => unknown): void {
    const { manual } = this;
    if (manual === undefined) throw new CannotRun("only a manual trigger is fired by hand");
    manual.isReady = true;
    manual.finishes = step.finish === true;
    act();
    manual.isReady = false;
    manual.finishes = false;
  }

  private panesOperator(): PanesOperator {
    if (this.operator instanceof PanesOperator) return this.operator;
    throw new CannotRun("this window has no holds of its own");
  }

  private make(rules: WindowRules): WindowOperator {
    const code = listCode(this.panes);
    const services = { isPaused: () => false, nowMs: () => this.nowMs };
    if (this.manual === undefined) return makeOperator(rules, code, services);
    return rules.assign.kind === "session"
      ? new SessionOperator(rules, code, services, this.manual)
      : new PlainOperator(rules, code, services, this.manual);
  }
}

export const hashOf = (key: unknown): Hash => hashKey(key);

export function same(what: string, actual: unknown, expected: unknown): void {
  if (!Object.is(actual, expected)) throw new Different(`${what} is ${String(actual)}, not ${String(expected)}`);
}
