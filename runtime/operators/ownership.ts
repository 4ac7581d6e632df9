/**
 * Which parts of `data` nobody else can see at a point of a step, so that they may be changed in place. Decided while code is
 * generated; costs nothing at run time. Immutable.
 */
export class Ownership {
  /** Everything below the root is owned, but what lies under `shared`. */
  private readonly deep: boolean;
  private readonly owned: ReadonlySet<string>;
  private readonly shared: ReadonlySet<string>;

  private constructor(deep: boolean, owned: ReadonlySet<string>, shared: ReadonlySet<string>) {
    this.deep = deep;
    this.owned = owned;
    this.shared = shared;
  }

  /** Fresh from the decoder, with one reader. */
  static readonly all = new Ownership(true, new Set(), new Set());
  static readonly none = new Ownership(false, new Set(), new Set());
  /** A record just made by a literal: its fields may be anybody's. */
  static readonly root = new Ownership(false, new Set([keyOf([])]), new Set());

  owns(path: readonly string[]): boolean {
    if (this.owned.has(keyOf(path))) return true;
    if (!this.deep) return false;
    for (let length = 0; length <= path.length; length++)
      if (this.shared.has(keyOf(path.slice(0, length)))) return false;
    return true;
  }

  /** After the records along `path` were copied or made (the root first, the value at the end not among them). */
  withOwnContainers(path: readonly string[]): Ownership {
    const owned = new Set(this.owned);
    for (let length = 0; length < path.length; length++) owned.add(keyOf(path.slice(0, length)));
    return new Ownership(this.deep, owned, this.shared);
  }

  /** After a value that others may see was put at `path`. `aliases`: it may be a part of this very data. */
  withForeignValue(path: readonly string[], aliases: boolean): Ownership {
    const prefix = keyOf(path);
    const owned = new Set(
      [...this.owned].filter((key) => key !== prefix && !key.startsWith(`${prefix.slice(0, -1)},`)),
    );
    if (!aliases) return new Ownership(this.deep, owned, new Set([...this.shared, prefix]));
    const above = new Set<string>();
    for (let length = 0; length < path.length; length++) above.add(keyOf(path.slice(0, length)));
    return new Ownership(false, new Set([...owned].filter((key) => above.has(key))), new Set());
  }
}

function keyOf(path: readonly string[]): string {
  return JSON.stringify(path);
}
