/** Opens a sink and what stands before it; also the dead letter, which is a sink like any other. */
import type { ConnectorPlan, FormatPlan, RetryPlan } from "../../compiler/contract/runtime-config.ts";
import type { RecordEncoder } from "../codec/format.ts";
import { originalOf } from "./bad-event.ts";
import { ByteOutput } from "./byte-output.ts";
import { MessageOutput } from "./message-output.ts";
import type { Output, RunState } from "./run-state.ts";
import { RuntimeError } from "./runtime-error.ts";
import type { OutputServices } from "./sink-output.ts";

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
): Promise<Output> {
  const sink = await state.connections.openSink(plan.name, plan.connector, plan.format);
  const services = outputServices(state);
  return sink.kind === "bytes"
    ? new ByteOutput(sink, plan.name, plan.format, encoder, plan.retry, services)
    : new MessageOutput(sink, plan.name, plan.format, encoder, plan.retry, services);
}

/** A file is added to: what an earlier run kept there is not lost. */
export function openDeadLetter(state: RunState, plan: ConnectorPlan): Promise<Output> {
  const connector = { ...plan, options: { ...plan.options, append: true } };
  return openOutput(state, { name: "dead_letter", connector, format: { type: "json", options: {} } }, undefined);
}

function outputServices(state: RunState): OutputServices {
  return {
    clock: state.clock,
    random: state.random,
    gate: state.gate,
    current: state.current,
    progressed: () => {
      state.progress.check();
      state.wake();
    },
    failed: (error) => state.fail(error),
    refused: (name, reason, position, record) => refuse(state, name, reason, position, record),
    signal: state.abort.signal,
  };
}

function refuse(state: RunState, name: string, reason: string, position: string, record: Uint8Array): void {
  if (name === "dead_letter")
    throw new RuntimeError("dead-letter-unavailable", `The dead letter refuses bad events: ${reason}`);
  const node = state.config.nodes.find((each) => each.name === name);
  state.refusedAt(name, {
    node: name,
    at: node?.at ?? "",
    reason,
    position,
    ...originalOf(record),
  });
}
