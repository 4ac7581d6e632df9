/** The types of the expressions of a file: taken down part by part as they are found, looked up by few. */
import type { ValueType } from "../contract/value-type.ts";
import type { Expression } from "../syntax/ast.ts";

/** So often an expression is looked for one by one before a map is made. */
const mostSearches = 8;

/** What was found in one node, test or the like, one after the other. The last type counts where one was checked more than once. */
export class TypedPart {
  readonly #expressions: Expression[] = [];
  readonly #typeOfEach: ValueType[] = [];
  #types: Map<Expression, ValueType> | undefined;
  #searches = 0;

  add(e: Expression, type: ValueType): void {
    this.#types?.set(e, type);
    this.#expressions.push(e);
    this.#typeOfEach.push(type);
  }

  get(e: Expression): ValueType | undefined {
    if (this.#types || this.#searches++ >= mostSearches) return this.types.get(e);
    const at = this.#expressions.lastIndexOf(e);
    return at < 0 ? undefined : this.#typeOfEach[at];
  }

  /** Made when somebody asks for many: a check alone hardly does. */
  get types(): ReadonlyMap<Expression, ValueType> {
    this.#types ??= new Map(this.#expressions.map((e, i) => [e, this.#typeOfEach[i]!]));
    return this.#types;
  }
}

export class TypedExpressions {
  readonly #parts: TypedPart[] = [];
  #part: TypedPart | undefined;

  /** What is found from now on is a part of its own. */
  begin(): TypedPart {
    this.#part = new TypedPart();
    this.#parts.push(this.#part);
    return this.#part;
  }

  /** What is found from now on belongs to no part that anyone keeps. */
  end(): void {
    this.#part = undefined;
  }

  add(e: Expression, type: ValueType): void {
    (this.#part ?? this.begin()).add(e, type);
  }

  /** What was found in an earlier check of the same trees. */
  addPart(part: TypedPart): void {
    this.#parts.push(part);
    this.end();
  }

  /** The type of an expression of the present part. */
  latest(e: Expression): ValueType | undefined {
    return this.#part?.get(e);
  }

  get types(): ReadonlyMap<Expression, ValueType> {
    return new TypesOfParts(this.#parts);
  }
}

/** All parts as one map, without copying them for those who ask for few. */
class TypesOfParts implements ReadonlyMap<Expression, ValueType> {
  readonly #parts: readonly TypedPart[];
  #whole: ReadonlyMap<Expression, ValueType> | undefined;

  constructor(parts: readonly TypedPart[]) {
    this.#parts = parts;
  }

  get(e: Expression): ValueType | undefined {
    for (let i = this.#parts.length - 1; i >= 0; i--) {
      const type = this.#parts[i]!.get(e);
      if (type) return type;
    }
    return undefined;
  }

  has(e: Expression): boolean {
    return this.get(e) !== undefined;
  }

  get size(): number {
    return this.#all.size;
  }

  forEach(each: (type: ValueType, e: Expression, map: ReadonlyMap<Expression, ValueType>) => void): void {
    for (const [e, type] of this.#all) each(type, e, this);
  }

  entries(): MapIterator<[Expression, ValueType]> {
    return this.#all.entries();
  }

  keys(): MapIterator<Expression> {
    return this.#all.keys();
  }

  values(): MapIterator<ValueType> {
    return this.#all.values();
  }

  [Symbol.iterator](): MapIterator<[Expression, ValueType]> {
    return this.entries();
  }

  get #all(): ReadonlyMap<Expression, ValueType> {
    this.#whole ??= new Map(this.#parts.flatMap(({ types }) => [...types]));
    return this.#whole;
  }
}
