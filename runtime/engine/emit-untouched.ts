/**
 * The functions of a sink for data that nobody touched: it leaves as its text came. `raw` is for a record of the sink's own format,
 * `as` for one of `json` where the sink writes `cloudevents`, and the other way round.
 */
import type { SinkPlan } from "../../compiler/contract/runtime-config.ts";
import type { Current } from "./current.ts";
import { currentBytes } from "./current-bytes.ts";
import { attributeTexts } from "./event-attributes.ts";
import type { StageEmission } from "./stage-emission.ts";
import type { SinkIntake } from "./stage-services.ts";

export function emitUntouched(plan: SinkPlan, intake: SinkIntake, index: number, emission: StageEmission): void {
  if (plan.format.type === "cloudevents") emitEvent(intake, index, emission);
  else if (intake.encoder === undefined) emitRecord(plan, intake, index, emission);
}

function emitRecord(plan: SinkPlan, intake: SinkIntake, index: number, emission: StageEmission): void {
  const { code, services } = emission;
  const current = code.bind(services.current);
  // A message may hold line ends, which a run of lines cannot.
  const unfit =
    intake.kind === "bytes" && (plan.format.type === "json" || plan.format.type === "lines")
      ? `(${current}.mayHoldLineEnds && ${current}.text.includes("\\n"))`
      : "false";
  const raw =
    plan.format.type === "bytes"
      ? `node${index}(data === undefined ? ${code.bind(currentBytes(services.current))}() : data);`
      : `if (${unfit} || ${current}.isNull) node${index}(data); else text${index}(${current}.text, data);`;
  code.line(`function raw${index}(data) { ${raw} }`);
  if (plan.format.type !== "json") return;
  code.line(
    `function as${index}(data) {`,
    `const record = ${code.bind(textOfMember)}(${code.bind(intake)}, ${current});`,
    // An event without data is null here.
    `if (record === undefined || record === "") node${index}(data); else text${index}(record, data);`,
    "}",
  );
}

/** An event whose attributes are its own too goes out as it came. */
function emitEvent(intake: SinkIntake, index: number, emission: StageEmission): void {
  const { code, services } = emission;
  const sink = code.bind(intake);
  const current = code.bind(services.current);
  const attributes = intake.attributes ? `${code.bind(attributeTexts)}(${emission.eventArguments()})` : "undefined";
  code.line(`function as${index}(data) { node${index}(data, ${code.bind(textOfRecord)}(${sink}, ${current})); }`);
  code.line(
    `function raw${index}(data) {`,
    `if (eventTime === undefined && attributes === undefined && ${code.bind(leavesWhole)}(${sink}, ${current})) {`,
    emission.count(index, 0),
    emission.count(index, 1),
    `${code.bind(putMessage)}(${sink}, ${current}.text, ${attributes});`,
  );
  emission.probeGave(index, "main", "data");
  code.line(`} else node${index}(data, ${code.bind(textOfMember)}(${sink}, ${current}));`, "}");
}

function leavesWhole(sink: SinkIntake, current: Current): boolean {
  return (
    sink.encoder?.takesWhole === true && current.decoder?.isWhole?.() === true && isFit(sink, current, current.text)
  );
}

/** The record is the data. */
export function textOfRecord(sink: SinkIntake, current: Current): string | undefined {
  const text = current.text.trim();
  return isFit(sink, current, text) ? text : undefined;
}

/** The record holds the data. */
export function textOfMember(sink: SinkIntake, current: Current): string | undefined {
  const text = current.decoder?.dataText?.();
  return text !== undefined && isFit(sink, current, text) ? text : undefined;
}

/** A message may hold line ends, which a run of lines cannot. */
function isFit(sink: SinkIntake, current: Current, text: string): boolean {
  return sink.kind !== "bytes" || !current.mayHoldLineEnds || !text.includes("\n");
}

export function putMessage(
  sink: SinkIntake,
  record: string | Uint8Array,
  attributes: Readonly<Record<string, string>> | undefined,
): void {
  sink.message(record, attributes, sink.encoder?.headers?.(attributes));
}
