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

  /** An absent optional is JSON null. `JSON.stringify` asks a value once only, so the content is asked here. */
  toJSON(): unknown {
    const { content } = this;
    return isWrittenByItself(content) ? content.toJSON() : (content ?? null);
  }
}

/** A field of that name in data is no function. */
const isWrittenByItself = (value: unknown): value is { toJSON(): unknown } =>
  typeof value === "object" && value !== null && "toJSON" in value && typeof value.toJSON === "function";
