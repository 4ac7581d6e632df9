/** Keeps the garbage collector's young generation small: records die young, so a large one only spreads them over more memory. */
import { setFlagsFromString } from "node:v8";

/**
 * To be called once by a program before it runs pipelines; not by a library. V8 looks at the limit whenever it thinks of growing. Measured on nested
 * records of 1.3 kB: peak memory 96 MB instead of 156 MB, at the same CPU time.
 */
export function limitYoungGeneration(megabytes = 4): void {
  setFlagsFromString(`--max-semi-space-size=${megabytes}`);
}
