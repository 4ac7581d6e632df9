/** How plans name a place in the .flow file. */
import type { Location } from "../../source/span.ts";

/** `file:line:column`. */
export type At = (origin: Location) => string;
