/** The parts of timestamps and durations: CEL's standard accessors. */
import { overload, rowsOf } from "./function-rows.ts";
import type { FunctionRow, Overload } from "./rows.ts";

const core = rowsOf("core");

function ofTimestamp(id: string, idInZone = `${id}_with_tz`): readonly Overload[] {
  return [overload(id, "timestamp", "int"), overload(idInZone, "timestamp", "string", "int")];
}
function accessor(name: string, overloads: readonly Overload[], doc: string): FunctionRow {
  return core(
    name,
    "method",
    ["time", "zone"],
    overloads,
    `${doc} In UTC, or in the zone ("Europe/Paris", "+02:00").`,
    `event.time.${name}()`,
  );
}

export const timeFunctions: readonly FunctionRow[] = [
  accessor("getFullYear", ofTimestamp("timestamp_to_year"), "The year."),
  accessor("getMonth", ofTimestamp("timestamp_to_month"), "The month, from 0."),
  accessor("getDate", ofTimestamp("timestamp_to_day_of_month_1_based"), "The day of the month, from 1."),
  accessor("getDayOfMonth", ofTimestamp("timestamp_to_day_of_month"), "The day of the month, from 0."),
  accessor("getDayOfWeek", ofTimestamp("timestamp_to_day_of_week"), "The day of the week, from 0 for Sunday."),
  accessor("getDayOfYear", ofTimestamp("timestamp_to_day_of_year"), "The day of the year, from 0."),
  accessor(
    "getHours",
    [...ofTimestamp("timestamp_to_hours"), overload("duration_to_hours", "duration", "int")],
    "The hour of the day, or the whole hours of a duration.",
  ),
  accessor(
    "getMinutes",
    [...ofTimestamp("timestamp_to_minutes"), overload("duration_to_minutes", "duration", "int")],
    "The minute of the hour, or all whole minutes of a duration.",
  ),
  accessor(
    "getSeconds",
    [
      ...ofTimestamp("timestamp_to_seconds", "timestamp_to_seconds_tz"),
      overload("duration_to_seconds", "duration", "int"),
    ],
    "The second of the minute, or all whole seconds of a duration.",
  ),
  accessor(
    "getMilliseconds",
    [...ofTimestamp("timestamp_to_milliseconds"), overload("duration_to_milliseconds", "duration", "int")],
    "The millisecond of the second, of a timestamp and of a duration.",
  ),
];
