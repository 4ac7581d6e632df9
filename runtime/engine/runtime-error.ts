/** The errors of a running pipeline: the world is wrong (`RuntimeError`), or we are (`bug`). Bad events are neither: see bad-event.ts. */

/**
 * Classified by `code`, never by text: `sink-unavailable`, `source-unavailable`, `dead-letter-unavailable`,
 * `unsupported`, `bad-config`, `bad-event` (policy `fail`), `aborted`, ….
 * `retryable` says that the same call may succeed later.
 */
export class RuntimeError extends Error {
  readonly code: string;
  readonly retryable: boolean;
  /** Of a batch that a sink was given, the messages that failed; the rest has an answer or was not tried. Absent: all of it. */
  readonly failing: ReadonlySet<unknown> | undefined;

  constructor(
    code: string,
    message: string,
    options: { readonly retryable?: boolean; readonly cause?: unknown; readonly failing?: ReadonlySet<unknown> } = {},
  ) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = "RuntimeError";
    this.code = code;
    this.retryable = options.retryable ?? false;
    this.failing = options.failing;
  }
}

export function bug(message: string): never {
  throw new Error(`This is a bug in argo-dataflow: ${message}`);
}

/** Ends a `switch` over a union: does not type-check while a case is missing. */
export function unreachable(value: never): never {
  return bug(`unexpected ${JSON.stringify(value)}`);
}

/** The message of anything that was thrown. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
