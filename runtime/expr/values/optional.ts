/** A CEL optional: a value that may be absent. Never holds `undefined`. */

export class Optional {
  /** `undefined` when absent; no CEL value is `undefined`. */
  readonly content: unknown;

  private constructor(content: unknown) {
    this.content = content;
  }

  static readonly none: Optional = new Optional(undefined);

  /** @param content `undefined` gives the absent optional. */
  static of(content: unknown): Optional {
    return content === undefined ? Optional.none : new Optional(content);
  }

  /** An absent optional is JSON null. */
  toJSON(): unknown {
    return this.content === undefined ? null : this.content;
  }
}
