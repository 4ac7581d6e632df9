/** What stands between a stage and a sink of any shape. */
import type { ByteOutput } from "./byte-output.ts";
import type { MessageOutput } from "./message-output.ts";
import type { RecordOutput } from "./record-output.ts";

export type Output = ByteOutput | MessageOutput | RecordOutput;
