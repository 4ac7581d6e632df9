/** The functions of a step: its operators one after the other as straight-line code, a function more after each `expand`. */
import type { ExprTree } from "../../compiler/contract/expr-tree.ts";
import type { OperatorPlan, StepPlan } from "../../compiler/contract/runtime-config.ts";
import { emitValidator } from "../codec/validate.ts";
import { canFlattenToText, emitFlattenToText } from "../operators/flatten-to-json.ts";
import type { OperatorServices, StepEmission } from "../operators/operator.ts";
import { emitOperator } from "../operators/operators.ts";
import { Ownership } from "../operators/ownership.ts";
import { type RunsPlan, runsInto } from "../operators/text-runs.ts";
import { isPlainFixed } from "../windows/window-operator.ts";
import { BadRecord } from "./bad-event.ts";
import { eventId } from "./event-attributes.ts";
import type { Reader } from "./graph.ts";
import { isProgram, isTyped } from "./is-program.ts";
import { bug } from "./runtime-error.ts";
import type { StageCode } from "./stage-code.ts";
import type { Form, StageEmission } from "./stage-emission.ts";

/** Operators that leave `data` as it is. */
const leavesData = new Set<OperatorPlan["op"]>(["filter", "sample", "dedupe", "throttle", "log", "time", "attributes"]);
/** Operators that set a variable which must be put back once the event has left the step. */
const setsVariable = new Set<OperatorPlan["op"]>(["time", "attributes"]);

export function emitStep(plan: StepPlan, index: number, emission: StageEmission): void {
  const { code } = emission;
  const isRaw =
    plan.operators.every(({ op }) => leavesData.has(op)) && plan.from.every((edge) => edge.output === "main");
  const formats = new Set(
    plan.from.map((edge) => emission.rawFormatByNode[emission.graph.indexByName.get(edge.node)!]),
  );
  const lastProgram = plan.operators.findLastIndex(isProgram);
  const isAnswer = lastProgram >= 0 && plan.operators.slice(lastProgram + 1).every(({ op }) => leavesData.has(op));
  emission.rawFormatByNode[index] = isAnswer ? "json" : isRaw && formats.size === 1 ? [...formats][0] : undefined;
  const restores = plan.operators.some(({ op }) => setsVariable.has(op));
  const name = restores ? code.name("step") : `node${index}`;
  if (restores) {
    const isTimed = emission.time !== undefined;
    code.line(`function node${index}(data) {`, "const time = eventTime, set = attributes;");
    if (isTimed) code.line("const atMs = timeMs;");
    const restore = `eventTime = time; attributes = set;${isTimed ? " timeMs = atMs;" : ""}`;
    code.line(`try { ${name}(data); } finally { ${restore} }`, "}");
  }
  new StepWriter(plan, index, emission).write(name);
}

class StepWriter implements StepEmission {
  readonly code: StageCode;
  readonly node: string;
  readonly services: OperatorServices;
  ownership: Ownership;
  private readonly plan: StepPlan;
  private readonly index: number;
  private readonly emission: StageEmission;
  private parts: {
    readonly name: string;
    readonly isFirst: boolean;
    end: () => void;
    locals: readonly string[];
    body: string[];
  }[] = [];

  constructor(plan: StepPlan, index: number, emission: StageEmission) {
    this.code = emission.code;
    this.node = plan.name;
    this.plan = plan;
    this.index = index;
    this.emission = emission;
    this.ownership = emission.inputOwnership(plan.from);
    const { services, code } = emission;
    const watermark = () => this.watermark();
    this.services = {
      eventId: `${code.bind(eventId)}(${code.bind(services.current)}, attributes)`,
      eventTime: "eventTime",
      timeMs: emission.time === undefined ? undefined : "timeMs",
      get watermark() {
        return watermark();
      },
      attributes: "attributes",
      element: `${code.bind(services.current)}.element`,
      throttle: services.throttle,
      remember: (dedupe) => {
        emission.time?.dedupes.push({ node: index, operator: this.operator, dedupe });
        return dedupe;
      },
      log: services.log,
      toJson: services.toJson,
    };
  }

  write(name: string): void {
    let body: string[] = [];
    this.begin(name, true);
    const operators = this.plan.operators;
    const { probe } = this.emission.services;
    const readers = this.emission.graph.readersOf(this.index, "main");
    const text = probe === undefined && canFlattenToText(operators, readers);
    const runs = probe === undefined ? this.runsOf(operators, readers) : undefined;
    operators.forEach((operator, number) => {
      body = this.code.capture(() => {
        this.operator = number;
        if (operators.length > 1) this.code.line(`op = ${number};`);
        if (text && number === operators.length - 1) emitFlattenToText(operator, this);
        else if (runs !== undefined && number === operators.length - 1) this.emitRuns(runs);
        else if (!emitOperator(operator, this)) bug(`operator ${operator.op} was not refused`);
        if (this.pending === undefined) this.code.line(...this.probePassed(number));
      });
      this.parts.at(-1)!.body.push(...body);
      this.finishSplit();
    });
    this.emission.ownershipByNode[this.index] = this.ownership;
    if (runs === undefined) this.parts.at(-1)!.end = () => this.leave(text);
    for (const part of this.parts) this.writePart(part);
  }

  /** Only a window that gives everything at the end of the input takes runs. */
  private runsOf(operators: readonly OperatorPlan[], readers: readonly Reader[]): RunsPlan | undefined {
    const runs = runsInto(operators, readers);
    const window = runs === undefined ? undefined : this.emission.config.nodes[runs.window];
    return window?.kind === "window" && window.assign.kind === "global" && isPlainFixed(window) ? runs : undefined;
  }

