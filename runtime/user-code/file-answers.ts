/** What an answer file means. Its lines are those of the other transports; a file without an end line is done. */
import { mostResults } from "./answer-limits.ts";
import type { EndFrame } from "./answer-text.ts";
import type { Answers } from "./framing.ts";
import { LineReader } from "./lines.ts";
import type { AnsweredEvent, Outcome, Unit } from "./user-code.ts";

export interface FileAnswer {
  readonly outcome: Outcome;
  /** A line is longer than is allowed. */
  readonly isTooMuch: boolean;
  /** There is more behind the line that ends the answer. */
  readonly goesOn: boolean;
}

const pieceBytes = 1 << 20;
const garbageCharacters = 200;

export function answerOf(unit: Unit, bytes: Buffer): FileAnswer {
  const lines = new FileLines(unit);
  const reader = new LineReader(lines);
  for (let from = 0; from < bytes.length && !lines.isOver; from += pieceBytes)
    reader.push(bytes.subarray(from, from + pieceBytes));
  // The last line may lack its end.
  if (!lines.isOver) reader.push(Buffer.from("\n"));
  return lines.answer();
}

class FileLines implements Answers {
  private readonly unit: Unit;
  private readonly results: AnsweredEvent[] = [];
  private ended: Outcome | undefined;
  private wrong: string | undefined;
  private isTooMuch = false;
  private goesOn = false;

  constructor(unit: Unit) {
    this.unit = unit;
  }

  get isOver(): boolean {
    return this.wrong !== undefined;
  }

  answer(): FileAnswer {
    const { wrong, isTooMuch, goesOn } = this;
    if (wrong !== undefined) return { outcome: { kind: "failed", reason: `the program ${wrong}` }, isTooMuch, goesOn };
    return { outcome: this.ended ?? { kind: "done", results: this.results }, isTooMuch, goesOn };
  }

  result(event: AnsweredEvent): void {
    if (this.isBehindTheEnd()) return;
    if (this.results.push(event) > mostResults) this.tooLong();
  }

  end(frame: EndFrame): void {
    if (this.isBehindTheEnd() || !this.isOurs(frame.type, frame.id)) return;
    if (frame.type === "Ack") this.ended = { kind: "done", results: this.results };
    else this.ended = { kind: frame.type === "Reject" ? "rejected" : "failed", reason: frame.reason };
  }

  chunkStart(id: string | undefined): void {
    if (this.unit.chunk === undefined) this.garbage("a ChunkStart, where there is no chunk");
    else if (!this.isBehindTheEnd()) this.isOurs("ChunkStart", id);
  }

  chunkEnd(id: string | undefined): void {
    if (this.unit.chunk === undefined) this.garbage("a ChunkEnd, where there is no chunk");
    else this.end({ type: "Ack", id });
  }

  garbage(text: string): void {
    if (!this.isBehindTheEnd()) this.wrong ??= `answered what is no event: ${text.slice(0, garbageCharacters)}`;
  }

  tooLong(): void {
    this.isTooMuch = true;
    this.wrong = "answered too much";
  }

  inheritedDataType(): string {
    return "application/json";
  }

  private isBehindTheEnd(): boolean {
    if (this.ended === undefined) return false;
    this.goesOn = true;
    return true;
  }

  private isOurs(type: string, id: string | undefined): boolean {
    if (id === undefined || id === this.unit.id) return true;
    this.wrong ??= `answered with ${type} of '${id.slice(0, garbageCharacters)}', where '${this.unit.id}' is to be answered`;
    return false;
  }
}
