/**
 * The state of a task as its run sees it: what a checkpoint changes is committed together with the offsets, in one transaction of Kafka. Where nothing is kept
 * (a stage without windows) it stands for the offsets alone.
 */
import type { StateChanges, StateStore } from "../state/state-store.ts";

/** Keeps what is to be kept. */
export interface Changelog extends StateStore {
  transaction(write: (changes: StateChanges) => void): void;
}

export class TaskStore implements StateStore {
  private readonly changelog: Changelog | undefined;
  private readonly commit: () => Promise<void>;
  private last: Promise<void> = Promise.resolve();

  /** @param commit sends and commits what the changelog has collected */
  constructor(changelog: Changelog | undefined, commit: () => Promise<void>) {
    this.changelog = changelog;
    this.commit = commit;
  }

  values(): ReadonlyMap<string, Uint8Array> {
    return this.changelog?.values() ?? new Map();
  }

  pages(node: string): Iterable<readonly [page: number, content: Uint8Array]> {
    return this.changelog?.pages(node) ?? [];
  }

  nodes(): readonly string[] {
    return this.changelog?.nodes() ?? [];
  }

  transaction(write: (changes: StateChanges) => void): Promise<void> {
    if (this.changelog === undefined) write(nothing);
    else this.changelog.transaction(write);
    this.last = this.last.then(() => this.commit());
    return this.last;
  }

  close(): void {
    this.changelog?.close();
  }
}

const nothing: StateChanges = { value: () => {}, page: () => {}, dropPages: () => {} };
