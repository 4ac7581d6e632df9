/** The JavaScript that makes a record's text, or bytes, of `data`. */
import type { SinkPlan } from "../../compiler/contract/runtime-config.ts";
import { EvaluationError } from "../expr/evaluation-error.ts";
import type { StageEmission } from "./stage-emission.ts";
import type { SinkIntake } from "./stage-services.ts";

/** @param attributes the JavaScript of the event's attributes as text, where the format wants them */
export function encodeData(plan: SinkPlan, intake: SinkIntake, emission: StageEmission, attributes: string): string {
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
