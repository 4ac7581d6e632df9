/** Whatever was thrown, in one sentence with the place in the user's code. */
import { placeText } from "./place.ts";

/** The name of the user's module in stacks. */
export const moduleUrl = "flow:code";

const frame = new RegExp(`${moduleUrl}:(\\d+)`);
const longestReason = 2_000;

export function explain(error: unknown, place: string): string {
  try {
    const line = error instanceof Error ? frame.exec(error.stack ?? "")?.[1] : undefined;
    const text = error instanceof Error ? `${error.name}: ${error.message}` : `thrown: ${textOf(error)}`;
    return `${text.slice(0, longestReason)}${line === undefined ? "" : placeText(place, Number(line))}`;
  } catch {
    return "thrown: a value that cannot be shown";
  }
}

function textOf(value: unknown): string {
  return typeof value === "object" && value !== null ? (JSON.stringify(value) ?? "an object") : String(value);
}
