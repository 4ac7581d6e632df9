/** An unsigned 64-bit integer. Always boxed, because a JavaScript number means `int`. */
import { overflow } from "../evaluation-error.ts";

export const maxUint = 18446744073709551615n;

export class Uint {
  readonly value: bigint;

  /** @param value within 0 and 2^64-1; use `toUint` where that is not known. */
  constructor(value: bigint) {
    this.value = value;
  }

  /** Exact while it fits a JavaScript number; otherwise it throws, so that the exact writer takes over. */
  toJSON(): number {
    if (this.value > 9007199254740991n) throw new TypeError("needs the exact JSON writer");
    return Number(this.value);
  }
}

/** @throws EvaluationError when out of range. */
export function toUint(value: bigint): Uint {
  if (value < 0n || value > maxUint) throw overflow("unsigned integer");
  return new Uint(value);
}
