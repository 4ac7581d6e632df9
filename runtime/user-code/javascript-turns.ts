/** The units that the runner of `code javascript` has been given, in order: it answers one after the other. */
import type { AnsweredEvent, Unit } from "./user-code.ts";

/** So much is written before it is answered, though at least one unit. */
const mostWritten = 8 * 2 ** 20;

interface Turn {
  readonly unit: Unit;
  readonly results: AnsweredEvent[];
  /** 0 until it is written. */
  length: number;
  answerLength: number;
}

export class Turns {
  private turns: Turn[] = [];
  /** How many are written, and of what length they are. */
  private count = 0;
  private length = 0;

  add(unit: Unit): void {
    this.turns.push({ unit, results: [], length: 0, answerLength: 0 });
  }

  /** Lines of units, from now on written; "" where there is nothing, or enough is under way. */
  toWrite(): string {
    let text = "";
    while (this.count < this.turns.length && (this.count === 0 || this.length < mostWritten)) {
      const turn = this.turns[this.count++]!;
      const own = unitText(turn.unit);
      turn.length = own.length;
      this.length += own.length;
      text += own;
    }
    return text;
  }

  /** Written and not answered: the one whose turn it is. */
  get present(): Turn | undefined {
    return this.count === 0 ? undefined : this.turns[0];
  }

  /** The present one is answered. */
  end(): void {
    const turn = this.turns.shift();
    this.count--;
    this.length -= turn?.length ?? 0;
  }

  /** Whoever they were written to is gone: takes them out. Those that are not written wait on. */
  takeWritten(): readonly Unit[] {
    const units = this.turns.splice(0, this.count).map(({ unit }) => unit);
    this.count = 0;
    this.length = 0;
    return units;
  }
}

/** The lines of a unit; the frames of a chunk need no key and no window here. */
function unitText({ id, chunk, events }: Unit): string {
  if (chunk === undefined) return `${events[0]!.json}\n`;
  const frame = JSON.stringify(id);
  let text = `{"type":"ChunkStart","id":${frame}}\n`;
  for (const event of events) text += `{"type":"Data","event":${event.json}}\n`;
  return `${text}{"type":"ChunkEnd","id":${frame}}\n`;
}
