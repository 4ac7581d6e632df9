/** CEL's encoders extension. */
import { overload, rowsOf } from "./function-rows.ts";
import type { FunctionRow } from "./rows.ts";

const encoders = rowsOf("encoders");

export const encodingFunctions: readonly FunctionRow[] = [
  encoders(
    "base64.encode",
    "global",
    ["bytes"],
    [overload("base64_encode_bytes", "bytes", "string")],
    "The bytes in base64.",
    "base64.encode(bytes(data.text))",
  ),
  encoders(
    "base64.decode",
    "global",
    ["text"],
    [overload("base64_decode_string", "string", "bytes")],
    "The bytes that the base64 text stands for; padding may be left out.",
    "string(base64.decode(data.payload))",
  ),
];
