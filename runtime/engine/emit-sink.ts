/** The function of a sink: `data` to a record's text. Where nobody touched the data, the record's own text goes out unchanged. */
import type { SinkPlan } from "../../compiler/contract/runtime-config.ts";
import { emitRecordSink } from "./emit-record-sink.ts";
import { emitUntouched, putMessage } from "./emit-untouched.ts";
import { encodeData } from "./encode-data.ts";
import { attributeTexts } from "./event-attributes.ts";
import type { StageEmission } from "./stage-emission.ts";
import type { RecordIntake, SinkIntake } from "./stage-services.ts";

/**
 * `node` encodes data, `text` writes a text that the step before has made; `raw` and `as`, which write data that nobody touched, are in
 * emit-untouched.ts.
 */
export function emitSink(plan: SinkPlan, index: number, emission: StageEmission): void {
  const { code, services } = emission;
  const intake = services.sinks.get(plan.name)!;
  if (isRecordIntake(intake)) {
    emitRecordSink(plan, intake, index, emission);
    return;
  }
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
  const attributes =
    intake.encoder?.attributes === true ? `${code.bind(attributeTexts)}(${emission.eventArguments()})` : "undefined";
  const shapes = emission.shapesBySink.get(index);
  const byShape = shapes === undefined ? "" : `${shapes}.isKnown ? ${shapes}.write(data) : `;
  code.line(
    `record = ${byShape}${encodeData(plan, intake, emission, attributes)};`,
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

const isRecordIntake = (intake: SinkIntake): intake is RecordIntake => intake.kind === "records";
