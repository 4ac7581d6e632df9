/** The function of a sink: `data` to a record's text. Where nobody touched the data, the record's own text goes out unchanged. */
import type { SinkPlan } from "../../compiler/contract/runtime-config.ts";
import { EvaluationError } from "../expr/evaluation-error.ts";
import { attributeTexts } from "./event-attributes.ts";
import type { StageEmission } from "./stage-emission.ts";
import type { SinkIntake } from "./stage-services.ts";

/**
 * Three functions: `node` encodes data, `raw` writes the text of the present source record (data is what it was decoded to), `text`
 * writes a text that the step before has made.
 */
export function emitSink(plan: SinkPlan, index: number, emission: StageEmission): void {
  const { code, services } = emission;
  const intake = services.sinks.get(plan.name)!;
  const sink = code.bind(intake);
  const put = (record: string, as: "text" | "bytes" = "text") => {
    if (intake.encoder === undefined && !intake.attributes) return `${sink}.${as}(${record});`;
    const attributes =
      intake.attributes || intake.encoder?.attributes === true
        ? `${code.bind(attributeTexts)}(${emission.eventArguments()})`
        : "undefined";
    return `putMessage(${sink}, ${record}, ${attributes});`;
  };
  code.line(`function node${index}(data) {`, emission.count(index, 0), "let record;", "try {");
  code.line(`record = ${encode(plan, intake, emission)};`, `} catch (error) { fail(${index}, 0, error); return; }`);
  code.line(
    emission.count(index, 1),
    put("record", plan.format.type === "bytes" ? "bytes" : "text").replaceAll("putMessage", code.bind(putMessage)),
    "}",
  );
  if (intake.encoder !== undefined) return;
  code.line(
    `function text${index}(record) {`,
    emission.count(index, 0),
    emission.count(index, 1),
    put("record").replaceAll("putMessage", code.bind(putMessage)),
    "}",
  );
  const current = code.bind(services.current);
  // A message may hold line ends, which a run of lines cannot.
  const unfit =
    intake.kind === "bytes" && plan.format.type === "json"
      ? `(${current}.message !== undefined && ${current}.text.includes("\\n"))`
      : "false";
  const raw =
    plan.format.type === "bytes"
      ? `node${index}(data);`
      : `if (${unfit}) node${index}(data); else text${index}(${current}.text);`;
  code.line(`function raw${index}(data) { ${raw} }`);
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
      return `${code.bind(encodeWith(intake))}(data, ${attributes})`;
    }
  }
}

function encodeWith(intake: SinkIntake) {
  const { encoder } = intake;
  return (data: unknown, attributes: Readonly<Record<string, string>> | undefined) => {
    const first = intake.isFirst?.() === true ? (encoder!.head?.(data) ?? "") : "";
    return first + encoder!.encode(data, attributes);
  };
}

function putMessage(
  sink: SinkIntake,
  record: string | Uint8Array,
  attributes: Readonly<Record<string, string>> | undefined,
): void {
  sink.message(record, attributes, sink.encoder?.headers?.(attributes));
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
