/** The loop of a run: gives the sources turns, waits for input and for room, and has windows go on where they had to stop. */
import { sleep } from "./clock.ts";
import type { LoopEntry, RunState } from "./run-state.ts";
import { nextTurns } from "./turn-order.ts";

/** The event loop gets a turn at least this often, for signals and for sinks that wait. */
const longestTurnMs = 10;

/** Gives the sources turns until all have ended. */
export async function pump(state: RunState): Promise<void> {
  const live = new Set(state.loops);
  let turnStart = performance.now();
  while (live.size > 0) {
    let worked = false;
    state.timers?.arm();
    for (const entry of nextTurns(state, live)) {
      if (entry.waiting) continue;
      worked = true;
      if (mustWait(state)) await whenReady(state);
      state.throwIfFailed();
      if (state.stopping && state.gate.waitUntilMs > 0) {
        // A throttle would have it wait: what is left was not acknowledged, so its sender still has it.
        entry.loop.leaveRest();
        ended(state, entry, live);
        continue;
      }
      if (state.checkpoints?.isBusy) await state.checkpoints.free();
      state.gate.beginTurn();
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
  if (isFiring(state)) await whenReady(state);
  state.throwIfFailed();
}

function mustWait(state: RunState): boolean {
  return state.gate.mustWait || state.deadLetter.isFull || isFiring(state);
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
      meanwhile(state, () => {
        entry.waiting = false;
        entry.cancelIdle();
        if (goesOn) state.time?.becameActive(entry.index);
        else ended(state, entry, live);
      }),
    )
    .catch((error) => state.fail(error));
}

/** Something happens to the run from outside its turns; not while a checkpoint is taken. */
function meanwhile(state: RunState, action: () => void): void {
  const guarded = () => {
    try {
      action();
    } catch (error) {
      state.fail(error);
    }
    state.wake();
  };
  if (state.checkpoints === undefined) guarded();
  else state.checkpoints.whenFree(guarded);
}

/** A source that has given nothing for so long is not waited for. */
function whenIdle(state: RunState, { index }: LoopEntry): () => void {
  const plan = state.config.nodes[index];
  const idleMs = plan?.kind === "source" ? plan.watermark?.idleMs : undefined;
  const { time } = state;
  if (idleMs === undefined || time === undefined) return () => {};
  return state.clock.after(idleMs, () => meanwhile(state, () => time.becameIdle(index)));
}

/** Every source waits for input: what has been collected goes out, so that nobody waits for a block to fill. */
async function idle(state: RunState): Promise<void> {
  const woken = state.nextWake();
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
    if (state.checkpoints?.hasNews && state.time?.pending !== true) await state.checkpoints.take();
  }
  await woken;
}

/** Room in the outputs, the time that a throttle asks for, and what windows had begun to give. */
async function whenReady(state: RunState): Promise<void> {
  const { gate, time, timers } = state;
  do {
    await state.deadLetter.whenOpen();
    while (gate.isFull && state.failure === undefined) await state.nextWake();
    await throttled(state);
    if (state.failure !== undefined) return;
    if (gate.isFull || !isFiring(state)) continue;
    // After a stop a throttle does not hold back what windows give.
    gate.waited();
    if (time?.pending) time.resume();
    else timers?.fire();
    // After a stop nobody waits for a throttle: what it holds back is left to the sender.
  } while (isFiring(state) || gate.isFull || state.deadLetter.isFull || (gate.mustWait && !state.stopping));
}

async function throttled(state: RunState): Promise<void> {
  const { gate, clock } = state;
  for (;;) {
    const waitMs = gate.waitUntilMs - clock.nowMs();
    if (waitMs <= 0) {
      gate.waited();
      return;
    }
    if (state.stopping || state.failure !== undefined) return;
    for (const output of state.outputs.values()) output.push();
    // A timer left behind would keep the process alive after its end.
    const over = new AbortController();
    await Promise.race([sleep(clock, waitMs, over.signal), state.nextWake()]);
    over.abort();
  }
}

const nextTask = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
