/** Writes blocks to a file descriptor, whole, and goes on after a failure where it stopped. */
import { writeSync } from "node:fs";

export interface BlockWriter {
  /** Taken when it returns or resolves. After a retryable error the same block comes again. */
  write(block: Uint8Array): void | Promise<void>;
  /** Everything that was taken is in the file. */
  end(): void | Promise<void>;
  /** Bytes in the file, a block that was written in part among them. */
  writtenBytes(): number;
  /** Bytes in the file that belong to whole blocks. */
  wholeBytes(): number;
}

export function blockWriter(fd: number, explain: (error: unknown) => Error): BlockWriter {
  let written = 0;
  let doneOfBlock = 0;
  return {
    write: (block) => {
      while (doneOfBlock < block.length) {
        try {
          const count = writeSync(fd, block, doneOfBlock, block.length - doneOfBlock);
          doneOfBlock += count;
          written += count;
        } catch (error) {
          throw explain(error);
        }
      }
      doneOfBlock = 0;
    },
    end: () => {},
    writtenBytes: () => written,
    wholeBytes: () => written - doneOfBlock,
  };
}
