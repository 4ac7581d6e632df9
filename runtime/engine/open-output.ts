/** Opens a sink and what stands before it; also the dead letter, which is a sink like any other. */
import type { ConnectorPlan, FormatPlan, RetryPlan } from "../../compiler/contract/runtime-config.ts";
import type { RecordEncoder } from "../codec/format.ts";
import { type BadEvent, originalOf } from "./bad-event.ts";
import { ByteOutput } from "./byte-output.ts";
import type { RoundRecord, SinkConnector } from "./connector.ts";
import { checkChunks } from "./in-chunks.ts";
import { MessageOutput } from "./message-output.ts";
import type { Output } from "./output.ts";
import { RecordOutput } from "./record-output.ts";
import type { RunState } from "./run-state.ts";
import { RuntimeError, unreachable } from "./runtime-error.ts";
import type { OutputServices, SinkOutput } from "./sink-output.ts";

export interface OutputPlan {
  readonly name: string;
  readonly connector: ConnectorPlan;
  readonly format: FormatPlan;
  readonly retry?: RetryPlan;
}

export async function openOutput(
  state: RunState,
  plan: OutputPlan,
  encoder: RecordEncoder | undefined,
  stateName = `sink/${plan.name}`,
): Promise<Output> {
  const kept = state.checkpoints?.contextOf(stateName);
  const sink = await state.connections.openSink(plan.name, plan.connector, plan.format, kept);
  if (sink.kind === "bytes" && sink.writeChunk !== undefined) checkChunks(plan, state.config);
  const output = outputTo(sink, plan.name, plan.format, encoder, plan.retry, outputServices(state));
  state.checkpoints?.keepOutput(stateName, output);
  return output;
}

function outputTo(sink: SinkConnector, ...rest: ConstructorParameters<typeof SinkOutput>): Output {
  switch (sink.kind) {
    case "bytes":
      return new ByteOutput(sink, ...rest);
    case "messages":
      return new MessageOutput(sink, ...rest);
    case "records":
      return new RecordOutput(sink, ...rest);
    default:
      return unreachable(sink);
  }
}

/** A file is added to: what an earlier run kept there is not lost. */
export async function openDeadLetter(state: RunState, plan: ConnectorPlan): Promise<Output> {
  const connector = { ...plan, options: { ...plan.options, append: true } };
  const named = { name: "dead_letter", connector, format: deadLetterFormat } as const;
  const output = await openOutput(state, named, undefined, deadLetterState);
  // Before the first bad event is written it is known where to cut the file back to.
  await state.checkpoints?.opened(deadLetterState);
  return output;
}

export const deadLetterFormat = { type: "json", options: {} } as const;

/** The name under which its place is kept. */
export const deadLetterState = "dead-letter";

function outputServices(state: RunState): OutputServices {
  return {
    clock: state.clock,
    random: state.random,
    gates: state.gates,
    current: state.current,
    progressed: () => {
      state.progress.check();
      state.wake();
    },
    failed: (error) => state.fail(error),
    refused: (name, reason, position, record, stands) =>
      refuse(state, name, reason, { position, bytes: record, ...(stands && { stands }) }),
    signal: state.abort.signal,
  };
}

function refuse(state: RunState, name: string, reason: string, { position, bytes, stands }: RoundRecord): void {
  if (name === "dead_letter")
    throw new RuntimeError("dead-letter-unavailable", `The dead letter refuses bad events: ${reason}`);
  const node = state.config.nodes.find((each) => each.name === name);
  const bad: BadEvent = {
    node: name,
    at: node?.at ?? "",
    reason,
    position,
    ...originalOf(bytes),
    kept: "output",
  };
  state.refusedAt(name, bad, stands);
}
