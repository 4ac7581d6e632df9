/**
 * A copy of a changelog on the disk of whoever has the task, so that state is not read over the network again after a restart: it goes on from where the copy ends. The changelog
 * alone counts. A copy that lags, or is gone, or is of something else is found out when it is put together with the rest (the total at the end of each transaction), and thrown
 * away. It follows by reading, so it holds nothing that was not committed; and it could as well follow a partition that another member has.
 */
import { mkdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as delay, setImmediate } from "node:timers/promises";
import type { Log } from "../../engine/connector.ts";
import { messageOf } from "../../engine/runtime-error.ts";
import { type DatabaseSync, loadSqlite } from "../../state/open-sqlite.ts";
import type { KafkaClient, TopicPartition } from "../client.ts";
import { changelogTombstonesKeptMs } from "../topic-settings.ts";
import { type ChangelogRecords, readChangelog } from "./read-changelog.ts";

/** Of the tables. */
const layout = 1;
/** Written in one go; the engine waits as long. */
const flushBytes = 1024 * 1024;
/** Of an older one the changelog may have forgotten what was deleted since. */
const usableForMs = changelogTombstonesKeptMs / 2;
const followEveryMs = 30_000;
/** A worker that is stopped has little time. */
const leavingMs = 3_000;

export class LocalCopy implements ChangelogRecords {
  private readonly at: TopicPartition;
  private readonly path: string;
  private readonly log: Log | undefined;
  private readonly database: DatabaseSync;
  private readonly statements;
  /** Newest of each key as latin1; null is a tombstone. */
  private pending = new Map<string, Buffer | null>();
  private pendingBytes = 0;
  private following: NodeJS.Timeout | undefined;
  private catchingUp: Promise<void> | undefined;
  private isOpen = true;

  /** Undefined where there can be none: a full disk, another process that has it. The log says why. */
  static async open(folder: string, at: TopicPartition, log?: Log): Promise<LocalCopy | undefined> {
    const path = join(folder, `${at.topic}-${at.partition}.copy.db`);
    const { DatabaseSync } = await loadSqlite();
    let database: DatabaseSync | undefined;
    for (const isAnew of [false, true]) {
      try {
        if (isAnew) removeDatabase(path);
        mkdirSync(folder, { recursive: true });
        database = new DatabaseSync(path, { timeout: 0 });
        begin(database);
        const copy = new LocalCopy(at, path, database, log);
        // Where this cannot be read it is no copy.
        void copy.nextOffset;
        return copy;
      } catch (error) {
        database?.close();
        database = undefined;
        if (!isAnew && !isBusy(error)) continue;
        log?.warn({ path, error: messageOf(error) }, "no local copy of the state is kept");
        return undefined;
      }
    }
    return undefined;
  }

  private constructor(at: TopicPartition, path: string, database: DatabaseSync, log: Log | undefined) {
    this.at = at;
    this.path = path;
    this.log = log;
    this.database = database;
    this.statements = {
      all: database.prepare("SELECT key, value FROM record"),
      put: database.prepare("INSERT OR REPLACE INTO record VALUES (?, ?)"),
      delete: database.prepare("DELETE FROM record WHERE key = ?"),
      end: database.prepare("SELECT next, savedMs FROM place"),
      setEnd: database.prepare("UPDATE place SET next = ?, savedMs = ?"),
    };
  }

  /** Where the changelog goes on behind it; undefined where it is empty or too old. */
  get nextOffset(): number | undefined {
    const row = this.statements.end.get();
    const next = Number(row?.next ?? -1);
    const ageMs = Date.now() - Number(row?.savedMs ?? 0);
    return next < 0 || ageMs < 0 || ageMs > usableForMs ? undefined : next;
  }

  load(content: ChangelogRecords): void {
    for (const { key, value } of this.statements.all.iterate())
      if (key instanceof Uint8Array && value instanceof Uint8Array) content.take(bufferOf(key), bufferOf(value));
  }

  /** Nothing of it is of use. */
  empty(): void {
    this.pending.clear();
    this.pendingBytes = 0;
    try {
      this.database.exec("DELETE FROM record; UPDATE place SET next = -1");
    } catch (error) {
      this.log?.warn(
        { path: this.path, error: messageOf(error) },
        "the local copy of the state is damaged: it is made anew next time",
      );
      this.close();
      removeDatabase(this.path);
    }
  }

