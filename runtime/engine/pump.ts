/** The loop of a run: gives the sources turns, waits for input and for room, and has windows go on where they had to stop. */
import { drain } from "./end-run.ts";
import { runMeanwhile } from "./run-meanwhile.ts";
import type { LoopEntry, Pausing, RunState } from "./run-state.ts";
import { hasToTell } from "./tell-watermarks.ts";
import { nextTurns } from "./turn-order.ts";

/** The event loop gets a turn at least this often, for signals and for sinks that wait. */
const longestTurnMs = 10;

/** Gives the sources turns until all have ended. */
export async function pump(state: RunState): Promise<void> {
  const live = new Set(state.loops);
  let turnStart = performance.now();
  while (live.size > 0) {
    if (state.pausing !== undefined && state.time?.pending !== true) await pausePoint(state, state.pausing);
    let worked = state.ports?.release() === true;
    state.timers?.arm();
    for (const entry of nextTurns(state, live)) {
      if (entry.waiting) continue;
      if (mustWait(state)) await whenReady(state);
      state.throwIfFailed();
      const heldMs = heldBackMs(state, entry);
      if (heldMs > 0 && !state.stopping) {
        wakeAfter(state, entry, heldMs);
        continue;
      }
      worked = true;
      if (heldMs > 0) {
        // A throttle would have it wait: what is left was not acknowledged, so its sender still has it.
        entry.loop.leaveRest();
        ended(state, entry, live);
        continue;
      }
      if (state.checkpoints?.isBusy) await state.checkpoints.free();
      entry.gate.beginTurn();
      const more = entry.loop.turn();
      if (more === false) ended(state, entry, live);
      else if (more !== true) waitFor(state, entry, more, live);
    }
    state.throwIfFailed();
    if (!worked) await idle(state);
    if (mustWait(state)) await whenReady(state);
    if (state.checkpoints?.isDue() && state.time?.pending !== true) await state.checkpoints.take();
    if (!worked || performance.now() - turnStart > longestTurnMs) {
      await nextTask();
      turnStart = performance.now();
    }
  }
  while ((isFiring(state) || state.ports?.isBusy) && state.failure === undefined) {
    await whenReady(state);
    if (state.ports?.release()) await nextTask();
    else if (isFiring(state) || state.ports?.isBusy) await idle(state);
    state.timers?.arm();
  }
  state.throwIfFailed();
}

/** Everything that has been read and begun is with the sinks, and in a checkpoint where there are any; then nothing happens until the run is let go on. */
async function pausePoint(state: RunState, pausing: Pausing): Promise<void> {
  await state.ports?.drain();
  if (state.checkpoints === undefined) await drain(state);
  else await state.checkpoints.take();
  state.throwIfFailed();
  for (const { loop } of state.loops) loop.acknowledgePassed?.();
  for (const entry of state.loops) standStill(entry);
  pausing.reached();
  await Promise.race([pausing.goOn, state.failed]);
  for (const entry of state.loops) goOn(state, entry);
}

/** What gives nothing because it is not asked has not become idle. */
function standStill(entry: LoopEntry): void {
  entry.cancelIdle();
  entry.idleAtMs = undefined;
  entry.loop.standStill?.(true);
}

function goOn(state: RunState, entry: LoopEntry): void {
  entry.loop.standStill?.(false);
  if (entry.waiting) entry.cancelIdle = whenIdle(state, entry);
}

function mustWait(state: RunState): boolean {
  return state.gates.isFull || state.deadLetter.isFull || isFiring(state);
}

/** How long a throttle has a source wait: its own, or one that has windows wait in the middle of giving what was due before its next record. */
function heldBackMs(state: RunState, { gate, index }: LoopEntry): number {
  const ownMs = gate.heldMs(state.clock);
  return state.time?.plan.sources.includes(index) ? Math.max(ownMs, firingHeldMs(state)) : ownMs;
}

function firingHeldMs(state: RunState): number {
  return isFiring(state) ? state.gates.windows.heldMs(state.clock) : 0;
}

function wakeAfter(state: RunState, entry: LoopEntry, ms: number): void {
  entry.cancelHeld();
  entry.cancelHeld = state.clock.after(ms, () => state.wake());
}

