/** The function of a source: one record's text to `data`, checked against the declared type, and on to the readers. */
import type { SourcePlan } from "../../compiler/contract/runtime-config.ts";
import { noEvent } from "../codec/format.ts";
import { emitFieldReader } from "../codec/json-fields.ts";
import { JsonShapes } from "../codec/json-shapes.ts";
import { emitValidator } from "../codec/validate.ts";
import { Ownership } from "../operators/ownership.ts";
import { checkTime, timeMillis } from "../operators/time.ts";
import { BadRecord } from "./bad-event.ts";
import { currentBytes } from "./current-bytes.ts";
import { wholeTimeMs } from "./event-attributes.ts";
import { defaultAheadMs, type EventTimeline } from "./event-time.ts";
import { headerCount, messageOfRecord } from "./record-view.ts";
import { shapeUse } from "./shape-use.ts";
import { fieldsOfSource } from "./source-fields.ts";
import { literal } from "./stage-code.ts";
import type { StageEmission } from "./stage-emission.ts";
import type { StageServices } from "./stage-services.ts";
import { isUnread } from "./unread-data.ts";

/** Formats whose record text is the data, or holds it, so that untouched data can leave as it came. */
const rawFormats = new Set(["json", "lines", "text", "bytes", "cloudevents"]);

export function emitSource(plan: SourcePlan, index: number, emission: StageEmission): void {
  const { code } = emission;
  const validate = plan.type === undefined ? undefined : emitValidator(code, plan.type, emission.config.types);
  emission.ownershipByNode[index] = Ownership.all;
  emission.rawFormatByNode[index] = rawFormats.has(plan.format.type) ? plan.format.type : undefined;
  const shapes = emitShapes(plan, index, emission);
  const { probe } = emission.services;
  const came = probe === undefined ? [] : [`${code.bind(probe)}.came(${index}, -1);`];
  // What came back from user code before may have been a retraction.
  const fresh = emission.hasRetractions ? ["isRetracted = false;"] : [];
  code.line(`function node${index}(text) {`, ...fresh, ...came, "let data;", "try {");
  if (shapes !== undefined) code.line(`data = ${shapes}.read(text);`, "if (data === undefined) {");
  code.line(orNull(plan, emission, decode(plan, index, emission, shapes)));
  if (validate !== undefined) {
    const problem = code.name("problem");
    code.line(
      `const ${problem} = ${validate}(data);`,
      `if (${problem} !== undefined) throw new ${code.bind(BadRecord)}(${problem});`,
    );
  }
  if (shapes !== undefined) code.line(`${shapes}.learn(text);`, "}");
  const time = emission.time?.plan.sources.includes(index) ? emission.time : undefined;
  if (time !== undefined) emitTime(plan, emission);
  else if (plan.time !== undefined)
    code.line(`eventTime = ${code.bind(checkTime)}(${emission.expression(plan.time, "any")});`);
  else code.line("eventTime = undefined;");
  code.line(
    "attributes = undefined;",
    `} catch (error) { eventTime = undefined; attributes = undefined; fail(${index}, 0, error); return; }`,
  );
  code.line(emission.count(index, 1));
  const follows = time?.plan.followed.has(index) === true;
  if (follows) code.line("const atMs = timeMs;");
  emission.deliver(index, "main", "data");
  if (time !== undefined && follows) emitWatermark(plan, index, time, emission);
  code.line("}", `sources[${literal(plan.name)}] = node${index};`);
}

/** What reads records by their shapes, where that can be done; the sink at the end of their way is told. */
function emitShapes(plan: SourcePlan, index: number, emission: StageEmission): string | undefined {
  // A probe looks at whole records.
  if (emission.services.probe !== undefined) return undefined;
  const found = shapeUse(plan, index, emission.graph, emission.config.types);
  if (found === undefined) return undefined;
  const shapes = emission.code.bind(new JsonShapes(found.use));
  emission.shapesBySink.set(found.sink, shapes);
  return shapes;
}

/** Sets the event's time, as it is at hand and as milliseconds. */
function emitTime(plan: SourcePlan, emission: StageEmission): void {
  const { code, services } = emission;
  if (plan.time === undefined)
    code.line(
      "eventTime = undefined;",
      `timeMs = ${code.bind(wholeTimeMs)}(${code.bind(services.current)}, undefined);`,
    );
  else
    code.line(
      `eventTime = ${emission.expression(plan.time, "time")};`,
      `timeMs = ${code.bind(timeMillis)}(eventTime);`,
    );
}

