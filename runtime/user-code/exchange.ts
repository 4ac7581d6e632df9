/**
 * Units under way to a program that answers in the order it was asked, over two streams of bytes: standard input and output, named pipes, a socket. Sends as many
 * units at once as the program can tell apart by id, settles each with what was answered, and knows what to do when the answer makes no sense or never comes.
 */
import type { EndFrame } from "./answer-text.ts";
import type { Channel, Transport } from "./channel.ts";
import { Deadline } from "./deadline.ts";
import type { Framing } from "./framing.ts";
import { durationText, graceMsOf, timeoutMsOf } from "./plan-options.ts";
import type { Program } from "./program.ts";
import { type AnswerTaker, Session } from "./session.ts";
import { Supervisor } from "./supervisor.ts";
import type { AnsweredEvent, Outcome, Unit, UserCode, UserCodePlan, UserCodeServices } from "./user-code.ts";
import { within } from "./within.ts";

/** Units under way at once, for a program that gives ids. */
const widthWithIds = 64;
const mostBytesUnderWay = 8 * 1024 * 1024;
/** What is written at once, about; also what waits in our memory for a program that does not read. */
const pieceBytes = 512 * 1024;
const mostAnswerBytes = 64 * 1024 * 1024;
/** After garbage the end of the answer must come within this, or the program is ended so that both sides know again where they are. */
const garbagePatienceMs = 1_000;
/** After the end of its input, or of its output, until a program is told more plainly. */
const lingerMs = 1_000;

interface UnderWay {
  readonly unit: Unit;
  /** Events written, and their bytes. */
  written: number;
  writtenBytes: number;
  readonly results: AnsweredEvent[];
  answerBytes: number;
  answeredChunkStart: boolean;
  garbage: string | undefined;
  /** Answered before all of it was written. */
  outcome: Outcome | undefined;
}

/** Opens a program with the way to it. @throws RuntimeError "user-code-unavailable" */
export async function openExchange(
  plan: UserCodePlan,
  services: UserCodeServices,
  framing: Framing,
  transport: Transport,
): Promise<UserCode> {
  const exchange = new Exchange(plan, services, framing, transport);
  await exchange.open();
  return exchange;
}

class Exchange implements UserCode, AnswerTaker {
  width = 1;
  readonly isOrdered = true;
  private readonly services: UserCodeServices;
  private readonly framing: Framing;
  private readonly supervisor: Supervisor;
  private readonly timeoutMs: number;
  private readonly waiting: Unit[] = [];
  private underWay: UnderWay[] = [];
  private bytesUnderWay = 0;
  /** So many units are sent one at a time: one of them made the program end. */
  private careful = 0;
  /** The unit that waits first, and its size: it is looked at again and again. */
  private measured: Unit | undefined;
  private measuredBytes = 0;
  private session: Session | undefined;
  private channel: Channel | undefined;
  private willFlush = false;
  private isReading = false;
  private isClosed = false;
  /** Of the unit that was sent first and has no answer. */
  private readonly deadline: Deadline;

  constructor(plan: UserCodePlan, services: UserCodeServices, framing: Framing, transport: Transport) {
    this.services = services;
    this.framing = framing;
    this.timeoutMs = timeoutMsOf(plan);
    this.deadline = new Deadline(this.timeoutMs, services.clock, () => this.isLate());
    const farewellMs = Math.min(lingerMs, graceMsOf(plan) / 2);
    this.supervisor = new Supervisor(plan, services, {
      channel: transport.channel,
      ...(transport.command && { command: transport.command }),
      ...(transport.isReadyAtOnce && { isReadyAtOnce: true }),
      begin: (watchdog) => transport.begin?.(watchdog) ?? {},
      ready: async (program, signal) => {
        this.channel = await transport.connect(program, signal);
      },
      up: (program) => this.begin(program),
      drained: () => this.drained(),
      down: (reason) => this.programGone(reason),
      end: async () => {
        this.channel?.input.destroy();
        this.channel?.output.destroy();
        this.channel = undefined;
        await transport.end?.();
      },
      farewell: async (program) => {
        if (this.channel === undefined) return;
        this.channel.input.end();
        await within(farewellMs, program.ended, services.clock);
      },
    });
  }

