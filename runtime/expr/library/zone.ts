/** Time zones by name or as an offset. The names are those that the JavaScript engine knows. */
import { invalidArgument } from "../evaluation-error.ts";

const offsetText = /^([+-]?)(\d{2}):(\d{2})$/;
const maxFormats = 100;
const formatByZone = new Map<string, Intl.DateTimeFormat>();

/** Seconds to add to UTC for the time on a clock in the zone. @throws EvaluationError when there is no such zone. */
export function zoneOffsetSeconds(zone: string, atSeconds: number): number {
  if (zone === "UTC" || zone === "" || zone === "Z") return 0;
  const match = offsetText.exec(zone);
  if (match === null) return namedOffset(zone, atSeconds);
  const [, sign, hours, minutes] = match;
  const seconds = Number(hours) * 3600 + Number(minutes) * 60;
  if (Number(hours) > 23 || Number(minutes) > 59) throw unknownZone(zone);
  return sign === "-" ? -seconds : seconds;
}

function unknownZone(zone: string): Error {
  return invalidArgument(`unknown time zone ${JSON.stringify(zone.slice(0, 60))}`);
}

function namedOffset(zone: string, atSeconds: number): number {
  const parts = new Map<string, string>();
  for (const part of formatOf(zone).formatToParts(atSeconds * 1000)) parts.set(part.type, part.value);
  const number = (type: string) => Number(parts.get(type));
  const year = parts.get("era") === "BC" ? 1 - number("year") : number("year");
  const local = new Date(0);
  local.setUTCFullYear(year, number("month") - 1, number("day"));
  local.setUTCHours(number("hour"), number("minute"), number("second"));
  return Math.round(local.getTime() / 1000) - atSeconds;
}

function formatOf(zone: string): Intl.DateTimeFormat {
  const known = formatByZone.get(zone);
  if (known !== undefined) return known;
  const format = makeFormat(zone);
  if (formatByZone.size >= maxFormats) formatByZone.clear();
  formatByZone.set(zone, format);
  return format;
}

function makeFormat(timeZone: string): Intl.DateTimeFormat {
  try {
    return new Intl.DateTimeFormat("en-US", {
      timeZone,
      hourCycle: "h23",
      era: "short",
      year: "numeric",
      month: "numeric",
      day: "numeric",
      hour: "numeric",
      minute: "numeric",
      second: "numeric",
    });
  } catch {
    throw unknownZone(timeZone);
  }
}
