/** Aggregates of which each part is fine and the whole is not: the cell remembers why, and gives no result but a bad event. */
import { EvaluationError } from "../../expr/evaluation-error.ts";

/** What the cell keeps. */
export function mergeFailure(error: unknown): string {
  if (error instanceof EvaluationError) return error.message;
  throw error;
}

/** @throws EvaluationError when parts of the cell could not be put together. */
export function checkMerged(failure: string | undefined): void {
  if (failure !== undefined) throw new EvaluationError("invalid-argument", failure);
}