/** After the record: it was judged by the watermark as it stood before. */
function emitWatermark(plan: SourcePlan, index: number, time: EventTimeline, { code, services }: StageEmission): void {
  const delayMs = plan.watermark?.delayMs ?? 0;
  const aheadMs = plan.watermark?.aheadMs ?? defaultAheadMs;
  const line = code.bind(time);
  const mark = `${code.bind(time.watermarks)}[${index}]`;
  const capped = `${line}.withinAhead(${index}, atMs, ${delayMs}, ${aheadMs})`;
  const moved = code.name("watermark");
  const channels = `${code.bind(time.channels)}[${index}]`;
  code.line(
    `if (${channels} !== undefined) ${channels}.saw(atMs, ${delayMs}, ${aheadMs});`,
    `else if (atMs - ${delayMs} > ${mark}) {`,
    `const ${moved} = atMs > ${code.bind(time.aheadLimits)}[${index}] ? ${capped} : atMs - ${delayMs};`,
    `if (${moved} > ${mark}) ${mark} = ${moved};`,
    "}",
    `if (${mark} >= ${code.bind(time.limits)}[${index}]) ${line}.settle();`,
  );
  if (time.ordersSources)
    code.line(
      `if (${mark} >= ${code.bind(time.turnLimits)}[${index}]) ${code.bind(services.gates.of(index))}.yieldTurn();`,
    );
}

/** Decoded, but for a record without a value: its data is null. */
function orNull({ format }: SourcePlan, { code, services }: StageEmission, statement: string): string {
  // Headers may make an event of it.
  if (format.type === "bytes" || format.type === "cloudevents") return statement;
  return `if (${code.bind(services.current)}.isNull) data = null; else { ${statement} }`;
}

/** The statement that sets `data`. */
function decode(plan: SourcePlan, index: number, emission: StageEmission, shapes: string | undefined): string {
  const { code, services } = emission;
  const notOne = `{ ${emission.count(index, 0)} return; }`;
  switch (plan.format.type) {
    case "json":
      // A blank line is no record.
      // To look at a whole run of lines for the sake of a few would take longer.
      return `${readFields(plan, index, emission)}try { data = ${shapes === undefined ? "" : `${shapes}.isOff && `}${code.bind(services.current)}.isPlainJson ? ${code.bind(JSON.parse)}(text) : ${code.bind(services.parseJson)}(text); } catch (error) { if (text.trim() === "" && ${code.bind(services.current)}.records === undefined) ${notOne} throw error; }`;
    case "lines":
    case "text":
      return "data = text;";
    case "bytes":
      return isUnread(plan, index, emission)
        ? "data = undefined;"
        : `data = ${code.bind(currentBytes(services.current))}();`;
    case "csv":
    case "cloudevents":
      return `data = ${code.bind(decodeWith(plan, services))}(text); if (data === ${code.bind(noEvent)}) ${notOne}`;
  }
}

/** The statement that reads the fields that are wanted, where not all are; ends before the statement that decodes everything. */
function readFields(plan: SourcePlan, index: number, emission: StageEmission): string {
  const { code, services, graph, config } = emission;
  const fields = services.probe === undefined ? fieldsOfSource(plan, index, graph, config.types) : undefined;
  if (fields === undefined) return "";
  const read = emitFieldReader(code, fields);
  const current = code.bind(services.current);
  const misses = code.name("misses");
  const hits = code.name("hits");
  code.line(`let ${misses} = 0, ${hits} = 0;`);
  // Where most records are out of the ordinary, looking first is wasted.
  return `if (${misses} < 100 || ${misses} < ${hits}) { data = ${current}.block === "" ? ${read}(text, 0, text.length) : ${read}(${current}.block, ${current}.from, ${current}.to); if (data === undefined) ${misses}++; else ${hits}++; } if (data === undefined) `;
}

/** The decoder is looked up for each record, as each part has its own. */
function decodeWith(plan: SourcePlan, services: StageServices): (text: string) => unknown {
  const { current } = services;
  const holder = services.decoders.get(plan.name);
  return (text) => {
    current.attributes = undefined;
    const { records, record } = current;
    if (current.isNull && records !== undefined && headerCount(records, record) === 0) {
      current.decoder = undefined;
      return null;
    }
    const message = records === undefined ? current.message : messageOfRecord(records, record);
    const data = holder.decoder.decode(text, message);
    current.attributes = holder.decoder.attributes?.();
    current.decoder = holder.decoder;
    return data;
  };
}
