/**
 * Where the state of a run is kept. It holds two kinds of things: small values by name (positions, watermarks, counts), and per node numbered pages of
 * cells. A checkpoint is one transaction: all of it is there after a crash, or nothing.
 */
export interface StateStore {
  /** All values, in no order. Called once, after opening. @throws RuntimeError "state-damaged" */
  values(): ReadonlyMap<string, Uint8Array>;
  /** A node's pages, ascending. @throws RuntimeError "state-damaged" */
  pages(node: string): Iterable<readonly [page: number, content: Uint8Array]>;
  /** Nodes that have pages. */
  nodes(): readonly string[];
  /**
   * Runs `write` at once, then makes durable what it put: when it returns, or when what it gives settles. When either fails nothing has changed. One at a time.
   * @throws RuntimeError "state-unavailable" when the store cannot be written: a full disk, a folder that may not be written.
   */
  transaction(write: (changes: StateChanges) => void): void | Promise<void>;
  /** What the next store of the same place begins with is what the last transaction left. Idempotent. */
  close(): void;
}

/** `undefined` deletes. What is put is not kept: its memory may be used again after the call. */
export interface StateChanges {
  value(name: string, content: Uint8Array | undefined): void;
  page(node: string, page: number, content: Uint8Array | undefined): void;
  /** All of a node's pages. */
  dropPages(node: string): void;
}
