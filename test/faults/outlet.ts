/** Where the output of a case is looked at: while it comes, to know when it is complete, and at the end, to judge it. */
import { once } from "node:events";
import { createServer, type IncomingMessage, type Server } from "node:http";
import { partitionOf } from "../../runtime/kafka/codec/murmur2.ts";
import type { Records, StoredRecord, TopicFollower } from "../kafka/records.ts";
import { type Arrived, check, checkPanes, type Pane, type Stamped } from "./checker.ts";
import { windowMs } from "./programs.ts";
import type { HttpSwitch } from "./scenario.ts";
import type { Stamp, StampedInput } from "./stamped-input.ts";

export interface Outlet {
  /** Takes in what came. @throws when it cannot be looked at just now */
  readOn(): Promise<void>;
  readonly hasAny: boolean;
  isComplete(went: Went): boolean;
  judge(went: Went, allowed: Allowed): Judgement;
  close(): Promise<void>;
}

/** The input as it stands in its topic: that is what must come out, whatever its writer believes to have stored. */
export class Went {
  readonly records: readonly StoredRecord[];
  readonly input: StampedInput;
  /** Of those that can be read. */
  readonly ids: ReadonlySet<string>;
  /** What cannot be read. */
  readonly poison: ReadonlySet<string>;

  constructor(records: readonly StoredRecord[], input: StampedInput) {
    this.records = records;
    this.input = input;
    const bad = records.filter((record) => isPoison(record, input));
    const good = records.filter((record) => !isPoison(record, input));
    this.ids = new Set(good.map(idOf));
    this.poison = new Set(bad.map((record) => letterOf(record).id));
  }

  /** What the writer takes for stored and is not there; nothing can be said about it here but that it is so. */
  get neverStored(): number {
    const closing = [...this.ids].filter((id) => id.startsWith("closing")).length;
    return this.input.written - (this.ids.size - closing) - this.poison.size;
  }
}

export interface Allowed {
  /** So many times each partition may begin again before where it was. */
  readonly replays: number;
}

export interface Judgement {
  readonly problems: readonly string[];
  readonly notes: readonly string[];
}

/** Records that went through as they are, and those that could not be read with their bytes in another topic. */
export class CarriedOutlet implements Outlet {
  private readonly output: TopicFollower;
  private readonly deadLetters: TopicFollower;
  private readonly came: StoredRecord[] = [];
  private readonly dead: StoredRecord[] = [];
  private readonly ids = new Set<string>();

  constructor(records: Records, output: string, deadLetters: string) {
    this.output = records.follow(output);
    this.deadLetters = records.follow(deadLetters);
  }

  async readOn(): Promise<void> {
    for (const record of await this.output.readOn()) {
      this.came.push(record);
      this.ids.add(stampOf(record).id);
    }
    this.dead.push(...(await this.deadLetters.readOn()));
  }

  get hasAny(): boolean {
    return this.came.length > 0;
  }

  isComplete({ ids, poison }: Went): boolean {
    if (this.ids.size < ids.size || this.dead.length < poison.size) return false;
    return ids.isSubsetOf(this.ids) && poison.isSubsetOf(new Set(this.dead.map(({ value }) => value)));
  }

  judge({ records, input }: Went, allowed: Allowed): Judgement {
    const good = records.filter((record) => !isPoison(record, input));
    const verdict = judgeStamps(good.map(stampOf), arrived(this.came), input.aborted, allowed);
    const poison = records.filter((record) => isPoison(record, input)).map(letterOf);
    if (poison.length === 0 && this.dead.length === 0) return verdict;
    const dead = this.dead.map((one) => ({ ...letterOf(one), partition: one.partition }));
    const letters = judgeStamps(poison, dead, new Set(), allowed);
    return {
      problems: [...verdict.problems, ...letters.problems.map((text) => `dead letters: ${text}`)],
      notes: [...verdict.notes, `${poison.length} dead letters`, ...letters.notes.map((text) => `of these ${text}`)],
    };
  }

  async close(): Promise<void> {
    await Promise.all([this.output.close(), this.deadLetters.close()]);
  }
}

/** Counts of windows, by key. */
export class PanesOutlet implements Outlet {
  private readonly output: TopicFollower;
  private readonly came: Pane[] = [];
  private readonly deadLetters: TopicFollower;
  private dead = 0;

  constructor(records: Records, output: string, deadLetters: string) {
    this.output = records.follow(output);
    this.deadLetters = records.follow(deadLetters);
  }

  async readOn(): Promise<void> {
    for (const { value } of await this.output.readOn()) this.came.push(paneOf(value));
    this.dead += (await this.deadLetters.readOn()).length;
  }

  get hasAny(): boolean {
    return this.came.length > 0;
  }

  isComplete({ records }: Went): boolean {
    return checkPanes(panesOf(records), this.came).lost.length === 0;
  }

