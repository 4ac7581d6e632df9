/** The shape of a row in the table of diagnostics. */
import type { Severity } from "../severity.ts";

export interface CodeRow<P> {
  readonly severity: Severity;
  /** A few words for a heading: `Unknown name`. */
  readonly title: string;
  /** What is wrong here and what to do, with the names of the case: one or two sentences, ending in a full stop. */
  readonly message: (parameters: P) => string;
  /** For the page: why this matters. */
  readonly why: string;
  /** For the page: what to do. */
  readonly mend: string;
  /** A whole .flow file (or the path of one under `docs/`) that produces exactly this diagnostic; checked by a test. */
  readonly example: string;
  /** What the example is written in, when it is not .flow: a custom resource. */
  readonly language?: "yaml";
  /** The example mended; it produces nothing. */
  readonly mended?: string;
  /** When the example needs more than one file: path → text. */
  readonly files?: Readonly<Record<string, string>>;
  /** Values given from outside, as by `--param`, when the example needs them. */
  readonly params?: Readonly<Record<string, string>>;
  /** Which command finds it, when not every check does. */
  readonly when?: "run" | "compile" | "decompile" | "check, where TypeScript is installed";
  readonly tags?: readonly ("unnecessary" | "deprecated")[];
}

/** Keeps the parameter type of a row. */
export const row = <P>(value: CodeRow<P>): CodeRow<P> => value;
