/** What one task of a stage tells of the watermark of its output, in a record to every partition of the topic behind it. */

/** The one header of such a record, which has neither key nor value. */
export const watermarkHeader = "flow-watermark";

/** Which of how many tasks of its stage the run is. */
export interface Task {
  /** `stage/partition`: the same whoever runs it. */
  readonly from: string;
  readonly of: number;
}

/** JSON. */
export interface ToldWatermark {
  /** `stage/partition` of the task. */
  readonly from: string;
  /** So many tasks its stage has; before all were heard of the watermark is −∞. */
  readonly of: number;
  /** null: −∞. */
  readonly ms: number | null;
  /** It has nothing to give now, and is not waited for. */
  readonly idle?: true;
  /** It gives no more. */
  readonly end?: true;
}

/** Undefined where the text is something else. */
export function readTold(text: string): ToldWatermark | undefined {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return undefined;
  }
  if (typeof value !== "object" || value === null) return undefined;
  const { from, of, ms } = value as Readonly<Record<string, unknown>>;
  const isTold = typeof from === "string" && Number.isInteger(of) && (ms === null || typeof ms === "number");
  return isTold ? (value as ToldWatermark) : undefined;
}
