/** What streams need and CEL lacks. All of it is pure: the same event always gives the same result. */
import { overload, rowsOf } from "./function-rows.ts";
import type { FunctionRow } from "./rows.ts";

const stream = rowsOf("stream");

export const streamFunctions: readonly FunctionRow[] = [
  stream(
    "unixMillis",
    "method",
    ["time"],
    [overload("timestamp_unixMillis", "timestamp", "int")],
    "Milliseconds since 1970.",
    "event.time.unixMillis()",
  ),
  stream(
    "timestampMillis",
    "global",
    ["millis"],
    [overload("timestampMillis_int", "int", "timestamp")],
    "The timestamp so many milliseconds after 1970.",
    "timestampMillis(data.ts)",
  ),
  stream(
    "hash",
    "global",
    ["value"],
    [overload("hash_any", "T", "int")],
    "A hash of the value: not negative, the same on every machine and in every version.",
    "hash(data.user) % 16",
  ),
  stream(
    "uuid",
    "global",
    ["parts"],
    [overload("uuid_any", "any...", "string")],
    "A UUID made from the parts (name-based, version 5): the same parts always give the same one.",
    "uuid(event.source, event.id)",
  ),
  stream(
    "parseJson",
    "global",
    ["text"],
    [overload("parseJson_string", "string", "any"), overload("parseJson_bytes", "bytes", "any")],
    "The value that the JSON text stands for; an error, and so a bad event, when it is not JSON.",
    "parseJson(data.message).level",
  ),
  stream(
    "toJson",
    "global",
    ["value"],
    [overload("toJson_any", "T", "string")],
    "The value as JSON text on one line.",
    "toJson(data)",
  ),
];
