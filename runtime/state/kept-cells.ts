/** The cells of one node as a checkpoint sees them: pages of a few dozen cells each, so that a row of the store holds many and a checkpoint writes only pages that changed. */
export interface KeptCells {
  /** Gives the pages that changed since the last `saved`; `undefined`: the page is empty now. The content is valid until the call returns. */
  save(put: (page: number, content: Uint8Array | undefined) => void): void;
  /** What `save` gave is durable. Not called when it failed: the same pages then come again. */
  saved(): void;
  /** Called once, before the first event. Pages ascending. */
  restore(pages: Iterable<readonly [page: number, content: Uint8Array]>): void;
}
