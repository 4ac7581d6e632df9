/**
 * Which input may be acknowledged. A batch is done once everything that came of it has been taken: first by what holds events back inside the stage (user code, chunks), one after
 * the other in the order of the nodes, then by every sink. All of them take in order, so it is enough to remember how much each had been given when the batch had
 * passed the one before it.
 */
export interface Taking {
  readonly putRecords: number;
  /** The first so many of what was put in have been taken. */
  readonly takenRecords: number;
}

interface Waiting {
  marks: readonly number[];
  readonly acknowledge: () => void;
}

export class Progress {
  /** In the order of the nodes: what a sink refuses is for those behind it, and for the dead letter in the end. */
  private readonly stages: (readonly Taking[])[] = [];
  private readonly nodes: number[] = [];
  /** By stage: batches that wait there, in order. */
  private readonly waiting: Waiting[][] = [];

  /** Something that holds events back. To be called before the first batch. @param node its number; of the dead letter +∞ */
  heldBy(node: number, taking: Taking): void {
    const after = this.nodes.findIndex((other) => other > node);
    const at = after < 0 ? this.nodes.length : after;
    this.nodes.splice(at, 0, node);
    this.stages.splice(at, 0, [taking]);
    this.waiting.push([]);
  }

  /** A batch has been through the stage. Batches are acknowledged in the order in which they were through. */
  through(acknowledge: () => void): void {
    if (this.isComplete && this.stages.every((takings) => takings.every(hasAll))) {
      acknowledge();
      return;
    }
    this.enter(0, { marks: [], acknowledge });
  }

  /** Something was taken. */
  check(): void {
    for (const [stage, waiting] of this.waiting.entries()) {
      const takings = this.stages[stage]!;
      for (let first = waiting[0]; first !== undefined && isThrough(takings, first); first = waiting[0]) {
        waiting.shift();
        this.enter(stage + 1, first);
      }
    }
  }

  private enter(stage: number, one: Waiting): void {
    const takings = this.stages[stage];
    if (takings === undefined) {
      one.acknowledge();
      return;
    }
    one.marks = takings.map((taking) => taking.putRecords);
    if (this.waiting[stage]!.length === 0 && isThrough(takings, one)) this.enter(stage + 1, one);
    else this.waiting[stage]!.push(one);
  }

  get isComplete(): boolean {
    return this.waiting.every((waiting) => waiting.length === 0);
  }
}

const hasAll = (taking: Taking): boolean => taking.takenRecords === taking.putRecords;

const isThrough = (takings: readonly Taking[], { marks }: Waiting): boolean =>
  takings.every((taking, index) => taking.takenRecords >= marks[index]!);
