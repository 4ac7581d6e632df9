/** Holds what came out against what went in, record by record, offline. Knows neither Kafka nor how the output was made. */

/** One record that went in, in the order of its partition. */
export interface Stamped {
  readonly id: string;
  readonly key: string;
}

/** One record that came out, as a reader of committed records sees it, by partition and offset. */
export interface Arrived extends Stamped {
  readonly partition: number;
}

export interface Verdict {
  /** Went in and never came out. */
  readonly lost: readonly string[];
  /** Came out more often than it went in: one entry for each time too many. */
  readonly duplicated: readonly string[];
  /** First came out behind a later one of its key, or in another partition than its key did before. */
  readonly reordered: readonly string[];
  /** Came out although it stands only in transactions that were aborted. */
  readonly aborted: readonly string[];
  /** Came out and never went in. */
  readonly invented: readonly string[];
  /** How often one partition of the output began again before where it was, the most of all partitions. */
  readonly replays: number;
  /** The most records that came again, one after the other. */
  readonly longestReplay: number;
}

/**
 * @param went of each partition in order, the partitions in any
 * @param aborted ids that were written in transactions which were aborted, and nowhere else
 */
export function check(went: readonly Stamped[], came: readonly Arrived[], aborted: ReadonlySet<string>): Verdict {
  const expected = new Map<string, { readonly rank: number; left: number }>();
  for (const [rank, { id }] of went.entries()) {
    const known = expected.get(id);
    if (known === undefined) expected.set(id, { rank, left: 1 });
    else known.left++;
  }
  const seen = new Set<string>();
  const last = new Map<string, { rank: number; readonly partition: number }>();
  const replays = new Replays();
  const wrong = {
    duplicated: [] as string[],
    reordered: [] as string[],
    aborted: [] as string[],
    invented: [] as string[],
  };
  for (const { id, key, partition } of came) {
    const of = expected.get(id);
    if (of === undefined) {
      (aborted.has(id) ? wrong.aborted : wrong.invented).push(id);
      continue;
    }
    const again = of.left === 0;
    if (again) wrong.duplicated.push(id);
    else of.left--;
    replays.note(partition, of.rank, again);
    const before = last.get(key);
    if (before === undefined) last.set(key, { rank: of.rank, partition });
    else if (before.partition !== partition || (!seen.has(id) && of.rank < before.rank)) wrong.reordered.push(id);
    else before.rank = Math.max(before.rank, of.rank);
    seen.add(id);
  }
  return {
    ...wrong,
    lost: [...expected].flatMap(([id, { left }]) => (left === 0 ? [] : [id])),
    replays: replays.most,
    longestReplay: replays.longest,
  };
}

/** Runs of duplicates in each partition of the output; a run ends where something new comes, or where it goes back once more. */
class Replays {
  most = 0;
  longest = 0;
  private readonly runs = new Map<number, { count: number; length: number; rank: number }>();

  note(partition: number, rank: number, again: boolean): void {
    let run = this.runs.get(partition);
    if (run === undefined) {
      run = { count: 0, length: 0, rank: -1 };
      this.runs.set(partition, run);
    }
    if (again && (run.length === 0 || rank <= run.rank)) {
      run.count++;
      run.length = 0;
    }
    run.length = again ? run.length + 1 : 0;
    run.rank = rank;
    this.most = Math.max(this.most, run.count);
    this.longest = Math.max(this.longest, run.length);
  }
}

/** A result of a window: of a key, from a time on. */
export interface Pane {
  readonly key: string;
  readonly startMs: number;
  readonly count: number;
}

export interface PanesVerdict {
  /** Windows of which nothing came. */
  readonly lost: readonly string[];
  /** Came again with the same count. */
  readonly duplicated: readonly string[];
  /** Came with another count than it should have: `key@start: 3 instead of 4`. */
  readonly miscounted: readonly string[];
  /** Windows that nothing fell into. */
  readonly invented: readonly string[];
}

/** @param expected every window with its right count, once */
export function checkPanes(expected: readonly Pane[], came: readonly Pane[]): PanesVerdict {
  const right = new Map(expected.map((pane) => [nameOf(pane), pane.count]));
  const seen = new Set<string>();
  const duplicated: string[] = [];
  const miscounted: string[] = [];
  const invented: string[] = [];
  for (const pane of came) {
    const name = nameOf(pane);
    const count = right.get(name);
    if (count === undefined) invented.push(name);
    else if (count !== pane.count) miscounted.push(`${name}: ${pane.count} instead of ${count}`);
    else if (seen.has(name)) duplicated.push(name);
    seen.add(name);
  }
  return { lost: [...right.keys()].filter((name) => !seen.has(name)), duplicated, miscounted, invented };
}

const nameOf = ({ key, startMs }: Pane): string => `${key}@${startMs}`;
