/** The function of a sink: `data` to a record's text. Where nobody touched the data, the record's own text goes out unchanged. */
import type { SinkPlan } from "../../compiler/contract/runtime-config.ts";
import { EvaluationError } from "../expr/evaluation-error.ts";
import { emitUntouched, putMessage } from "./emit-untouched.ts";
import { attributeTexts } from "./event-attributes.ts";
import type { StageEmission } from "./stage-emission.ts";
import type { SinkIntake } from "./stage-services.ts";

/**
 * `node` encodes data, `text` writes a text that the step before has made; `raw` and `as`, which write data that nobody touched, are in
 * emit-untouched.ts.
 */
export function emitSink(plan: SinkPlan, index: number, emission: StageEmission): void {
  const { code, services } = emission;
  const intake = services.sinks.get(plan.name)!;
  const sink = code.bind(intake);
  const put = (record: string, as: "text" | "bytes" = "text") => {
    if (intake.encoder === undefined && !intake.attributes) return `${sink}.${as}(${record});`;
    // Only a message has headers for them.
    const attributes =
      intake.attributes || (intake.encoder?.attributes === true && intake.kind === "messages")
        ? `${code.bind(attributeTexts)}(${emission.eventArguments()})`
        : "undefined";
    return `putMessage(${sink}, ${record}, ${attributes});`;
  };
  // The text of `data`, where somebody knows it.
  const hasDataText = plan.format.type === "cloudevents";
  code.line(
    `function node${index}(data${hasDataText ? ", dataText" : ""}) {`,
    emission.count(index, 0),
    "let record;",
    "try {",
  );
  const shapes = emission.shapesBySink.get(index);
  const byShape = shapes === undefined ? "" : `${shapes}.isKnown ? ${shapes}.write(data) : `;
  code.line(
    `record = ${byShape}${encode(plan, intake, emission)};`,
    `} catch (error) { fail(${index}, 0, error); return; }`,
  );
  code.line(
    emission.count(index, 1),
    put("record", plan.format.type === "bytes" ? "bytes" : "text").replaceAll("putMessage", code.bind(putMessage)),
  );
  emission.probeGave(index, "main", "data");
  code.line("}");
  if (intake.encoder === undefined) {
    code.line(
      `function text${index}(record, data) {`,
      emission.count(index, 0),
      emission.count(index, 1),
      put("record").replaceAll("putMessage", code.bind(putMessage)),
    );
    emission.probeGave(index, "main", "data");
    code.line("}");
  }
  emitUntouched(plan, intake, index, emission);
}

function encode(plan: SinkPlan, intake: SinkIntake, emission: StageEmission): string {
  const { code, services } = emission;
  switch (plan.format.type) {
    case "json":
      return `${code.bind(services.toJson)}(data)`;
    case "lines":
      return `${code.bind(oneLine)}(data)`;
    case "text":
      return `${code.bind(someText)}(data)`;
    case "bytes":
      return `${code.bind(someBytes)}(data)`;
    case "csv":
    case "cloudevents": {
      const attributes =
        intake.encoder?.attributes === true
          ? `${code.bind(attributeTexts)}(${emission.eventArguments()})`
          : "undefined";
      const dataText = plan.format.type === "cloudevents" ? ", dataText" : "";
      return `${code.bind(encodeWith(intake))}(data, ${attributes}${dataText})`;
    }
  }
}

function encodeWith(intake: SinkIntake) {
  const { encoder } = intake;
  return (data: unknown, attributes: Readonly<Record<string, string>> | undefined, dataText?: string) => {
    if (data instanceof Uint8Array && encoder?.encodeBytes !== undefined) return encoder.encodeBytes(data, attributes);
    const first = intake.isFirst?.() === true ? (encoder!.head?.(data) ?? "") : "";
    return first + encoder!.encode(data, attributes, dataText);
  };
}

function someText(data: unknown): string {
  if (typeof data === "string") return data;
  throw new EvaluationError("no-such-overload", "this format writes strings only");
}

function oneLine(data: unknown): string {
  const text = someText(data);
  if (text.includes("\n")) throw new EvaluationError("invalid-argument", "a line cannot hold a line end");
  return text;
}

function someBytes(data: unknown): Uint8Array {
  if (data instanceof Uint8Array) return data;
  throw new EvaluationError("no-such-overload", "this format writes bytes only");
}
