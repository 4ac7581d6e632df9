/**
 * The functions of a sink that is a log. As those of emit-sink.ts and emit-untouched.ts, with key, headers and partition of each record; an event that came as a record and that
 * nobody touched leaves as the bytes of that, without having been a text.
 */
import type { ExprTree } from "../../compiler/contract/expr-tree.ts";
import type { OptionValue, SinkPlan } from "../../compiler/contract/runtime-config.ts";
import { BadRecord } from "./bad-event.ts";
import type { Current } from "./current.ts";
import { currentBytes } from "./current-bytes.ts";
import { textOfMember, textOfRecord } from "./emit-untouched.ts";
import { encodeData } from "./encode-data.ts";
import { attributeTexts, timedAttributeTexts } from "./event-attributes.ts";
import { isWhole, keyOf, moreHeaders, ownHeaders, ownKey, partitionOf } from "./record-parts.ts";
import { isNullValue } from "./record-view.ts";
import { literal } from "./stage-code.ts";
import type { StageEmission } from "./stage-emission.ts";
import type { Attributes, RecordIntake, SinkIntake } from "./stage-services.ts";
import { tellsWatermarks } from "./time-plan.ts";

export function emitRecordSink(plan: SinkPlan, intake: RecordIntake, index: number, emission: StageEmission): void {
  new RecordSinkWriter(plan, intake, index, emission).write();
}

class RecordSinkWriter {
  private readonly plan: SinkPlan;
  private readonly intake: RecordIntake;
  private readonly index: number;
  private readonly emission: StageEmission;
  private readonly current: string;
  private readonly sink: string;

  constructor(plan: SinkPlan, intake: RecordIntake, index: number, emission: StageEmission) {
    this.plan = plan;
    this.intake = intake;
    this.index = index;
    this.emission = emission;
    this.current = emission.code.bind(emission.services.current);
    this.sink = emission.code.bind(intake);
  }

  write(): void {
    const { emission, index, plan, intake } = this;
    const { code } = emission;
    this.writePut();
    const dataText = plan.format.type === "cloudevents" ? ", dataText" : "";
    code.line(`function node${index}(data${dataText}) {`, emission.count(index, 0), "let record = null;");
    if (intake.encoder?.attributes === true)
      code.line(
        `const texts = ${code.bind(tellsWatermarks(plan) ? timedAttributeTexts : attributeTexts)}(${emission.eventArguments()});`,
      );
    const texts = intake.encoder?.attributes === true ? "texts" : "undefined";
    code.line("try {");
    const shapes = emission.shapesBySink.get(index);
    const byShape = shapes === undefined ? "" : `${shapes}.isKnown ? ${shapes}.write(data) : `;
    const encoded = `record = ${byShape}${encodeData(plan, intake, emission, texts)};`;
    code.line(dataText === "" ? encoded : `if (dataText !== null) ${encoded}`);
    code.line(`} catch (error) { fail(${index}, 0, error); return; }`, `put${index}(record, data, ${texts});`, "}");
    if (intake.encoder === undefined)
      code.line(
        `function text${index}(record, data) { ${emission.count(index, 0)} put${index}(record, data, undefined); }`,
      );
    this.writeRaw();
    this.writeAs();
  }

  private option(name: string): OptionValue | undefined {
    const value = this.plan.connector.options[name];
    return value === null ? undefined : value;
  }

  /** The value of an option as JavaScript; its statements are written. */
  private value(option: OptionValue, form: "any" | "condition" = "any"): string {
    const tree = exprOf(option);
    if (tree !== undefined) return this.emission.expression(tree, form);
    if (typeof option !== "object" || option === null || Array.isArray(option)) return JSON.stringify(option);
    const entries = Object.entries(option).map(([name, value]) => {
      const held = this.emission.code.name("value");
      this.emission.code.line(`const ${held} = ${this.value(value as OptionValue)};`);
      return `[${literal(name)}]: ${held}`;
    });
    return `{ ${entries.join(", ")} }`;
  }

  /** Writes `put`, which takes the value of the record: text, bytes or null. */
  private writePut(): void {
    const { emission, index, current, sink, intake } = this;
    const { code, services } = emission;
    const [key, headers, partition, tombstone] = ["key", "headers", "partition", "tombstone"].map((name) =>
      this.option(name),
    );
    const ofFormat = intake.encoder?.attributes === true || intake.encoder?.headers !== undefined;
    code.line(`function put${index}(record, data, texts) {`, "let key, headers, partition;");
    const body = code.capture(() => {
      if (tombstone !== undefined) code.line(`if (${this.value(tombstone, "condition")}) record = null;`);
      if (key === undefined) code.line(`key = ${code.bind(ownKey)}(${current}, attributes);`);
      else code.line(`key = ${code.bind(keyOf)}(${this.value(key)}, ${code.bind(services.toJson)});`);
      const more = headers === undefined ? "undefined" : this.value(headers);
      const given = ofFormat ? `${code.bind(formatHeaders)}(${sink}, texts, record)` : "undefined";
      if (headers === undefined && !ofFormat) code.line(`headers = ${code.bind(ownHeaders)}(${current});`);
      else code.line(`headers = ${code.bind(moreHeaders)}(${current}, ${given}, ${more});`);
      if (partition !== undefined) code.line(`partition = ${code.bind(partitionOf)}(${this.value(partition)});`);
    });
    code.line("try {", ...body, `} catch (error) { fail(${index}, 0, error); return; }`);
    // Not the event's time: a log may delete by age what happened long ago before anybody has read it.
    const timestamp = `${current}.records === undefined ? undefined : ${current}.timeMs`;
    this.writeEnd(`${sink}.record(record, key, ${timestamp}, headers, partition)`);
    code.line("}");
  }

