/** Work over many files, one file a step, so that whoever runs it can do something else in between, or stop. */

export interface Step {
  readonly done: number;
  readonly of: number;
}

export type Steps<T> = Generator<Step, T, void>;

/** Without anything in between. */
export function atOnce<T>(steps: Steps<T>): T {
  for (;;) {
    const next = steps.next();
    if (next.done === true) return next.value;
  }
}
