/** Parts of timestamps, in UTC or in a time zone, and of durations. */
import { noSuchOverload } from "../evaluation-error.ts";
import { callText } from "../type-of.ts";
import { Duration } from "../values/duration.ts";
import { daysFromCivil, parseMillis } from "../values/rfc3339.ts";
import { parseTimestamp, Timestamp } from "../values/timestamp.ts";
import { textArgument } from "./arguments.ts";
import { zoneOffsetSeconds } from "./zone.ts";

/** Milliseconds since the epoch of a timestamp, or of the text that stands for one in data. */
export function millisOf(value: unknown): number {
  if (typeof value === "string") {
    const millis = parseMillis(value);
    return Number.isNaN(millis) ? parseTimestamp(value).unixMillis : millis;
  }
  if (value instanceof Timestamp) return value.unixMillis;
  throw noSuchOverload(callText("unixMillis", [value]));
}

/** The time on a clock in the zone, as a UTC date to be read with the `getUTC…` methods. */
function clock(name: string, time: unknown, zone: unknown): Date {
  if (!(time instanceof Timestamp)) throw noSuchOverload(callText(name, zone === undefined ? [time] : [time, zone]));
  const offset = zone === undefined ? 0 : zoneOffsetSeconds(textArgument(name, zone), time.seconds);
  return new Date((time.seconds + offset) * 1000);
}

function part(name: string, read: (date: Date) => number) {
  return (time: unknown, zone?: unknown) => read(clock(name, time, zone));
}

/** Of a duration: the whole of it in a unit, rounded toward zero. */
function partOrWhole(name: string, read: (date: Date) => number, unitSeconds: number) {
  return (time: unknown, zone?: unknown) =>
    time instanceof Duration ? Math.trunc(time.millis / 1000 / unitSeconds) + 0 : read(clock(name, time, zone));
}

function milliseconds(time: unknown, zone?: unknown): number {
  if (time instanceof Duration)
    return Math.trunc((time.seconds < 0 && time.nanos > 0 ? time.nanos - 1_000_000_000 : time.nanos) / 1_000_000) + 0;
  if (!(time instanceof Timestamp)) throw noSuchOverload(callText("getMilliseconds", [time]));
  if (zone !== undefined) zoneOffsetSeconds(textArgument("getMilliseconds", zone), time.seconds);
  return Math.floor(time.nanos / 1_000_000);
}

function dayOfYear(date: Date): number {
  const year = date.getUTCFullYear();
  return daysFromCivil(year, date.getUTCMonth() + 1, date.getUTCDate()) - daysFromCivil(year, 1, 1);
}

export const time = {
  getFullYear: part("getFullYear", (date) => date.getUTCFullYear()),
  getMonth: part("getMonth", (date) => date.getUTCMonth()),
  getDate: part("getDate", (date) => date.getUTCDate()),
  getDayOfMonth: part("getDayOfMonth", (date) => date.getUTCDate() - 1),
  getDayOfWeek: part("getDayOfWeek", (date) => date.getUTCDay()),
  getDayOfYear: part("getDayOfYear", dayOfYear),
  getHours: partOrWhole("getHours", (date) => date.getUTCHours(), 3600),
  getMinutes: partOrWhole("getMinutes", (date) => date.getUTCMinutes(), 60),
  getSeconds: partOrWhole("getSeconds", (date) => date.getUTCSeconds(), 1),
  getMilliseconds: milliseconds,
};
