/** The types of the expressions of a file: taken down part by part as they are found, looked up by few. */
import type { ValueType } from "../contract/value-type.ts";
import type { Expression } from "../syntax/ast.ts";

/** What was found in one node, test or the like, one after the other. The last type counts where one was checked more than once. */
export class TypedPart {
  readonly #found: { readonly e: Expression; readonly type: ValueType }[] = [];
  readonly #types = new Map<Expression, ValueType>();
  #next = 0;

  add(e: Expression, type: ValueType): void {
    this.#found.push({ e, type });
  }

  /** Made when somebody asks: a check alone hardly does. */
  get types(): ReadonlyMap<Expression, ValueType> {
    for (; this.#next < this.#found.length; this.#next++) {
      const { e, type } = this.#found[this.#next]!;
      this.#types.set(e, type);
    }
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
    return this.#part?.types.get(e);
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
    return this.#parts.findLast(({ types }) => types.has(e))?.types.get(e);
  }

  has(e: Expression): boolean {
    return this.#parts.some(({ types }) => types.has(e));
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
