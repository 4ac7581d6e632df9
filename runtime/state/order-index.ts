/**
 * Finds the orders of cells by 32 bits of a hash. Two numbers for each cell and no object, in many small tables that grow each by itself, so that no moment
 * needs twice the room. Of an order 32 bits are kept: whoever looks compares the cell itself.
 */
const tableBits = 6;
const firstSlots = 16;
/** Marks a free slot; a hash that is the same becomes another. */
const free = 0;

interface Table {
  /** Hash and order by turns. */
  slots: Uint32Array;
  used: number;
}

export class OrderIndex {
  private readonly tables: (Table | undefined)[] = new Array<Table | undefined>(1 << tableBits).fill(undefined);

  add(hash: number, order: number): void {
    const table = this.tableOf(hash);
    // Four fifths full at the most.
    if (5 * (table.used + 1) > 2 * table.slots.length) grow(table);
    put(table.slots, marked(hash), order >>> 0);
    table.used++;
  }

  /** The low 32 bits of the orders that were added with the hash. */
  find(hash: number): readonly number[] {
    const slots = this.tables[hash >>> (32 - tableBits)]?.slots;
    if (slots === undefined) return none;
    let found: number[] | undefined;
    const mark = marked(hash);
    const mask = slots.length - 1;
    for (let at = firstOf(mark, mask); slots[at] !== free; at = (at + 2) & mask) {
      if (slots[at] !== mark) continue;
      found ??= [];
      found.push(slots[at + 1]!);
    }
    return found ?? none;
  }

  remove(hash: number, order: number): void {
    const table = this.tables[hash >>> (32 - tableBits)];
    if (table === undefined) return;
    const { slots } = table;
    const mark = marked(hash);
    const mask = slots.length - 1;
    let at = firstOf(mark, mask);
    while (slots[at] !== mark || slots[at + 1] !== order >>> 0) {
      if (slots[at] === free) return;
      at = (at + 2) & mask;
    }
    table.used--;
    closeGap(slots, at, mask);
  }

  clear(): void {
    this.tables.fill(undefined);
  }

  private tableOf(hash: number): Table {
    const number = hash >>> (32 - tableBits);
    const table = this.tables[number] ?? { slots: new Uint32Array(2 * firstSlots), used: 0 };
    this.tables[number] = table;
    return table;
  }
}

const none: readonly number[] = [];
const marked = (hash: number): number => (hash >>> 0 === free ? 1 : hash >>> 0);
const firstOf = (mark: number, mask: number): number => (2 * mark) & mask;

function put(slots: Uint32Array, mark: number, order: number): void {
  const mask = slots.length - 1;
  let at = firstOf(mark, mask);
  while (slots[at] !== free) at = (at + 2) & mask;
  slots[at] = mark;
  slots[at + 1] = order;
}

function grow(table: Table): void {
  const larger = new Uint32Array(2 * table.slots.length);
  for (let at = 0; at < table.slots.length; at += 2)
    if (table.slots[at] !== free) put(larger, table.slots[at]!, table.slots[at + 1]!);
  table.slots = larger;
}

/** Moves back what stands behind a slot that becomes free, so that looking never stops too early. */
function closeGap(slots: Uint32Array, from: number, mask: number): void {
  let gap = from;
  for (let at = (from + 2) & mask; slots[at] !== free; at = (at + 2) & mask) {
    const home = firstOf(slots[at]!, mask);
    if (((at - home) & mask) < ((at - gap) & mask)) continue;
    slots[gap] = slots[at]!;
    slots[gap + 1] = slots[at + 1]!;
    gap = at;
  }
  slots[gap] = free;
  slots[gap + 1] = 0;
}
