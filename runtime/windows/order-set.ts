/** Orders of cells, 64 to a block of bits: millions of neighbours take little room. */
const blockOrders = 64;

export class OrderSet {
  private readonly places = new Map<number, number>();
  private bits = new Uint32Array(64);

  add(order: number): void {
    const block = Math.floor(order / blockOrders);
    let place = this.places.get(block);
    if (place === undefined) {
      place = 2 * this.places.size;
      this.places.set(block, place);
      if (place >= this.bits.length) this.grow();
    }
    const bit = order % blockOrders;
    this.bits[place + (bit >> 5)]! |= 1 << (bit & 31);
  }

  clear(): void {
    this.places.clear();
    this.bits = new Uint32Array(64);
  }

  *[Symbol.iterator](): Generator<number, undefined> {
    for (const [block, place] of this.places)
      for (let bit = 0; bit < blockOrders; bit++)
        if ((this.bits[place + (bit >> 5)]! >>> (bit & 31)) & 1) yield block * blockOrders + bit;
    return undefined;
  }

  private grow(): void {
    const larger = new Uint32Array(2 * this.bits.length);
    larger.set(this.bits);
    this.bits = larger;
  }
}