  /** Gives the record to the sink, which may refuse it. */
  private writeEnd(give: string): void {
    const { emission, index } = this;
    const { code } = emission;
    const refusal = code.name("refusal");
    code.line(
      `const ${refusal} = ${give};`,
      `if (${refusal} !== undefined) { fail(${index}, 0, new ${code.bind(BadRecord)}(${refusal})); return; }`,
      emission.count(index, 1),
    );
    emission.probeGave(index, "main", "data");
  }

  /** Data of the sink's own format. */
  private writeRaw(): void {
    const { emission, index, plan, current, intake } = this;
    const { code } = emission;
    const changes = ["key", "headers", "tombstone"].some((name) => this.option(name) !== undefined);
    code.line(`function raw${index}(data) {`);
    if (!changes) {
      const whole =
        plan.format.type === "cloudevents"
          ? `${code.bind(leavesWhole)}(${current}, ${plan.format.options.mode === "binary"})`
          : `${code.bind(isWhole)}(${current})`;
      // A CloudEvent would leave without the time that the pipeline has set.
      const isTimeless = plan.format.type === "cloudevents" ? "eventTime === undefined && " : "";
      const hasTime = tellsWatermarks(plan) ? `${current}.attributes?.time !== undefined && ` : "";
      code.line(`if (${isTimeless}${hasTime}attributes === undefined && ${whole}) {`, emission.count(index, 0));
      const partition = this.option("partition");
      if (partition !== undefined) {
        code.line("let partition;", "try {");
        code.line(`partition = ${code.bind(partitionOf)}(${this.value(partition)});`);
        code.line(`} catch (error) { fail(${index}, 0, error); return; }`);
      }
      this.writeEnd(`${this.sink}.untouched(${partition === undefined ? "undefined" : "partition"})`);
      code.line("return;", "}");
    }
    const isNull = `${code.bind(isNullRecord)}(${current})`;
    switch (plan.format.type) {
      case "bytes":
        code.line(`const bytes = data === undefined ? ${code.bind(currentBytes(emission.services.current))}() : data;`);
        code.line(`if (${isNull}) { ${emission.count(index, 0)} put${index}(null, data, undefined); }`);
        code.line(`else node${index}(bytes);`);
        break;
      case "cloudevents":
        code.line(`node${index}(data, ${code.bind(dataTextOf)}(${code.bind(intake)}, ${current}));`);
        break;
      default:
        if (intake.encoder === undefined) code.line(`text${index}(${isNull} ? null : ${current}.text, data);`);
        else code.line(`node${index}(data);`);
    }
    code.line("}");
  }

  /** JSON data that was an event's, and the other way round. */
  private writeAs(): void {
    const { emission, index, plan, current, intake } = this;
    const { code } = emission;
    const sink = code.bind(intake);
    if (plan.format.type === "cloudevents")
      code.line(`function as${index}(data) { node${index}(data, ${code.bind(recordTextOf)}(${sink}, ${current})); }`);
    if (plan.format.type !== "json") return;
    code.line(
      `function as${index}(data) {`,
      `const record = ${code.bind(dataTextOf)}(${sink}, ${current});`,
      // An event without data is a record without a value.
      `if (record === undefined) node${index}(data); else text${index}(record === "" ? null : record, data);`,
      "}",
    );
  }
}

function exprOf(option: OptionValue): ExprTree | undefined {
  if (typeof option !== "object" || option === null || Array.isArray(option) || !("expr" in option)) return undefined;
  return option.expr as ExprTree;
}

function formatHeaders(sink: SinkIntake, texts: Attributes, record: unknown): Attributes {
  const headers = sink.encoder?.headers?.(texts);
  if (record !== null || headers === undefined) return headers;
  // Nothing has no type.
  const { "content-type": _, ...others } = headers;
  return others;
}

function isNullRecord({ records, record, original }: Current): boolean {
  return records !== undefined && original === undefined && isNullValue(records, record);
}

/** As it came, in the mode in which the sink writes. */
function leavesWhole(current: Current, isBinary: boolean): boolean {
  if (!isWhole(current)) return false;
  return isNullRecord(current) ? current.attributes === undefined : current.decoder?.isWhole?.() === !isBinary;
}

/** null: in binary mode an event without data, which is a record without a value. */
function dataTextOf(sink: SinkIntake, current: Current): string | null | undefined {
  const text = current.attributes === undefined && isNullRecord(current) ? "" : textOfMember(sink, current);
  return text === "" && sink.format.options.mode === "binary" ? null : text;
}

function recordTextOf(sink: SinkIntake, current: Current): string | null | undefined {
  const text = isNullRecord(current) ? "" : textOfRecord(sink, current);
  return text === "" && sink.format.options.mode === "binary" ? null : text;
}
