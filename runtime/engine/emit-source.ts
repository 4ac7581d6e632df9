/** The function of a source: one record's text to `data`, checked against the declared type, and on to the readers. */
import type { SourcePlan } from "../../compiler/contract/runtime-config.ts";
import { noEvent } from "../codec/format.ts";
import { JsonShapes } from "../codec/json-shapes.ts";
import { emitValidator } from "../codec/validate.ts";
import { bytesOf } from "../expr/values/bytes.ts";
import { Ownership } from "../operators/ownership.ts";
import { checkTime } from "../operators/time.ts";
import { BadRecord } from "./bad-event.ts";
import { shapeUse } from "./shape-use.ts";
import { literal } from "./stage-code.ts";
import type { StageEmission } from "./stage-emission.ts";
import type { StageServices } from "./stage-services.ts";

/** Formats whose record text is the data, or holds it, so that untouched data can leave as it came. */
const rawFormats = new Set(["json", "lines", "text", "bytes", "cloudevents"]);

export function emitSource(plan: SourcePlan, index: number, emission: StageEmission): void {
  const { code } = emission;
  const validate = plan.type === undefined ? undefined : emitValidator(code, plan.type, emission.config.types);
  emission.ownershipByNode[index] = Ownership.all;
  emission.rawFormatByNode[index] = rawFormats.has(plan.format.type) ? plan.format.type : undefined;
  const shapes = emitShapes(plan, index, emission);
  code.line(`function node${index}(text) {`, "let data;", "try {");
  if (shapes !== undefined) code.line(`data = ${shapes}.read(text);`, "if (data === undefined) {");
  code.line(decode(plan, index, emission, shapes));
  if (validate !== undefined) {
    const problem = code.name("problem");
    code.line(
      `const ${problem} = ${validate}(data);`,
      `if (${problem} !== undefined) throw new ${code.bind(BadRecord)}(${problem});`,
    );
  }
  if (shapes !== undefined) code.line(`${shapes}.learn(text);`, "}");
  if (plan.time !== undefined)
    code.line(`eventTime = ${code.bind(checkTime)}(${emission.expression(plan.time, "any")});`);
  else code.line("eventTime = undefined;");
  code.line(
    "attributes = undefined;",
    `} catch (error) { eventTime = undefined; attributes = undefined; fail(${index}, 0, error); return; }`,
  );
  code.line(emission.count(index, 1));
  emission.deliver(index, "main", "data");
  code.line("}", `sources[${literal(plan.name)}] = node${index};`);
}

/** What reads records by their shapes, where that can be done; the sink at the end of their way is told. */
function emitShapes(plan: SourcePlan, index: number, emission: StageEmission): string | undefined {
  const found = shapeUse(plan, index, emission.graph, emission.config.types);
  if (found === undefined) return undefined;
  const shapes = emission.code.bind(new JsonShapes(found.use));
  emission.shapesBySink.set(found.sink, shapes);
  return shapes;
}

/** The statement that sets `data`. */
function decode(plan: SourcePlan, index: number, emission: StageEmission, shapes: string | undefined): string {
  const { code, services } = emission;
  const notOne = `{ ${emission.count(index, 0)} return; }`;
  switch (plan.format.type) {
    case "json":
      // A blank line is no record.
      // To look at a whole run of lines for the sake of a few would take longer.
      return `try { data = ${shapes === undefined ? "" : `${shapes}.isOff && `}${code.bind(services.current)}.isPlainJson ? ${code.bind(JSON.parse)}(text) : ${code.bind(services.parseJson)}(text); } catch (error) { if (text.trim() === "") ${notOne} throw error; }`;
    case "lines":
    case "text":
      return "data = text;";
    case "bytes":
      return `data = ${code.bind(currentBytes(services))}();`;
    case "csv":
    case "cloudevents":
      return `data = ${code.bind(decodeWith(plan, services))}(text); if (data === ${code.bind(noEvent)}) ${notOne}`;
  }
}

function currentBytes(services: StageServices): () => unknown {
  const { current } = services;
  return () => bytesOf(current.bytes ?? new TextEncoder().encode(current.text));
}

/** The decoder is looked up for each record, as each part has its own. */
function decodeWith(plan: SourcePlan, services: StageServices): (text: string) => unknown {
  const { current } = services;
  const holder = services.decoders.get(plan.name);
  return (text) => {
    current.attributes = undefined;
    const data = holder.decoder.decode(text, current.message);
    current.attributes = holder.decoder.attributes?.();
    current.decoder = holder.decoder;
    return data;
  };
}