  judge({ records }: Went, allowed: Allowed): Judgement {
    const { lost, duplicated, miscounted, invented } = checkPanes(panesOf(records), this.came);
    const problems = [
      ...several(lost, "windows lost"),
      ...several(miscounted, "windows miscounted"),
      ...several(invented, "windows never written"),
      ...(this.dead === 0 ? [] : [`${this.dead} dead letters`]),
    ];
    if (duplicated.length === 0) return { problems, notes: [] };
    if (allowed.replays === 0) return { problems: [...problems, ...several(duplicated, "windows twice")], notes: [] };
    return { problems, notes: [`${duplicated.length} windows twice`] };
  }

  async close(): Promise<void> {
    await Promise.all([this.output.close(), this.deadLetters.close()]);
  }
}

/** An HTTP server, which can be away. Of what it takes the partition is that of the input. */
export class HttpOutlet implements Outlet, HttpSwitch {
  private readonly came: Arrived[] = [];
  private readonly ids = new Set<string>();
  private readonly partitions: number;
  private server: Server;
  private port = 0;

  static async open(partitions: number): Promise<HttpOutlet> {
    const outlet = new HttpOutlet(partitions);
    await outlet.up();
    return outlet;
  }

  private constructor(partitions: number) {
    this.partitions = partitions;
    this.server = this.make();
  }

  private make(): Server {
    return createServer(async (request, response) => {
      try {
        for (const stamp of [JSON.parse(await textOf(request))].flat()) {
          this.came.push({ ...stamp, partition: partitionOf(stamp.key, this.partitions) });
          this.ids.add(stamp.id);
        }
        response.writeHead(204).end();
      } catch {
        response.writeHead(500).end();
      }
    });
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}/`;
  }

  async up(): Promise<void> {
    this.server = this.make();
    this.server.listen(this.port, "127.0.0.1");
    await once(this.server, "listening");
    const address = this.server.address();
    if (address !== null && typeof address === "object") this.port = address.port;
  }

  async down(): Promise<void> {
    const closed = new Promise((resolve) => this.server.close(resolve));
    this.server.closeAllConnections();
    await closed;
  }

  async readOn(): Promise<void> {}

  get hasAny(): boolean {
    return this.came.length > 0;
  }

  isComplete({ ids }: Went): boolean {
    return ids.isSubsetOf(this.ids);
  }

  judge({ records, input }: Went, allowed: Allowed): Judgement {
    return judgeStamps(records.map(stampOf), this.came, input.aborted, allowed);
  }

  async close(): Promise<void> {
    await this.down();
  }
}

async function textOf(request: IncomingMessage): Promise<string> {
  const parts: Buffer[] = [];
  for await (const part of request) parts.push(part);
  return Buffer.concat(parts).toString();
}

function judgeStamps(
  went: readonly Stamped[],
  came: readonly Arrived[],
  abortedIds: ReadonlySet<string>,
  { replays: allowed }: Allowed,
): Judgement {
  const { lost, duplicated, reordered, aborted, invented, replays, longestReplay } = check(went, came, abortedIds);
  const problems = [
    ...several(lost, "lost"),
    ...several(reordered, "out of order"),
    ...several(aborted, "of aborted transactions"),
    ...several(invented, "never written"),
  ];
  if (duplicated.length === 0) return { problems, notes: [] };
  const text = `${duplicated.length} twice (${replays} replays of a partition, the longest ${longestReplay})`;
  if (replays > allowed) return { problems: [...problems, `${text}, ${allowed} are allowed`], notes: [] };
  return { problems, notes: [text] };
}

function several(ids: readonly string[], what: string): string[] {
  return ids.length === 0
    ? []
    : [`${ids.length} ${what} (${ids.slice(0, 3).join(", ")}${ids.length > 3 ? ", …" : ""})`];
}

const isPoison = ({ value }: StoredRecord, { poison }: StampedInput): boolean => value !== null && poison.has(value);
/** What cannot be read is itself its id; its order is not looked at. */
const letterOf = ({ value }: StoredRecord): Stamped => ({ id: value ?? "", key: value ?? "" });
const idOf = (record: StoredRecord): string => stampOf(record).id;

function arrived(records: readonly StoredRecord[]): readonly Arrived[] {
  return [...records]
    .sort((a, b) => a.partition - b.partition || a.offset - b.offset)
    .map((record) => ({ ...stampOf(record), partition: record.partition }));
}

function stampOf({ value }: Pick<StoredRecord, "value">): Stamp {
  try {
    return JSON.parse(value ?? "");
  } catch {
    return { id: `no stamp: ${value}`, key: "", at: 0 };
  }
}

function panesOf(records: readonly StoredRecord[]): readonly Pane[] {
  const counts = new Map<string, { readonly key: string; readonly startMs: number; count: number }>();
  for (const record of records) {
    const { key, id } = stampOf(record);
    if (id.startsWith("closing")) continue;
    const startMs = Math.floor(record.timestampMs / windowMs) * windowMs;
    const name = `${key}@${startMs}`;
    const known = counts.get(name);
    if (known === undefined) counts.set(name, { key, startMs, count: 1 });
    else known.count++;
  }
  return [...counts.values()];
}

function paneOf(value: string | null): Pane {
  try {
    const { key, start, count } = JSON.parse(value ?? "");
    return { key, startMs: Date.parse(start), count };
  } catch {
    return { key: `no pane: ${value}`, startMs: 0, count: 0 };
  }
}
