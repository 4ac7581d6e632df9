/** Ends a run: well, with everything taken, committed and acknowledged, or not at all. */
import { quietly } from "./connections.ts";
import type { RunState } from "./run-state.ts";
import { tellWatermarks } from "./tell-watermarks.ts";

export async function finish(state: RunState): Promise<void> {
  const { checkpoints } = state;
  if (checkpoints?.phase === "done") return;
  // What is written now is all there will be. After a crash between here and the end only its putting in place is left.
  if (checkpoints === undefined) await drain(state);
  else if (checkpoints.phase !== "ending") await checkpoints.take("ending");
  await state.ports?.close();
  await state.connections.commit();
  await checkpoints?.done();
  for (const acknowledge of state.held.values()) acknowledge();
  for (const { loop } of state.loops) await loop.close(false);
}

/** Ends a run that goes on later: nothing is put in its place, and windows keep what they hold. */
export async function leaveOff(state: RunState): Promise<void> {
  await state.checkpoints?.take("stopped");
  await state.ports?.close();
  await state.connections.leave(false);
  for (const { loop } of state.loops) await loop.close(false);
}

/** Sinks may refuse what they are given, which makes more for other sinks and the dead letter; nodes are in topological order. */
export async function drain(state: RunState): Promise<void> {
  const { outputs, deadLetter } = state;
  do {
    await state.ports?.drain();
    tellWatermarks(state);
    for (const output of outputs.values()) await output.drain();
    await deadLetter.drain();
    state.throwIfFailed();
  } while (
    state.ports?.isBusy === true ||
    [...outputs.values(), deadLetter].some((output) => output.putRecords > output.takenRecords)
  );
  state.progress.check();
}

/** Sinks take back what they can, and sources keep what was not acknowledged. Never fails. */
export async function giveUp(state: RunState): Promise<void> {
  state.abort.abort();
  await state.ports?.abort();
  await (state.goesOnLater ? state.connections.leave(true) : state.connections.abort());
  for (const { loop } of state.loops) await quietly(() => loop.close(true), state.log);
}
