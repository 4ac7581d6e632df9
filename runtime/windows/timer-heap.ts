/** Timers in order of time; of equal times by `rank`, whatever order they were set in. */
export class TimerHeap<T> {
  private readonly times: number[] = [];
  private readonly items: T[] = [];
  private readonly rank: (item: T) => number;

  constructor(rank: (item: T) => number) {
    this.rank = rank;
  }

  get size(): number {
    return this.items.length;
  }

  /** +∞ when there is none. */
  get nextMs(): number {
    return this.times.length === 0 ? Number.POSITIVE_INFINITY : this.times[0]!;
  }

  /** The one that is next; only where `size` is not 0. */
  get first(): T {
    return this.items[0]!;
  }

  push(timeMs: number, item: T): void {
    const { times, items } = this;
    let at = items.length;
    times.push(timeMs);
    items.push(item);
    while (at > 0) {
      const parent = (at - 1) >> 1;
      if (!this.isBefore(timeMs, item, parent)) break;
      times[at] = times[parent]!;
      items[at] = items[parent]!;
      at = parent;
    }
    times[at] = timeMs;
    items[at] = item;
  }

  pop(): T {
    const { times, items } = this;
    const first = items[0]!;
    const timeMs = times.pop()!;
    const item = items.pop()!;
    if (items.length > 0) this.sink(timeMs, item);
    return first;
  }

  /** Gives the first one another time. */
  replaceFirst(timeMs: number): void {
    this.sink(timeMs, this.items[0]!);
  }

  private sink(timeMs: number, item: T): void {
    const { times, items } = this;
    const size = items.length;
    let at = 0;
    for (;;) {
      let child = 2 * at + 1;
      if (child >= size) break;
      if (child + 1 < size && this.isBefore(times[child + 1]!, items[child + 1]!, child)) child++;
      if (this.isBefore(timeMs, item, child)) break;
      times[at] = times[child]!;
      items[at] = items[child]!;
      at = child;
    }
    times[at] = timeMs;
    items[at] = item;
  }

  private isBefore(timeMs: number, item: T, other: number): boolean {
    const otherMs = this.times[other]!;
    return timeMs < otherMs || (timeMs === otherMs && this.rank(item) < this.rank(this.items[other]!));
  }
}
