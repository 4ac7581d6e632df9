/** The loop of a run: gives the sources turns, waits for input and for room, and lets windows give what they hold at the end. */
import { sleep } from "./clock.ts";
import type { LoopEntry, RunState } from "./run-state.ts";
import type { Stage } from "./stage-services.ts";

/** The event loop gets a turn at least this often, for signals and for sinks that wait. */
const longestTurnMs = 10;

/** Gives the sources turns, one after the other, until all have ended. */
export async function pump(state: RunState): Promise<void> {
  const { gate, deadLetter } = state;
  const live = new Set(state.loops);
  let turnStart = performance.now();
  while (live.size > 0) {
    let worked = false;
    for (const entry of live) {
      if (entry.waiting) continue;
      worked = true;
      if (gate.paused || deadLetter.isFull) await whenReady(state);
      state.throwIfFailed();
      if (state.stopping && gate.waitUntilMs > 0) {
        // A throttle would have it wait: what is left was not acknowledged, so its sender still has it.
        entry.loop.leaveRest();
        live.delete(entry);
        continue;
      }
      const more = entry.loop.turn();
      if (more === false) live.delete(entry);
      else if (more !== true) waitFor(state, entry, more, live);
    }
    state.throwIfFailed();
    if (!worked) await idle(state);
    if (!worked || performance.now() - turnStart > longestTurnMs) {
      await nextTask();
      turnStart = performance.now();
    }
  }
}

function waitFor(state: RunState, entry: LoopEntry, more: Promise<boolean>, live: Set<LoopEntry>): void {
  entry.waiting = true;
  more
    .then((goesOn) => {
      entry.waiting = false;
      if (!goesOn) live.delete(entry);
    })
    .catch((error) => state.fail(error))
    .finally(() => state.wake());
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
  }
  await woken;
}

/** Room in the outputs, and the time that a throttle asks for. */
async function whenReady(state: RunState): Promise<void> {
  const { gate, clock } = state;
  await state.deadLetter.whenOpen();
  while (gate.isFull && state.failure === undefined) await state.nextWake();
  const waitMs = gate.waitUntilMs - clock.nowMs();
  if (waitMs > 0 && !state.stopping) {
    for (const output of state.outputs.values()) output.push();
    // A timer left behind would keep the process alive after its end.
    const over = new AbortController();
    await Promise.race([sleep(clock, waitMs, over.signal), state.nextWake()]);
    over.abort();
    if (gate.waitUntilMs > clock.nowMs() && !state.stopping && state.failure === undefined) return whenReady(state);
  }
  if (gate.waitUntilMs <= clock.nowMs()) gate.waited();
}

export async function closeWindows(state: RunState, stage: Stage): Promise<void> {
  const { current } = state;
  for (const window of stage.windows) {
    current.node = window.node;
    current.nodeName = window.name;
    current.part = window.name;
    current.offset = 0;
    current.message = undefined;
    current.attributes = undefined;
    current.element = undefined;
    current.bytes = undefined;
    current.timeMs = state.clock.nowMs();
    while (window.close(500)) {
      if (state.gate.paused) await whenReady(state);
      state.throwIfFailed();
    }
  }
}

const nextTask = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
