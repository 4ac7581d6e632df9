/** Numbers with units: what the units are, and how much a duration or a size is. */

/** From large to small, the order in which they are written. */
export const nanosByUnit: ReadonlyMap<string, bigint> = new Map([
  ["d", 86_400_000_000_000n],
  ["h", 3_600_000_000_000n],
  ["m", 60_000_000_000n],
  ["s", 1_000_000_000n],
  ["ms", 1_000_000n],
  ["us", 1_000n],
  ["ns", 1n],
]);

export const bytesByUnit: ReadonlyMap<string, number> = new Map([
  ["B", 1],
  ["KB", 1e3],
  ["MB", 1e6],
  ["GB", 1e9],
  ["TB", 1e12],
  ["KiB", 2 ** 10],
  ["MiB", 2 ** 20],
  ["GiB", 2 ** 30],
  ["TiB", 2 ** 40],
]);

/** What people write instead. */
export const unitByMisspelling: ReadonlyMap<string, string> = new Map(
  Object.entries({
    sec: "s",
    secs: "s",
    second: "s",
    seconds: "s",
    S: "s",
    min: "m",
    mins: "m",
    minute: "m",
    minutes: "m",
    M: "m",
    hr: "h",
    hrs: "h",
    hour: "h",
    hours: "h",
    H: "h",
    day: "d",
    days: "d",
    D: "d",
    msec: "ms",
    msecs: "ms",
    millis: "ms",
    milliseconds: "ms",
    micros: "us",
    µs: "us",
    nanos: "ns",
    kb: "KB",
    mb: "MB",
    gb: "GB",
    k: "KB",
    K: "KB",
    G: "GB",
    kib: "KiB",
    mib: "MiB",
    gib: "GiB",
    Ki: "KiB",
    Mi: "MiB",
    Gi: "GiB",
  }),
);

/** `5s`: one count and one unit, as nearly all are. */
const plainDuration = /^(\d{1,15})([a-z]+)$/;

/** Nanoseconds of `1h30m`; the text is known to be well formed. Digits below a nanosecond are cut off. */
export function nanosOf(text: string): bigint {
  const plain = plainDuration.exec(text);
  if (plain !== null) return BigInt(Number(plain[1])) * (nanosByUnit.get(plain[2]!) ?? 0n);
  let nanos = 0n;
  for (const [, whole = "0", fraction = "", unit = "s"] of text.matchAll(/(\d+)(?:\.(\d+))?([a-z]+)/g)) {
    const per = nanosByUnit.get(unit) ?? 0n;
    nanos += BigInt(whole) * per;
    if (fraction !== "") nanos += (BigInt(fraction) * per) / 10n ** BigInt(fraction.length);
  }
  return nanos;
}

/** Bytes of `64KiB` or `1.5MiB`. */
export function bytesOf(text: string): number {
  const [, count = "0", unit = "B"] = /^([\d.]+)([A-Za-z]+)$/.exec(text) ?? [];
  return Math.floor(Number(count) * (bytesByUnit.get(unit) ?? 1));
}
