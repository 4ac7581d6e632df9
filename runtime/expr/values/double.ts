/** A double in a place of type `any`, where a plain JavaScript number that is integral would be taken for an int. */

interface RawJson {
  rawJSON?(text: string): unknown;
}
const rawJson = (JSON as RawJson).rawJSON;

export class Double {
  readonly value: number;
  /** How JSON spelt it, when that is not how JavaScript would: `1.0`, `1e5`, `-0`. */
  readonly text: string | undefined;

  constructor(value: number, text?: string) {
    this.value = value;
    this.text = text;
  }

  /** Exact where the engine can write raw JSON; otherwise it throws, so that the exact writer takes over. */
  toJSON(): unknown {
    const text = this.text ?? (Object.is(this.value, -0) ? "-0.0" : undefined);
    if (text === undefined && Number.isFinite(this.value)) return this.value;
    if (text === undefined || rawJson === undefined) throw new TypeError("needs the exact JSON writer");
    return rawJson(text);
  }
}

/** The form a double takes where its static type is lost: boxed if it would look like an int. */
export function boxDouble(value: number): number | Double {
  return Number.isInteger(value) || !Number.isFinite(value) ? new Double(value) : value;
}
