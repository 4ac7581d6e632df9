/**
 * Which input may be acknowledged. A batch is done once everything that came of it has been taken by every sink: outputs take in order, so it is
 * enough to remember how much each had been given when the batch was through.
 */
export interface Taking {
  readonly putRecords: number;
  readonly takenRecords: number;
}

interface Waiting {
  readonly marks: readonly number[];
  readonly acknowledge: () => void;
}

export class Progress {
  private readonly outputs: readonly Taking[];
  private readonly waiting: Waiting[] = [];

  constructor(outputs: readonly Taking[]) {
    this.outputs = outputs;
  }

  /** A batch has been through the stage. Batches are acknowledged in the order in which they were through. */
  through(acknowledge: () => void): void {
    if (this.waiting.length === 0 && this.outputs.every((output) => output.takenRecords === output.putRecords)) {
      acknowledge();
      return;
    }
    this.waiting.push({ marks: this.outputs.map((output) => output.putRecords), acknowledge });
  }

  /** An output took something. */
  check(): void {
    for (let first = this.waiting[0]; first !== undefined; first = this.waiting[0]) {
      const { marks } = first;
      if (!this.outputs.every((output, index) => output.takenRecords >= marks[index]!)) return;
      this.waiting.shift();
      first.acknowledge();
    }
  }

  get isComplete(): boolean {
    return this.waiting.length === 0;
  }
}
