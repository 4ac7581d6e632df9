/** Keeps bad events that no `errors` reader takes. Opened with the first one, so that a clean run leaves nothing behind. */
import { deadLetterBytes, deadLetterHeaders, encodeDeadLetter } from "../codec/dead-letter.ts";
import type { BadEvent } from "./bad-event.ts";
import type { Clock } from "./clock.ts";
import type { Current } from "./current.ts";
import type { Output } from "./output.ts";
import { encodeHeaders, type HeaderEntry } from "./record-headers.ts";
import { bytesOfKey, headersOf, isNullValue } from "./record-view.ts";
import { messageOf, RuntimeError } from "./runtime-error.ts";

/** What the record of a log had beside its value. */
interface Origin {
  readonly key: Uint8Array | null;
  readonly headers: readonly HeaderEntry[];
  readonly isNull: boolean;
  readonly timeMs: number;
}

export class DeadLetter {
  count = 0;
  private readonly open: (() => Promise<Output>) | undefined;
  private output: Output | undefined;
  private opening: Promise<void> | undefined;
  /** Put in before the sink was open. */
  private waiting: { readonly bad: BadEvent; readonly origin: Origin | undefined }[] = [];
  private readonly failed: (error: unknown) => void;
  private readonly clock: Clock;

  /** @param open undefined: there is no dead letter, so the first bad event ends the run */
  constructor(open: (() => Promise<Output>) | undefined, clock: Clock, failed: (error: unknown) => void) {
    this.open = open;
    this.clock = clock;
    this.failed = failed;
  }

  /**
   * @param current where the bad event comes from what is being worked on: a log keeps its key and headers
   * @throws RuntimeError "dead-letter-unavailable" when there is none
   */
  put(bad: BadEvent, current?: Current): void {
    if (this.open === undefined) {
      throw new RuntimeError(
        "dead-letter-unavailable",
        `Bad event at ${bad.position}: ${bad.reason} ('${bad.node}', ${bad.at}). Nothing reads '${bad.node}.errors' and there is no dead letter to keep it in.`,
      );
    }
    this.count++;
    const origin = current?.records === undefined ? undefined : originOf(current);
    if (this.output !== undefined) this.write(this.output, bad, origin);
    else {
      this.waiting.push({ bad, origin });
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

  get opened(): Output | undefined {
    return this.output;
  }

  /** So many wait for the sink to be opened that the sources must. */
  get isFull(): boolean {
    return this.waiting.length > 1_000;
  }

  async whenOpen(): Promise<void> {
    await this.opening;
  }

  private async begin(open: () => Promise<Output>): Promise<void> {
    try {
      const output = await open();
      this.output = output;
      for (const { bad, origin } of this.waiting) this.write(output, bad, origin);
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

  private write(output: Output, bad: BadEvent, origin: Origin | undefined): void {
    if (output.kind !== "records") {
      const isNull = origin?.isNull === true && bad.kept === undefined;
      output.text(encodeDeadLetter(isNull ? { ...bad, text: null } : bad));
      return;
    }
    const headers = encodeHeaders([
      ...(origin?.headers ?? []),
      ...deadLetterHeaders({ ...bad, time: new Date(this.clock.nowMs()).toISOString() }),
    ]);
    const value = origin?.isNull === true ? null : deadLetterBytes(bad);
    output.put(value, origin?.key ?? null, origin?.timeMs, headers);
  }
}

/** A copy: the block goes on to be used. */
function originOf({ records, record, timeMs }: Current): Origin | undefined {
  if (records === undefined) return undefined;
  const key = bytesOfKey(records, record);
  return {
    key: key && Uint8Array.from(key),
    headers: [...headersOf(records, record)].map(([name, value]) => [name, value && Uint8Array.from(value)]),
    isNull: isNullValue(records, record),
    timeMs,
  };
}
