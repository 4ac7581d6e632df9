/** What a `dedupe` remembers: the keys that it let through, by event time. */

/** Keys that are due to be forgotten are looked at together, so many times within `withinMs`. */
const slots = 16;

/**
 * The keys that were let through, each with its event time. An event is a duplicate when its key was let through less than `withinMs` away from
 * it, before or after. A key is forgotten once the watermark has passed its time by `withinMs`: whether it has does not depend on when the memory is freed.
 */
export class PassedKeys {
  /** Keys whose times changed, for checkpoints; undefined while nobody keeps them. */
  changed: Set<string | number> | undefined;
  private readonly withinMs: number;
  private readonly slotMs: number;
  /** One time, or several that are at least `withinMs` apart. */
  private readonly timesByHash = new Map<string | number, number | readonly number[]>();
  /** By the slot in which their time falls. */
  private readonly hashesBySlot = new Map<number, (string | number)[]>();
  private firstSlot = Number.POSITIVE_INFINITY;

  constructor(withinMs: number) {
    this.withinMs = withinMs;
    this.slotMs = Math.max(1, Math.ceil(withinMs / slots));
  }

  /** False for a duplicate. */
  pass(hash: string | number, timeMs: number, watermarkMs: number): boolean {
    const freedMs = watermarkMs - this.withinMs;
    if ((this.firstSlot + 1) * this.slotMs <= freedMs) this.free(freedMs);
    const times = this.timesByHash.get(hash);
    if (times !== undefined && this.isNear(times, timeMs, freedMs)) return false;
    // Already forgotten: nothing that comes can be compared with it.
    if (timeMs <= freedMs) return true;
    this.timesByHash.set(hash, times === undefined ? timeMs : [...listOf(times), timeMs]);
    this.changed?.add(hash);
    this.put(hash, timeMs);
    return true;
  }

  /** Keys remembered. */
  get size(): number {
    return this.timesByHash.size;
  }

  /** Undefined: forgotten. */
  timesOf(hash: string | number): readonly number[] | undefined {
    const times = this.timesByHash.get(hash);
    return times === undefined ? undefined : listOf(times);
  }

  /** Before the first event. */
  restore(hash: string | number, times: readonly number[]): void {
    this.timesByHash.set(hash, times.length === 1 ? times[0]! : times);
    for (const timeMs of times) this.put(hash, timeMs);
  }

  private isNear(times: number | readonly number[], timeMs: number, freedMs: number): boolean {
    const isNear = (time: number) => time > freedMs && Math.abs(time - timeMs) < this.withinMs;
    return typeof times === "number" ? isNear(times) : times.some(isNear);
  }

  private put(hash: string | number, timeMs: number): void {
    const slot = Math.floor(timeMs / this.slotMs);
    const hashes = this.hashesBySlot.get(slot);
    if (hashes !== undefined) hashes.push(hash);
    else this.hashesBySlot.set(slot, [hash]);
    if (slot < this.firstSlot) this.firstSlot = slot;
  }

  /** Forgets every key in slots that lie wholly at or before `freedMs`. */
  private free(freedMs: number): void {
    this.firstSlot = Number.POSITIVE_INFINITY;
    for (const [slot, hashes] of this.hashesBySlot) {
      if ((slot + 1) * this.slotMs > freedMs) {
        if (slot < this.firstSlot) this.firstSlot = slot;
        continue;
      }
      this.hashesBySlot.delete(slot);
      for (const hash of hashes) this.forget(hash, freedMs);
    }
  }

  private forget(hash: string | number, freedMs: number): void {
    const times = this.timesByHash.get(hash);
    if (times === undefined) return;
    const left = listOf(times).filter((time) => time > freedMs);
    if (left.length === 0) this.timesByHash.delete(hash);
    else this.timesByHash.set(hash, left.length === 1 ? left[0]! : left);
    this.changed?.add(hash);
  }
}

const listOf = (times: number | readonly number[]): readonly number[] => (typeof times === "number" ? [times] : times);
