/**
 * Reading and writing RFC 3339 times without going through `Date`, whose parser is slower and accepts other formats.
 * Source: RFC 3339 section 5.6; calendar arithmetic after Howard Hinnant, "chrono-compatible low-level date algorithms".
 */

/** Seconds since the epoch, whole; `NaN` when the text is not an RFC 3339 time of the years 1 to 9999. */
export function parseSeconds(text: string): number {
  const length = text.length;
  if (length < 20 || length > 35) return Number.NaN;
  if (
    text.charCodeAt(4) !== 45 ||
    text.charCodeAt(7) !== 45 ||
    text.charCodeAt(10) !== 84 ||
    text.charCodeAt(13) !== 58 ||
    text.charCodeAt(16) !== 58
  )
    return Number.NaN;
  const year = two(text, 0) * 100 + two(text, 2);
  const month = two(text, 5);
  const day = two(text, 8);
  const hour = two(text, 11);
  const minute = two(text, 14);
  const second = two(text, 17);
  // Comparisons are written so that NaN (not digits) fails them.
  if (!(year >= 1 && month >= 1 && month <= 12 && day >= 1 && hour <= 23 && minute <= 59 && second <= 59))
    return Number.NaN;
  if (day > 28 && day > daysInMonth(year, month)) return Number.NaN;
  const offset = offsetSeconds(text, fractionEnd(text));
  const seconds = daysFromCivil(year, month, day) * 86_400 + hour * 3600 + minute * 60 + second - offset;
  return seconds >= minSeconds && seconds <= maxSeconds ? seconds : Number.NaN;
}

export const minSeconds = -62_135_596_800;
export const maxSeconds = 253_402_300_799;

/** Nanoseconds within the second of a text that `parseSeconds` accepts. Digits after the ninth are dropped. */
export function parseNanos(text: string): number {
  if (text.charCodeAt(19) !== 46) return 0;
  let nanos = 0;
  let digits = 0;
  for (let index = 20; digits < 9; index++) {
    const digit = text.charCodeAt(index) - 48;
    if (!(digit >= 0 && digit <= 9)) break;
    nanos = nanos * 10 + digit;
    digits++;
  }
  for (; digits < 9; digits++) nanos *= 10;
  return nanos;
}

/** Milliseconds since the epoch of an RFC 3339 text, fractions of a millisecond dropped; `NaN` when it is not one. Allocates nothing. */
export function parseMillis(text: string): number {
  return text.length === 24 && text.startsWith(recentMinute) ? inRecentMinute(text) : parseAnyMillis(text);
}

/** `2024-01-02T03:04:` and its milliseconds: times of a stream are near each other, and read in a third of the time when only seconds differ. */
let recentMinute = "-";
let recentMinuteMillis = 0;

/** Of `2024-01-02T03:04:05.678Z`, whose first part is the recent minute's. */
function inRecentMinute(text: string): number {
  const second = two(text, 17);
  const hundredths = two(text, 20);
  const thousandth = text.charCodeAt(22) - 48;
  if (
    second <= 59 &&
    hundredths >= 0 &&
    thousandth >= 0 &&
    thousandth <= 9 &&
    text.charCodeAt(19) === 46 &&
    text.charCodeAt(23) === 90
  )
    return recentMinuteMillis + second * 1000 + hundredths * 10 + thousandth;
  return parseAnyMillis(text);
}

function parseAnyMillis(text: string): number {
  const seconds = parseSeconds(text);
  const millis =
    text.charCodeAt(19) !== 46 ? seconds * 1000 : seconds * 1000 + Math.floor(parseNanos(text) / 1_000_000);
  if (text.length === 24 && text.charCodeAt(23) === 90 && !Number.isNaN(millis)) {
    recentMinute = text.slice(0, 17);
    recentMinuteMillis = millis - (((millis % 60_000) + 60_000) % 60_000);
  }
  return millis;
}

function two(text: string, at: number): number {
  const tens = text.charCodeAt(at) - 48;
  const ones = text.charCodeAt(at + 1) - 48;
  return tens >= 0 && tens <= 9 && ones >= 0 && ones <= 9 ? tens * 10 + ones : Number.NaN;
}

/** Where the zone starts; -1 when a dot has no digits after it. */
function fractionEnd(text: string): number {
  if (text.charCodeAt(19) !== 46) return 19;
  let index = 20;
  for (; index < text.length; index++) {
    const code = text.charCodeAt(index);
    if (code < 48 || code > 57) break;
  }
  return index === 20 ? -1 : index;
}

function offsetSeconds(text: string, at: number): number {
  if (at < 0) return Number.NaN;
  const sign = text.charCodeAt(at);
  if (sign === 90) return text.length === at + 1 ? 0 : Number.NaN;
  if ((sign !== 43 && sign !== 45) || text.length !== at + 6 || text.charCodeAt(at + 3) !== 58) return Number.NaN;
  const hours = two(text, at + 1);
  const minutes = two(text, at + 4);
  if (!(hours <= 23 && minutes <= 59)) return Number.NaN;
  const offset = hours * 3600 + minutes * 60;
  return sign === 45 ? -offset : offset;
}

export function daysInMonth(year: number, month: number): number {
  if (month === 2) return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0) ? 29 : 28;
  return month === 4 || month === 6 || month === 9 || month === 11 ? 30 : 31;
}

/** Days since 1970-01-01. */
export function daysFromCivil(year: number, month: number, day: number): number {
  const shifted = month <= 2 ? year - 1 : year;
  const era = Math.floor(shifted / 400);
  const yearOfEra = shifted - era * 400;
  const dayOfYear = Math.floor((153 * (month + (month > 2 ? -3 : 9)) + 2) / 5) + day - 1;
  const dayOfEra = yearOfEra * 365 + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100) + dayOfYear;
  return era * 146_097 + dayOfEra - 719_468;
}

/** `2024-01-02T03:04:05.678Z`, with as many digits of the fraction as are needed: none, or up to nine. */
export function printRfc3339(seconds: number, nanos: number): string {
  const date = new Date(seconds * 1000).toISOString().slice(0, 19);
  return nanos === 0 ? `${date}Z` : `${date}.${printFraction(nanos)}Z`;
}

export function printFraction(nanos: number): string {
  return String(nanos).padStart(9, "0").replace(/0+$/, "");
}
