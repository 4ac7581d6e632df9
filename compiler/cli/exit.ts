/** How the command ends: exit codes, and the two errors that a command throws on purpose. */

/** 0: all is well. 1: the program has errors, the run failed, or files differ. 2: the command line is wrong. */
export const exitCodes = { fine: 0, diagnostics: 1, usage: 2, interrupted: 130 } as const;

/** The command line is wrong: printed with a hint, exit 2. */
export class UsageError extends Error {
  readonly hint: string | undefined;
  constructor(message: string, hint?: string) {
    super(message);
    this.hint = hint;
  }
}

/** The world is wrong (a file that cannot be written, a sink that fails): printed, exit 1. */
export class CommandFailure extends Error {}