/** A window stopped in the middle of giving what was due. */
function isFiring({ time, timers }: RunState): boolean {
  return time?.pending === true || timers?.isOverdue === true;
}

function ended(state: RunState, entry: LoopEntry, live: Set<LoopEntry>): void {
  live.delete(entry);
  if (!state.stopping || !state.goesOnLater) state.time?.ended(entry.index);
}

function waitFor(state: RunState, entry: LoopEntry, more: Promise<boolean>, live: Set<LoopEntry>): void {
  entry.waiting = true;
  entry.cancelIdle = whenIdle(state, entry);
  more
    .then((goesOn) =>
      runMeanwhile(state, () => {
        entry.waiting = false;
        entry.cancelIdle();
        entry.idleAtMs = undefined;
        if (goesOn) state.time?.becameActive(entry.index);
        else ended(state, entry, live);
      }),
    )
    .catch((error) => state.fail(error));
}

/** A source that has given nothing for so long is not waited for. */
function whenIdle(state: RunState, entry: LoopEntry): () => void {
  const plan = state.config.nodes[entry.index];
  const idleMs = plan?.kind === "source" ? plan.watermark?.idleMs : undefined;
  const { time, clock } = state;
  // Where it has several partitions, each has a clock of its own.
  if (idleMs === undefined || time === undefined || time.channels[entry.index] !== undefined) return () => {};
  const leftMs = entry.idleLeftMs ?? idleMs;
  entry.idleLeftMs = undefined;
  entry.idleAtMs = clock.elapsedMs() + leftMs;
  return clock.after(leftMs, () =>
    runMeanwhile(state, () => {
      const { source } = entry.loop;
      if (source.kind === "records" && source.isUnanswered === true) entry.cancelIdle = whenIdle(state, entry);
      else time.becameIdle(entry.index);
    }),
  );
}

/** Every source waits for input or a throttle: what has been collected goes out, so that nobody waits for a block to fill. */
async function idle(state: RunState): Promise<void> {
  const woken = state.nextWake();
  let dueMs = 0;
  let awake = false;
  woken.then(() => {
    awake = true;
  });
  await nextTask();
  if (!awake) {
    for (const output of state.outputs.values()) output.push();
    state.deadLetter.push();
    // A sink that took it at once has told nobody.
    state.progress.check();
    // While a throttle lets one event after the other pass, checkpoints come at their time.
    const isHeld = state.loops.some((entry) => heldBackMs(state, entry) > 0);
    const { checkpoints } = state;
    const hasNews = checkpoints?.hasNews === true || (checkpoints !== undefined && hasToTell(state));
    if (!isHeld && hasNews && state.time?.pending !== true) {
      dueMs = checkpoints.waitMs;
      if (dueMs === 0) await checkpoints.take();
    }
  }
  const heldMs = firingHeldMs(state);
  const waitMs = heldMs > 0 && dueMs > 0 ? Math.min(heldMs, dueMs) : Math.max(heldMs, dueMs);
  const cancel = waitMs > 0 ? state.clock.after(waitMs, () => state.wake()) : () => {};
  await woken;
  cancel();
}

/** Room in the outputs, and what windows had begun to give, unless a throttle holds that back. */
async function whenReady(state: RunState): Promise<void> {
  const { gates, time, timers } = state;
  do {
    await state.deadLetter.whenOpen();
    while (gates.isFull && state.failure === undefined) {
      if (state.ports?.release()) await nextTask();
      else {
        const heldMs = firingHeldMs(state);
        const cancel = heldMs > 0 ? state.clock.after(heldMs, () => state.wake()) : () => {};
        await state.nextWake();
        cancel();
      }
    }
    if (state.failure !== undefined) return;
    if (gates.isFull || !isFiring(state)) continue;
    if (firingHeldMs(state) > 0 && !state.stopping) return;
    // After a stop a throttle does not hold back what windows give.
    gates.windows.letGo();
    if (time?.pending) time.resume();
    else timers?.fire();
  } while (mustWait(state));
}

const nextTask = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