  open(): Promise<void> {
    return this.supervisor.start();
  }

  send(unit: Unit): void {
    this.waiting.push(unit);
    // All that is sent in one turn goes out in one write.
    if (this.willFlush || this.isReading) return;
    this.willFlush = true;
    queueMicrotask(() => {
      this.willFlush = false;
      this.flush();
    });
  }

  async close(): Promise<void> {
    this.isClosed = true;
    await this.supervisor.stop();
    this.deadline.close();
  }

  async abort(): Promise<void> {
    this.isClosed = true;
    this.over();
    await this.supervisor.abort();
    this.deadline.close();
  }

  // The program

  private begin(program: Program): void {
    const channel = this.channel!;
    const session = new Session(this, channel, this.framing);
    this.session = session;
    channel.output.on("data", (block: Buffer) => this.read(session, block));
    // Before the end of a program its output ends. One that lives on cannot answer any more.
    const cancel = this.whenClosed(channel, () => {
      if (this.session === session) this.supervisor.restart("closed its output");
    });
    void program.ended.then(cancel);
    channel.input.on("drain", () => this.flush());
    channel.input.on("error", () => {});
    channel.output.on("error", () => {});
    this.flush();
  }

  /** Calls `then` a while after the output's end. @returns what takes it back */
  private whenClosed({ output }: Channel, then: () => void): () => void {
    let cancel = () => {};
    let isOff = false;
    const closed = () => {
      cancel();
      if (!isOff) cancel = this.services.clock.after(lingerMs, then);
    };
    output.once("end", closed);
    output.once("close", closed);
    return () => {
      isOff = true;
      cancel();
    };
  }

  /** All that it wrote has been read, where that can be known in reasonable time. */
  private async drained(): Promise<void> {
    const channel = this.channel;
    if (channel === undefined) return;
    channel.hangUp?.();
    if (channel.output.closed || channel.output.readableEnded) return;
    const ended = new Promise<void>((resolve) => {
      channel.output.once("end", resolve);
      channel.output.once("close", resolve);
    });
    await within(lingerMs, ended, this.services.clock);
  }

  private programGone(reason: string): void {
    const left = this.over();
    if (this.isClosed) return;
    const [only, another] = left;
    if (only === undefined) return;
    if (this.supervisor.mayBeItsStart) {
      this.interrupt([...left.map(({ unit }) => unit), ...this.waiting.splice(0)]);
      return;
    }
    if (another === undefined) {
      const said = only.garbage === undefined ? "" : `; before, it ${only.garbage}`;
      this.answer(only.unit, { kind: "failed", reason: `the program ${reason}${said}` });
      return;
    }
    this.careful = left.length;
    this.interrupt([...left.map(({ unit }) => unit), ...this.waiting.splice(0)]);
  }

  /** In their order: they are sent again before this returns. */
  private interrupt(units: readonly Unit[]): void {
    for (const unit of units) this.services.answered(unit, { kind: "interrupted" });
  }

  /** The program is not listened to any more. @returns what was under way */
  private over(): readonly UnderWay[] {
    if (this.session !== undefined) this.session.isOver = true;
    this.session = undefined;
    const left = this.underWay;
    this.underWay = [];
    this.bytesUnderWay = 0;
    this.deadline.stop();
    return left;
  }

  /** The oldest unit's fault: it fails with this, the program is ended, and what else was under way is sent again. */
  private failOldest(reason: string): void {
    const [oldest, ...rest] = this.over();
    this.supervisor.restart(reason);
    if (oldest === undefined) return;
    const behind = rest.map(({ unit }) => unit);
    this.answer(oldest.unit, { kind: "failed", reason: `the program ${reason}` }, behind);
  }

  // Out

