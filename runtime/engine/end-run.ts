/** Ends a run: well, with everything taken, committed and acknowledged, or not at all. */
import { quietly } from "./connections.ts";
import type { RunState } from "./run-state.ts";

export async function finish(state: RunState): Promise<void> {
  await drain(state);
  await state.connections.commit();
  for (const acknowledge of state.held.values()) acknowledge();
  for (const { loop } of state.loops) await loop.close(false);
}

/** Sinks may refuse what they are given, which makes more for other sinks and the dead letter; nodes are in topological order. */
async function drain(state: RunState): Promise<void> {
  const { outputs, deadLetter } = state;
  do {
    for (const output of outputs.values()) await output.drain();
    await deadLetter.drain();
    state.throwIfFailed();
  } while ([...outputs.values(), deadLetter].some((output) => output.putRecords > output.takenRecords));
  state.progress.check();
}

/** Sinks take back what they can, and sources keep what was not acknowledged. Never fails. */
export async function giveUp(state: RunState): Promise<void> {
  state.abort.abort();
  await state.connections.abort();
  for (const { loop } of state.loops) await quietly(() => loop.close(true), state.log);
}
