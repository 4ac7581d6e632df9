/** What a cell holds many of (events), as a checkpoint sees it: in pages of their own beside the cell's. */
import type { ValueReader } from "./value-reader.ts";
import type { ValueWriter } from "./value-writer.ts";

export interface PagedRows {
  /** Pages there are now. */
  readonly pages: number;
  /** Gives the pages that changed since `saved`. */
  unsaved(writer: ValueWriter): Iterable<readonly [page: number, content: Uint8Array]>;
  /** What `unsaved` gave is durable. */
  saved(): void;
  /** Of a cell that was restored: a page of it, ascending. @throws DamagedValue */
  read(page: ValueReader): void;
  /** All pages have been read. @throws DamagedValue when some are missing */
  check(): void;
}
