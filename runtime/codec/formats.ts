/** The formats that are not part of the engine's generated code, by catalogue name. */
import { cloudevents } from "./cloudevents.ts";
import { csv } from "./csv.ts";
import type { Format } from "./format.ts";

export const formats: ReadonlyMap<string, Format> = new Map([csv, cloudevents].map((format) => [format.type, format]));
