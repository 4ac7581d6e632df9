/**
 * A diagnostic and the one way to make it. What a code says stands in `codes/`; here is only its shape.
 * Phases take a `Report` function and go on after a mistake; nobody throws.
 */
import { type Code, type CodeParameters, codes } from "./codes/codes.ts";
import type { Severity } from "./severity.ts";
import type { Location, Span } from "./span.ts";

export type { Severity } from "./severity.ts";

/** One text edit; several of one fix are applied together and never overlap. */
export interface Edit extends Location {
  readonly newText: string;
}

/** A mend that is mechanical: applying it removes the diagnostic and adds none. */
export interface Fix {
  /** What it does, in the imperative: `Change to 'orders'`. */
  readonly title: string;
  readonly edits: readonly Edit[];
}

export interface Related {
  readonly at: Location;
  readonly message: string;
}

export interface Diagnostic {
  readonly code: Code;
  readonly severity: Severity;
  readonly message: string;
  readonly at: Location;
  readonly related: readonly Related[];
  readonly tags: readonly ("unnecessary" | "deprecated")[];
  readonly fixes: readonly Fix[];
}

/** What a report may add to its message. */
export interface Extras {
  readonly related?: readonly Related[];
  readonly fixes?: readonly Fix[];
}

/** Reports at a span of one file. The parameters are those the code's message names: a missing one does not type-check. */
export type Report = <C extends Code>(code: C, span: Span, parameters: CodeParameters<C>, extras?: Extras) => void;

export function diagnostic<C extends Code>(
  code: C,
  at: Location,
  parameters: CodeParameters<C>,
  extras: Extras = {},
): Diagnostic {
  const row = codes[code];
  return {
    code,
    severity: row.severity,
    message: (row.message as (p: CodeParameters<C>) => string)(parameters),
    at: { file: at.file, start: at.start, end: at.end },
    related: extras.related ?? [],
    tags: row.tags ?? [],
    fixes: extras.fixes ?? [],
  };
}

/** A `Report` that collects into `into`, for the file `file`. */
export function reporter(file: string, into: Diagnostic[]): Report {
  return (code, span, parameters, extras) => {
    into.push(diagnostic(code, { file, ...span }, parameters, extras));
  };
}
