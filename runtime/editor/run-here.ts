/** Runs a pipeline on a few events, between memory and memory, and says what came out of each node. */
import type { NodePlan, RuntimeConfig, SourcePlan, TablePlan } from "../../compiler/contract/runtime-config.ts";
import { noEvent } from "../codec/format.ts";
import { decodeJson, encodeJson } from "../codec/json.ts";
import { isExpression } from "../connectors/option-data.ts";
import { loadRunCodecs, type RunCodecs } from "../engine/run-codecs.ts";
import { messageOf } from "../engine/runtime-error.ts";
import { compileExpression } from "../expr/compile-expression.ts";
import type { Recorder } from "../testing/recorder.ts";
import { playTest } from "../testing/run-test.ts";
import { TestRun } from "../testing/test-run.ts";
import { type TraceEntry, walk } from "../testing/trace.ts";
import type { HereOutcome, HereRequest, NodeOutcome, OutputOutcome, ShownEvent } from "./messages.ts";

export async function runHere(request: HereRequest): Promise<HereOutcome> {
  const { config, plan } = request;
  if (plan === undefined) return onSamples(request);
  // What a test expects is not the question: only that something is wrong with its events is told.
  const steps = plan.steps.filter(({ kind }) => kind !== "expect");
  const { failures, run } = await playTest({ ...plan, steps }, config);
  return outcomeOf(
    run,
    request,
    failures.map(({ message }) => message),
  );
}

/** Time passes once all events are there, so that what a throttle or a trigger holds back comes too; then the input ends. */
const passingMs = 60_000;

async function onSamples(request: HereRequest): Promise<HereOutcome> {
  const { config, mostRecords } = request;
  const run = new TestRun(config);
  const codecs = await loadRunCodecs(config);
  const problems: string[] = [];
  const records = (plan: SourcePlan | TablePlan): readonly string[] => {
    try {
      return recordsOf(plan, request, codecs).slice(0, mostRecords);
    } catch (error) {
      problems.push(`The records of '${plan.name}' cannot be made: ${messageOf(error)}.`);
      return [];
    }
  };
  for (const table of config.tables) {
    const rows = records(table);
    try {
      run.setTable(
        table.name,
        rows.map((text) => decodeJson(text)),
      );
    } catch (error) {
      problems.push(`The rows of '${table.name}' cannot be used: ${messageOf(error)}.`);
    }
  }
  for (const source of config.nodes) {
    if (source.kind === "source") await run.send(source.name, messagesOf(source.name, records(source)));
  }
  await run.advance(passingMs);
  await run.end(undefined);
  await run.advance(passingMs);
  await run.close();
  return outcomeOf(run, request, problems);
}

const encoder = new TextEncoder();

/** One a second, where the records do not say when. */
const messagesOf = (source: string, records: readonly string[]) =>
  records.map((text, i) => ({ bytes: encoder.encode(text), position: `${source}/${i}`, timeMs: i * 1000 }));

/** Formats whose records are texts and no JSON. */
const plainFormats: ReadonlySet<string> = new Set(["lines", "text", "bytes"]);

/** As text, in the format that the source has in a test. */
function recordsOf(plan: SourcePlan | TablePlan, request: HereRequest, codecs: RunCodecs): readonly string[] {
  const given = request.samples.find(({ node }) => node === plan.name);
  if (given !== undefined) return given.isRaw ? decoded(plan, given.records, codecs) : given.records;
  const { connector, format } = plan;
  const values = connector.type === "generate" ? generatedValues(plan, request.mostRecords) : memoryValues(plan);
  const isPlain = plainFormats.has(format.type);
  return values.map((value) => (isPlain && typeof value === "string" ? value : encodeJson(value)));
}

/** A record that cannot be read is left as it is, and is a bad event. */
function decoded(plan: SourcePlan | TablePlan, records: readonly string[], codecs: RunCodecs): readonly string[] {
  const decoder = codecs.decoder(plan.format, plan.type);
  if (decoder === undefined) return records;
  return records.flatMap((text) => {
    try {
      const value = decoder.decode(text, undefined);
      return value === noEvent ? [] : [encodeJson(value)];
    } catch {
      return [text];
    }
  });
}

function memoryValues({ connector }: SourcePlan | TablePlan): readonly unknown[] {
  const { events } = connector.options;
  const values = isExpression(events) ? compileExpression(events.expr, [])() : events;
  return Array.isArray(values) ? values : [];
}

function generatedValues({ connector }: SourcePlan | TablePlan, most: number): readonly unknown[] {
  const { data, count } = connector.options;
  const dataAt = isExpression(data) ? compileExpression(data.expr, ["i"]) : () => data ?? null;
  const length = Math.min(typeof count === "number" ? count : most, most);
  return Array.from({ length }, (_, i) => dataAt(i));
}

function outcomeOf(run: TestRun, { config, mostShown }: HereRequest, problems: readonly string[]): HereOutcome {
  const ended = run.failure === undefined ? [] : [`The run has ended: ${run.failure}`];
  const written = writtenBySinks(run.recorder, config, mostShown);
  return {
    nodes: config.nodes.map((node, index) =>
      nodeOutcome(node, index, run.recorder, written.get(index) ?? [], mostShown),
    ),
    problems: [...problems.filter((text) => !ended.includes(text)), ...ended],
  };
}

function nodeOutcome(
  node: NodePlan,
  index: number,
  recorder: Recorder,
  written: readonly ShownEvent[],
  most: number,
): NodeOutcome {
  const edges = node.kind === "source" ? [-1] : node.from.map((_, edge) => edge);
  const cameIn = edges.reduce((sum, edge) => sum + (recorder.counts.get(`came/${index}/${edge}`) ?? 0), 0);
  const outputs = (["main", "errors", "late"] as const).map((output): OutputOutcome => {
    if (output === "main" && node.kind === "sink") return { output, count: cameIn, first: written };
    const first = recorder.given(node.name, output).slice(0, most).map(shown);
    return { output, count: recorder.counts.get(`gave/${index}/${output}`) ?? 0, first };
  });
  return { node: node.name, cameIn, outputs: outputs.filter(({ output, count }) => output === "main" || count > 0) };
}

/** What came to each sink is what its producer had given. */
function writtenBySinks(
  { roots }: Recorder,
  { nodes }: RuntimeConfig,
  most: number,
): ReadonlyMap<number, readonly ShownEvent[]> {
  const sinks = new Map(nodes.flatMap((node, index) => (node.kind === "sink" ? [[index, [] as ShownEvent[]]] : [])));
  for (const root of roots) {
    for (const entry of walk(root)) {
      const events = entry.kind === "came" ? sinks.get(entry.node) : undefined;
      if (events !== undefined && entry.parent !== undefined && events.length < most) events.push(shown(entry.parent));
    }
  }
  return sinks;
}

const longestText = 4_000;

function shown({ text = "null", timeMs }: TraceEntry): ShownEvent {
  return {
    text: text.slice(0, longestText),
    ...(timeMs === undefined ? {} : { timeMs }),
    ...(text.length > longestText ? { isCut: true as const } : {}),
  };
}