  /** The last operator: the window takes the text, and counts what leaves the step. */
  private emitRuns({ text, set, window }: RunsPlan): void {
    const part = this.parts.at(-1)!;
    const held = this.code.name("text");
    this.code.line(`${held} = ${this.expression(text, "typed")};`);
    part.locals = [held];
    part.end = () => this.code.line(`runs${window}(${held});`);
    this.emission.runsByWindow.set(window, { set, step: this.index });
    this.ownership = Ownership.none;
  }

  drop(): string {
    const { probe } = this.emission.services;
    return probe === undefined
      ? "return;"
      : `{ ${this.code.bind(probe)}.dropped(${this.index}, ${this.operator}); return; }`;
  }

  /** The operator that is being written. */
  private operator = 0;

  /** Behind user code it is the one under which the event had come. */
  private watermark(): string {
    const { emission, index, plan, code } = this;
    const before = plan.operators.slice(0, this.operator).findLastIndex(isProgram);
    return before < 0
      ? emission.watermark(index)
      : `${code.bind(emission.services.port(index, plan, before))}.presentMs`;
  }

  private probePassed(operator: number): readonly string[] {
    const { probe } = this.emission.services;
    return probe === undefined ? [] : [`${this.code.bind(probe)}.passed(${this.index}, ${operator}, data);`];
  }

  expression(tree: ExprTree, form: Form): string {
    return this.emission.expression(tree, form);
  }

  split(deliver: (call: (element: string) => string) => void, ...locals: readonly string[]): void {
    this.pending = { deliver, locals };
  }

  cross(): void {
    const { emission, plan, index } = this;
    const { code, services } = emission;
    const port = services.port(index, plan, this.operator);
    const name = code.bind(port);
    const isTimed = emission.time !== undefined;
    port.givesText = this.leavesRaw(this.operator);
    const next = plan.operators.findIndex((operator, number) => number > this.operator && isProgram(operator));
    port.takers = next < 0 ? emission.chunkTakers(index) : [services.port(index, plan, next)];
    const text = this.isUntouched() ? `${code.bind(services.current)}.text` : "undefined";
    const retracted = emission.hasRetractions ? "isRetracted" : "false";
    const timeMs = isTimed ? "timeMs" : "0";
    const operator = this.operator;
    const type = isTyped(plan, operator) ? plan.type : undefined;
    port.isTyped = type !== undefined;
    this.pending = {
      deliver: () => code.line(`${name}.put(data, eventTime, attributes, ${timeMs}, ${retracted}, ${text});`),
      locals: [],
      comesBack: (element) => {
        code.line(`${code.bind(services)}.hold(${index}, ${name});`);
        const parameters = "time, set, atMs, retracted";
        const enter = `eventTime = time; attributes = set;${isTimed ? " timeMs = atMs;" : ""}${emission.hasRetractions ? " isRetracted = retracted;" : ""}`;
        const refuse = (error: string) => `fail(${index}, ${operator}, ${error});`;
        const check =
          type === undefined
            ? []
            : [
                `const problem = ${emitValidator(code, type, emission.config.types)}(data);`,
                `if (problem !== undefined) { ${refuse(`new ${code.bind(BadRecord)}(problem)`)} return; }`,
              ];
        code.line(`${name}.give = (data, ${parameters}) => {`, enter, ...check, `${element}(data);`, "};");
        code.line(`${name}.refuse = (error, ${parameters}) => {`, enter, refuse("error"), "};");
      },
    };
    this.ownership = Ownership.none;
  }

  /** Nothing behind the operator changes the data: it can leave as the text that user code answered. */
  private leavesRaw(operator: number): boolean {
    return this.plan.operators.slice(operator + 1).every(({ op }) => leavesData.has(op));
  }

  /** The record's text is the JSON of the data, as it came. */
  private isUntouched(): boolean {
    const { emission, plan, operator } = this;
    const isJson = plan.from.every(
      (edge) =>
        emission.rawFormatByNode[emission.graph.indexByName.get(edge.node)!] === "json" && edge.output === "main",
    );
    return isJson && plan.operators.slice(0, operator).every(({ op }) => leavesData.has(op));
  }

  private pending:
    | {
        readonly deliver: (call: (element: string) => string) => void;
        readonly locals: readonly string[];
        /** Written behind the function, where the next one is called from outside. */
        readonly comesBack?: (element: string) => void;
      }
    | undefined;

  /** The operator just written ended its function: the next begins. */
  private finishSplit(): void {
    const { pending } = this;
    if (pending === undefined) return;
    this.pending = undefined;
    const next = this.code.name("element");
    const part = this.parts.at(-1)!;
    part.locals = pending.locals;
    part.end = () => pending.deliver((element) => `${next}(${element});`);
    pending.comesBack?.(next);
    this.begin(next, false);
    this.parts.at(-1)!.body.push(...this.probePassed(this.operator));
  }

  private begin(name: string, isFirst: boolean): void {
    this.parts.push({ name, isFirst, end: () => {}, locals: [], body: [] });
  }

  private leave(text: boolean): void {
    this.code.line(this.emission.count(this.index, 1));
    if (!text) this.emission.deliver(this.index, "main", "data");
    else
      for (const reader of this.emission.graph.readersOf(this.index, "main"))
        this.code.line(`text${reader.index}(data);`);
  }

  private writePart({ name, isFirst, end, locals, body }: StepWriter["parts"][number]): void {
    const { code } = this;
    code.line(`function ${name}(data) {`);
    if (isFirst) code.line(this.emission.count(this.index, 0));
    if (body.length > 0) {
      code.line("let op = 0;", ...(locals.length > 0 ? [`let ${locals.join(", ")};`] : []), "try {", ...body);
      code.line(`} catch (error) { fail(${this.index}, op, error); return; }`);
    }
    end();
    code.line("}");
  }
}
