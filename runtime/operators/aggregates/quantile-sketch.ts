/**
 * Quantiles in bounded memory: exact, with linear interpolation between neighbours, for up to `exactLength` values; beyond that
 * within `relativeError` (0.5 %) of the value at the nearest rank.
 * Source: Masson, Rim, Lee, "DDSketch: a fast and fully-mergeable quantile sketch with relative-error guarantees".
 * With more than `maxBins` bins (values spread over more than some 17 powers of ten either side of zero) the bins nearest zero are merged, so
 * that only values there lose the guarantee.
 */

export const relativeError = 0.005;
const exactLength = 1_000;
const maxBins = 8_192;
const gamma = (1 + relativeError) / (1 - relativeError);
const logGamma = Math.log(gamma);

export class QuantileSketch {
  private exact: number[] | undefined = [];
  private count = 0;
  private zeros = 0;
  private readonly positive = new Map<number, number>();
  private readonly negative = new Map<number, number>();

  /** What it holds, as plain values; `of` makes the same sketch of it. The order of bins has no meaning. */
  state(): readonly unknown[] {
    return this.exact ?? [null, this.count, this.zeros, this.positive, this.negative];
  }

  static of(state: unknown): QuantileSketch {
    const sketch = new QuantileSketch();
    const values: readonly unknown[] = Array.isArray(state) ? state : [];
    if (values[0] !== null) {
      for (const value of values) sketch.add(Number(value));
      return sketch;
    }
    sketch.exact = undefined;
    sketch.count = Number(values[1]);
    sketch.zeros = Number(values[2]);
    refill(sketch.positive, values[3]);
    refill(sketch.negative, values[4]);
    return sketch;
  }

  /** NaN is left out. */
  add(value: number): void {
    if (Number.isNaN(value)) return;
    this.count++;
    if (this.exact === undefined) this.place(value, 1);
    else if (this.exact.push(value) > exactLength) this.spill();
  }

  merge(other: QuantileSketch): void {
    if (other.exact !== undefined) {
      for (const value of other.exact) this.add(value);
      return;
    }
    if (this.exact !== undefined) this.spill();
    this.count += other.count;
    this.zeros += other.zeros;
    for (const [bin, n] of other.positive) count(this.positive, bin, n);
    for (const [bin, n] of other.negative) count(this.negative, bin, n);
  }

  /** @param p 0 … 1; NaN when there are no values. */
  quantile(p: number): number {
    if (this.count === 0) return Number.NaN;
    if (this.exact !== undefined)
      return interpolated(
        this.exact.slice().sort((a, b) => a - b),
        p,
      );
    const rank = Math.min(this.count, Math.max(1, Math.ceil(p * this.count)));
    return this.atRank(rank);
  }

  private atRank(rank: number): number {
    let seen = 0;
    const ascending = [
      ...[...this.negative].sort((a, b) => b[0] - a[0]).map(([bin, n]) => ({ value: -middleOf(bin), n })),
      { value: 0, n: this.zeros },
      ...[...this.positive].sort((a, b) => a[0] - b[0]).map(([bin, n]) => ({ value: middleOf(bin), n })),
    ];
    for (const { value, n } of ascending) {
      seen += n;
      if (seen >= rank) return value;
    }
    return ascending.at(-1)!.value;
  }

  private spill(): void {
    const values = this.exact ?? [];
    this.exact = undefined;
    for (const value of values) this.place(value, 1);
  }

  private place(value: number, n: number): void {
    const size = Math.abs(value);
    if (size < Number.MIN_VALUE * 2 ** 52) this.zeros += n;
    else
      count(
        value > 0 ? this.positive : this.negative,
        Math.ceil(Math.log(Math.min(size, Number.MAX_VALUE)) / logGamma),
        n,
      );
  }
}

function refill(bins: Map<number, number>, entries: unknown): void {
  if (entries instanceof Map) for (const [bin, n] of entries) bins.set(Number(bin), Number(n));
}

function interpolated(ascending: readonly number[], p: number): number {
  const at = p * (ascending.length - 1);
  const below = ascending[Math.floor(at)]!;
  const above = ascending[Math.ceil(at)]!;
  return below === above ? below : below + (above - below) * (at - Math.floor(at));
}

function count(bins: Map<number, number>, bin: number, n: number): void {
  bins.set(bin, (bins.get(bin) ?? 0) + n);
  if (bins.size <= maxBins) return;
  const [lowest, next] = [...bins.keys()].sort((a, b) => a - b);
  bins.set(next!, bins.get(next!)! + bins.get(lowest!)!);
  bins.delete(lowest!);
}

/** The middle of a bin `(gamma^(bin-1), gamma^bin]`, as far from either end in proportion. */
const middleOf = (bin: number): number => (2 * Math.exp(bin * logGamma)) / (gamma + 1);