  private flush(): void {
    const { session } = this;
    if (session === undefined || session.channel.input.writableNeedDrain) return;
    let pieces: Uint8Array[] = [];
    let bytes = 0;
    for (let current = this.toWrite(); current !== undefined; current = this.toWrite()) {
      const { events } = current.unit;
      const encoded = this.framing.encode(current.unit, current.written, pieceBytes);
      pieces.push(encoded.bytes);
      bytes += encoded.bytes.length;
      current.written = encoded.next;
      current.writtenBytes += encoded.bytes.length;
      this.bytesUnderWay += encoded.bytes.length;
      if (bytes >= pieceBytes) {
        const hasRoom = session.write(pieces);
        pieces = [];
        bytes = 0;
        if (!hasRoom) break;
      }
      if (current.written === events.length && current.outcome !== undefined) break;
    }
    if (bytes > 0) session.write(pieces);
    const oldest = this.underWay[0];
    if (oldest?.outcome !== undefined && oldest.written === oldest.unit.events.length) {
      this.settleOldest(oldest.outcome);
      this.flush();
    }
  }

  /** The unit whose next bytes are to be written, if any may be. */
  private toWrite(): UnderWay | undefined {
    const last = this.underWay.at(-1);
    if (last !== undefined && last.written < last.unit.events.length) return last;
    const unit = this.waiting[0];
    if (unit === undefined || !this.hasRoomFor(unit)) return undefined;
    this.waiting.shift();
    const next: UnderWay = {
      unit,
      written: 0,
      writtenBytes: 0,
      results: [],
      answerBytes: 0,
      answeredChunkStart: false,
      garbage: undefined,
      outcome: undefined,
    };
    if (this.underWay.push(next) === 1) this.deadline.start();
    this.supervisor.sent(unit.id);
    return next;
  }

  private hasRoomFor(unit: Unit): boolean {
    const count = this.underWay.length;
    if (count === 0) return true;
    if (this.careful > 0 || count >= this.width) return false;
    if (this.measured !== unit) {
      this.measured = unit;
      this.measuredBytes = 0;
      for (const event of unit.events) this.measuredBytes += event.json.length;
    }
    return this.bytesUnderWay + this.measuredBytes <= mostBytesUnderWay;
  }

  // In

  private read(session: Session, block: Buffer): void {
    if (session.isOver) return;
    this.isReading = true;
    try {
      session.reader.push(block);
    } finally {
      this.isReading = false;
    }
    if (this.waiting.length > 0) this.flush();
  }

  result(event: AnsweredEvent, size: number): void {
    const oldest = this.oldestOpen();
    if (oldest === undefined) return;
    oldest.results.push(event);
    oldest.answerBytes += size;
    if (oldest.answerBytes > mostAnswerBytes) this.tooMuch();
  }

  end(session: Session, frame: EndFrame): void {
    const oldest = this.oldestOpen();
    if (oldest === undefined || !this.isIdRight(session, frame.type, frame.id, oldest)) return;
    if (frame.type === "Ack") this.finish(oldest, { kind: "done", results: oldest.results });
    else if (frame.type === "Reject") this.finish(oldest, { kind: "rejected", reason: frame.reason });
    else this.finish(oldest, { kind: "failed", reason: frame.reason });
  }

  chunkStart(id: string | undefined) {
    const oldest = this.oldestOpen();
    if (oldest === undefined) return;
    if (oldest.unit.chunk === undefined) return this.garbage("a ChunkStart, where there is no chunk");
    if (id !== undefined && id !== oldest.unit.id) {
      return this.failOldest(`answered with a ChunkStart of '${id}', where '${oldest.unit.id}' is to be answered`);
    }
    if (oldest.answeredChunkStart) return this.failOldest(`answered '${oldest.unit.id}' twice`);
    oldest.answeredChunkStart = true;
  }

  chunkEnd(session: Session, id: string | undefined) {
    const oldest = this.oldestOpen();
    if (oldest === undefined) return;
    if (oldest.unit.chunk === undefined) return this.garbage("a ChunkEnd, where there is no chunk");
    if (this.isIdRight(session, "ChunkEnd", id, oldest)) {
      this.finish(oldest, { kind: "done", results: oldest.results });
    }
  }

