/**
 * Which source has the next turn. Where event time matters it follows from what has been read so far, so that the same input is read in the same
 * order again, however it is cut into batches: the source with the lowest watermark first, then the one with the fewest events, then in the order of
 * the plan. Sources that no window hangs on take turns.
 */
import type { EventTimeline } from "./event-time.ts";
import type { LoopEntry, RunState } from "./run-state.ts";

/** Of sources that no event time orders, so many events are read before another one has its turn, where the order must be the same after a crash. */
export const roundLength = 256;

export function nextTurns(state: RunState, live: ReadonlySet<LoopEntry>): Iterable<LoopEntry> {
  const { time } = state;
  const isTimed = (entry: LoopEntry) => time?.ordersSources === true && time.plan.followed.has(entry.index);
  const isHeld = ({ gate }: LoopEntry) => gate.heldMs(state.clock) > 0;
  const timed = time === undefined ? [] : byTime(time, [...live].filter(isTimed), isHeld);
  const turns = [...[...live].filter((entry) => !isTimed(entry)), ...timed];
  return state.goesOnLater ? inRounds(turns) : turns;
}

/** The one whose turn it is; none when there is nothing to read now. */
function byTime(
  time: EventTimeline,
  timed: readonly LoopEntry[],
  isHeld: (entry: LoopEntry) => boolean,
): readonly LoopEntry[] {
  // A live source that has nothing now, or is held back by a throttle, is not waited for; a file always is, as its next record is there.
  const [first, second] = timed
    .filter((entry) => timed.length === 1 || entry.isWaitedFor || !(entry.waiting || isHeld(entry)))
    .sort((left, right) => compareTurns(time, left, right));
  if (first === undefined) return [];
  const isEqual = second !== undefined && time.ownWatermark(first.index) === time.ownWatermark(second.index);
  // In what order the records of several logs come is nobody's promise, and their watermarks are equal often: a turn is a whole one.
  const isLog = first.loop.source.kind === "records";
  // At equal watermarks each event decides anew, also one that is bad and moves no watermark.
  first.loop.onlyOne = isEqual && !isLog;
  time.turnLimits[first.index] =
    second === undefined || (isEqual && isLog) ? Number.POSITIVE_INFINITY : time.ownWatermark(second.index);
  return [first];
}

/** Files one at a time: the one that has been through fewer rounds first. All others as they come. */
function inRounds(turns: readonly LoopEntry[]): readonly LoopEntry[] {
  const files = turns.filter((entry) => entry.isWaitedFor);
  if (files.length < 2) return turns;
  const [first] = files.sort((left, right) => rounds(left) - rounds(right) || left.index - right.index);
  return turns.filter((entry) => !entry.isWaitedFor || entry === first);
}

const rounds = ({ loop }: LoopEntry): number => Math.floor(loop.events / roundLength);

function compareTurns(time: EventTimeline, left: LoopEntry, right: LoopEntry): number {
  const [a, b] = [time.ownWatermark(left.index), time.ownWatermark(right.index)];
  if (a !== b) return a < b ? -1 : 1;
  return left.loop.events - right.loop.events || left.index - right.index;
}
