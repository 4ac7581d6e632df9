/** The errors of a running pipeline: the world is wrong (`RuntimeError`), or we are (`bug`). Bad events are neither: see bad-event.ts. */

/**
 * Classified by `code`, never by text: `sink-unavailable`, `source-unavailable`, `dead-letter-unavailable`,
 * `unsupported`, `bad-config`, `bad-event` (policy `fail`), `aborted`, ….
 * `retryable` says that the same call may succeed later.
 */
export class RuntimeError extends Error {
  readonly code: string;
  readonly retryable: boolean;

  constructor(code: string, message: string, options: { readonly retryable?: boolean; readonly cause?: unknown } = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = "RuntimeError";
    this.code = code;
    this.retryable = options.retryable ?? false;
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