  /** Reads on every 30 s until it is closed. What it does not manage is told once in the log: the state is safe without it. */
  follow(client: KafkaClient): void {
    if (!this.isOpen) return;
    this.following = setTimeout(() => {
      this.catchUp(client).then(
        () => this.isOpen && this.follow(client),
        (error: unknown) => {
          if (!this.isOpen) return;
          this.log?.warn({ path: this.path, error: messageOf(error) }, "the local copy of the state is not kept up");
          this.close();
        },
      );
    }, followEveryMs);
    this.following.unref();
  }

  /** As far as the changelog goes now. */
  catchUp(client: KafkaClient): Promise<void> {
    this.catchingUp ??= this.readOn(client).finally(() => {
      this.catchingUp = undefined;
    });
    return this.catchingUp;
  }

  /** As far as it goes now, if that does not take long. Never fails: the state is safe without it. */
  async leave(client: KafkaClient): Promise<void> {
    const late = new AbortController();
    try {
      await Promise.race([this.catchUp(client), delay(leavingMs, undefined, { signal: late.signal })]);
    } catch (error) {
      this.log?.warn({ path: this.path, error: messageOf(error) }, "the local copy of the state is not up to date");
    } finally {
      late.abort();
    }
  }

  private async readOn(client: KafkaClient): Promise<void> {
    const from = this.nextOffset;
    if (from === undefined) this.empty();
    const { nextOffset } = await readChangelog(client, this.at, this, from);
    this.flush(nextOffset);
  }

  take(key: Buffer | null, value: Buffer | null): void {
    if (key === null) return;
    const name = key.toString("latin1");
    this.pendingBytes += key.length + (value?.length ?? 0) - (this.pending.get(name)?.length ?? 0);
    this.pending.set(name, value && Buffer.from(value));
  }

  /** Between two turns of the engine. Records that come twice after a crash do no harm: the offset is written last. */
  async room(): Promise<void> {
    if (this.pendingBytes < flushBytes) return;
    this.flush();
    await setImmediate();
  }

  private flush(nextOffset?: number): void {
    const { pending } = this;
    this.pending = new Map();
    this.pendingBytes = 0;
    if (!this.isOpen) return;
    this.database.exec("BEGIN IMMEDIATE");
    try {
      for (const [name, value] of pending) {
        const key = Buffer.from(name, "latin1");
        if (value === null) this.statements.delete.run(key);
        else this.statements.put.run(key, value);
      }
      if (nextOffset !== undefined) this.statements.setEnd.run(nextOffset, Date.now());
      this.database.exec("COMMIT");
    } catch (error) {
      if (this.database.isTransaction) this.database.exec("ROLLBACK");
      throw error;
    }
  }

  close(): void {
    clearTimeout(this.following);
    if (this.isOpen) this.database.close();
    this.isOpen = false;
  }
}

function begin(database: DatabaseSync): void {
  // What a power failure takes away is read again.
  database.exec("PRAGMA locking_mode = EXCLUSIVE; PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL");
  const version = Number(database.prepare("PRAGMA user_version").get()?.user_version);
  if (version === layout) return;
  if (version !== 0) throw new Error("it was written by another version");
  database.exec(`BEGIN EXCLUSIVE;
    CREATE TABLE record (key BLOB PRIMARY KEY, value BLOB NOT NULL) WITHOUT ROWID;
    CREATE TABLE place (next INTEGER NOT NULL, savedMs INTEGER NOT NULL);
    INSERT INTO place VALUES (-1, 0);
    PRAGMA user_version = ${layout};
    COMMIT`);
}

function removeDatabase(path: string): void {
  for (const end of ["", "-wal", "-shm"]) rmSync(`${path}${end}`, { force: true });
}

/** Source: https://sqlite.org/rescode.html#busy */
const isBusy = (error: unknown): boolean =>
  error instanceof Error && "errcode" in error && (Number(error.errcode) & 0xff) === 5;

const bufferOf = (bytes: Uint8Array): Buffer => Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
