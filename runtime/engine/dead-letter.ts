/** Keeps bad events that no `errors` reader takes. Opened with the first one, so that a clean run leaves nothing behind. */
import { encodeDeadLetter } from "../codec/dead-letter.ts";
import type { BadEvent } from "./bad-event.ts";
import type { ByteOutput } from "./byte-output.ts";
import type { MessageOutput } from "./message-output.ts";
import { messageOf, RuntimeError } from "./runtime-error.ts";

export class DeadLetter {
  count = 0;
  private readonly open: (() => Promise<ByteOutput | MessageOutput>) | undefined;
  private output: ByteOutput | MessageOutput | undefined;
  private opening: Promise<void> | undefined;
  /** Put in before the sink was open. */
  private waiting: string[] = [];
  private readonly failed: (error: unknown) => void;

  /** @param open undefined: there is no dead letter, so the first bad event ends the run */
  constructor(open: (() => Promise<ByteOutput | MessageOutput>) | undefined, failed: (error: unknown) => void) {
    this.open = open;
    this.failed = failed;
  }

  /** @throws RuntimeError "dead-letter-unavailable" when there is none */
  put(bad: BadEvent): void {
    if (this.open === undefined) {
      throw new RuntimeError(
        "dead-letter-unavailable",
        `Bad event at ${bad.position}: ${bad.reason} ('${bad.node}', ${bad.at}). Nothing reads '${bad.node}.errors' and there is no dead letter to keep it in.`,
      );
    }
    this.count++;
    const line = encodeDeadLetter(bad);
    if (this.output !== undefined) this.output.text(line);
    else {
      this.waiting.push(line);
      this.opening ??= this.begin(this.open);
    }
  }

  /** In a run that goes on, which had one already. */
  async reopen(): Promise<void> {
    if (this.open === undefined) return;
    this.opening ??= this.begin(this.open);
    await this.opening;
    this.count = this.takenRecords;
  }

  get putRecords(): number {
    return this.count;
  }

  get takenRecords(): number {
    return this.output === undefined ? 0 : this.output.takenRecords;
  }

  push(): void {
    this.output?.push();
  }

  /** Resolves when everything is with the sink. Rejects when it could not be opened. */
  async drain(): Promise<void> {
    await this.opening;
    await this.output?.drain();
  }

  get opened(): ByteOutput | MessageOutput | undefined {
    return this.output;
  }

  /** So many wait for the sink to be opened that the sources must. */
  get isFull(): boolean {
    return this.waiting.length > 1_000;
  }

  async whenOpen(): Promise<void> {
    await this.opening;
  }

  private async begin(open: () => Promise<ByteOutput | MessageOutput>): Promise<void> {
    try {
      const output = await open();
      this.output = output;
      for (const line of this.waiting) output.text(line);
      this.waiting = [];
    } catch (error) {
      this.failed(
        new RuntimeError(
          "dead-letter-unavailable",
          `The dead letter cannot be opened, so bad events cannot be kept: ${messageOf(error)}`,
          { cause: error },
        ),
      );
    }
  }
}