  /** The unit fails, once its answer has ended: what else belongs to it must not be taken for the next one's. */
  garbage(text: string) {
    const oldest = this.oldestOpen(text);
    if (oldest === undefined) return;
    oldest.answerBytes += text.length;
    if (oldest.answerBytes > mostAnswerBytes) return this.tooMuch();
    if (oldest.garbage !== undefined) return;
    oldest.garbage = `answered what is no event: ${text.slice(0, 200)}`;
    this.services.clock.after(garbagePatienceMs, () => {
      if (this.underWay[0] === oldest && oldest.outcome === undefined) this.failOldest(oldest.garbage!);
    });
  }

  tooMuch(): void {
    if (this.oldestOpen() !== undefined) this.failOldest("answered too much");
  }

  inheritedDataType(): string {
    const event = this.underWay[0]?.unit.events[0];
    return event?.attributes().datacontenttype ?? "application/json";
  }

  /** The unit that is being answered. Where there is none the program is started again: nobody knows what it means. */
  private oldestOpen(text?: string): UnderWay | undefined {
    const oldest = this.underWay[0];
    if (oldest !== undefined && oldest.outcome === undefined) return oldest;
    const what = this.session?.hasAnswered === true || oldest !== undefined ? "answered twice" : "answered unasked";
    this.failOldest(text === undefined ? what : `${what}: ${text.slice(0, 200)}`);
    return undefined;
  }

  /** A program that gives ids gives them always: an end without one could be the second end of an older unit. */
  private isIdRight(session: Session, type: string, id: string | undefined, oldest: UnderWay): boolean {
    if (id === undefined) {
      if (!session.givesIds) return true;
      this.failOldest(`answered with ${type} without an id, after it gave ids before`);
      return false;
    }
    if (id !== oldest.unit.id && session.hasSettled(id)) {
      this.answeredTwice(id);
      return false;
    }
    if (id !== oldest.unit.id) {
      this.failOldest(`answered with ${type} of '${id.slice(0, 200)}', where '${oldest.unit.id}' is to be answered`);
      return false;
    }
    session.givesIds = true;
    return true;
  }

  /** Not the fault of what is under way now: all of it is sent again, to a new program. */
  private answeredTwice(id: string): void {
    const left = this.over();
    this.supervisor.restart(`answered '${id.slice(0, 200)}' twice`);
    this.interrupt([...left.map(({ unit }) => unit), ...this.waiting.splice(0)]);
  }

  private finish(oldest: UnderWay, outcome: Outcome): void {
    this.session?.settled(oldest.unit.id);
    const told: Outcome =
      oldest.garbage === undefined ? outcome : { kind: "failed", reason: `the program ${oldest.garbage}` };
    if (oldest.written === oldest.unit.events.length) this.settleOldest(told);
    else oldest.outcome = told;
  }

  private settleOldest(outcome: Outcome): void {
    const oldest = this.underWay.shift()!;
    this.bytesUnderWay -= oldest.writtenBytes;
    this.supervisor.done();
    if (this.underWay.length > 0) this.deadline.start();
    else this.deadline.stop();
    if (outcome.kind !== "failed" && this.careful > 0) this.careful--;
    this.answer(oldest.unit, outcome);
    if (this.session?.givesIds === true && this.width < widthWithIds) {
      this.width = widthWithIds;
      this.services.widened();
    }
  }

  /** `behind`: what goes down with it. A unit that is tried again comes before those that wait, so these are given back too. */
  private answer(unit: Unit, outcome: Outcome, behind: readonly Unit[] = []): void {
    if (this.isClosed) return;
    const back = outcome.kind === "failed" ? [...behind, ...this.waiting.splice(0)] : behind;
    this.services.answered(unit, outcome);
    this.interrupt(back);
  }

  /** With a hint what may be missing. */
  private lateness(): string {
    const results = this.underWay[0]?.results.length ?? 0;
    const text = `gave no answer within ${durationText(this.timeoutMs)}`;
    if (results > 0)
      return `${text}: ${results === 1 ? "1 result" : `${results} results`}, but no line such as {"type":"Ack"} behind`;
    return this.session?.hasAnswered === true ? text : `${text} (each is to be written out at once)`;
  }

  private isLate(): void {
    this.failOldest(this.underWay[0]?.garbage ?? this.lateness());
  }
}
