/** Durations, sizes and rates as the catalogue's defaults and the custom resource write them: `1h30m`, `64KiB`, `100/s`. */
import { bytesByUnit, bytesOf, nanosByUnit, nanosOf } from "../../syntax/numbers.ts";

const number = "[0-9]+(\\.[0-9]+)?";
const units = (names: Iterable<string>): string => [...names].join("|");

/** Patterns that Go and ECMAScript read alike. */
export const durationPattern = `^(${number}(${units(nanosByUnit.keys())}))+$`;
export const sizePattern = `^${number}(${units(bytesByUnit.keys())})$`;
export const ratePattern = `^${number}/(ms|s|m|h|d)$`;

/** undefined when it is no duration. */
export const durationMs = (text: string): number | undefined =>
  new RegExp(durationPattern).test(text) ? Number(nanosOf(text)) / 1e6 : undefined;

/** undefined when it is no size. */
export const sizeBytes = (text: string): number | undefined =>
  new RegExp(sizePattern).test(text) ? bytesOf(text) : undefined;

/** undefined when it is no rate. */
export function rateOf(text: string): { readonly count: number; readonly perMs: number } | undefined {
  if (!new RegExp(ratePattern).test(text)) return undefined;
  const [count, unit] = text.split("/");
  return { count: Number(count), perMs: Number(nanosOf(`1${unit}`)) / 1e6 };
}
