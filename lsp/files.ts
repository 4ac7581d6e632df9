/** Files that no editor has open, as the server sees them. There is one for disks (`disk.ts`) and one for editors in browsers (`browser.ts`). */

export interface Files {
  /** The text of a file; undefined when there is none. Answers from memory until `forget`. */
  read(path: string): string | undefined;
  /** The names in a folder, those of folders with a `/` behind them; on the client's side nothing lists them. */
  inFolder(folder: string): readonly string[];
  /** All `.flow` files below the folders, unread. Asked for only by what looks across the workspace. */
  list(folders: readonly string[]): readonly string[];
  /** The file may have changed, appeared or gone. */
  forget(path: string): void;
  /** Paths that were read, or looked for in vain, and are different now. They are forgotten. */
  recheck(): readonly string[];
  /** The listener is called when a text that was not there at once has come. A disk has all texts at once. */
  onArrival?(listener: (path: string) => void): void;
  /** False at once when no text is on its way, and when one takes too long; true once those that were have come. */
  arrivals?(): Promise<boolean>;
}
