/** What a program writes to its standard error, line by line into our log: lines of bounded length, a bounded number of them a second, the last ones kept. */
import { StringDecoder } from "node:string_decoder";
import type { Clock } from "../engine/clock.ts";
import type { Log } from "../engine/connector.ts";

const longestLine = 4_000;
const linesPerSecond = 500;
const linesKept = 5;
/** Begins what Node, Python, Java and Go say when they end by an error; some say more behind it. */
const errorLine = /^(?:Exception in thread .+|panic: .+|fatal error: .+|(?:[\w$]+\.)*\w*(?:Error|Exception)(?:: .*)?)$/;
/** An error with more lines than this behind it is an older story. */
const mostBehindError = 50;

export class SaidLines {
  private readonly node: string;
  private readonly log: Log;
  private readonly clock: Clock;
  private readonly decoder = new StringDecoder("utf8");
  private readonly last: string[] = [];
  private error: string | undefined;
  private behindError = 0;
  private rest = "";
  /** The rest of a line that is too long is left out. */
  private isCut = false;
  private secondMs = 0;
  private inSecond = 0;
  private leftOut = 0;

  constructor(node: string, log: Log, clock: Clock) {
    this.node = node;
    this.log = log;
    this.clock = clock;
  }

  take(bytes: Buffer): void {
    const text = this.decoder.write(bytes);
    let start = 0;
    for (;;) {
      const end = text.indexOf("\n", start);
      if (end < 0) break;
      this.append(text, start, end);
      this.endLine();
      start = end + 1;
    }
    this.append(text, start, text.length);
  }

  /** The program has ended: what has no line end is a line too. */
  end(): void {
    this.endLine();
    this.countLeftOut();
  }

  /** The last lines, oldest first, without blank ones. One that names an error comes last: it tells more than the stack behind it. */
  lastLines(): readonly string[] {
    const { last, error } = this;
    return error === undefined ? [...last] : [...last.filter((line) => line !== error), error];
  }

  private append(text: string, start: number, end: number): void {
    if (this.isCut || start === end) return;
    const room = longestLine - this.rest.length;
    this.rest += text.slice(start, Math.min(end, start + room));
    this.isCut = end - start > room;
  }

  private endLine(): void {
    const line = this.rest.trimEnd() + (this.isCut ? "…" : "");
    this.rest = "";
    this.isCut = false;
    if (line === "") return;
    if (errorLine.test(line.slice(0, 500))) {
      this.error = line;
      this.behindError = 0;
    } else if (++this.behindError > mostBehindError) this.error = undefined;
    this.last.push(line);
    if (this.last.length > linesKept) this.last.shift();
    const nowMs = this.clock.nowMs();
    if (nowMs - this.secondMs >= 1_000) {
      this.countLeftOut();
      this.secondMs = nowMs;
      this.inSecond = 0;
    }
    if (this.inSecond++ < linesPerSecond) this.log.info({ node: this.node, line }, "program");
    else this.leftOut++;
  }

  private countLeftOut(): void {
    if (this.leftOut === 0) return;
    this.log.warn({ node: this.node, lines: this.leftOut }, "program says too much at once: lines left out");
    this.leftOut = 0;
  }
}
