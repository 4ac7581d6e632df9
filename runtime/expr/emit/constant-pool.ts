/** What generated code needs from outside: constants and library functions, handed to it as the parameters k0, k1, …. */

export class ConstantPool {
  readonly #nameByValue = new Map<unknown, string>();

  /** The name under which generated code finds the value; one name per value. */
  ref(value: unknown): string {
    const known = this.#nameByValue.get(value);
    if (known !== undefined) return known;
    const name = `k${this.#nameByValue.size}`;
    this.#nameByValue.set(value, name);
    return name;
  }

  /** In the same order as `values`. */
  get names(): readonly string[] {
    return [...this.#nameByValue.values()];
  }

  get values(): readonly unknown[] {
    return [...this.#nameByValue.keys()];
  }
}
