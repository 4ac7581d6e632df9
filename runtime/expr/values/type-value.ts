/** What `type(x)` gives: a type, known by its CEL name. */

export class TypeValue {
  readonly typeName: string;

  constructor(typeName: string) {
    this.typeName = typeName;
  }

  toJSON(): string {
    return this.typeName;
  }
}
