/** Compares what came out with what a case asserts. */
import { isDeepStrictEqual } from "node:util";
import { type Assertion, CannotRun, type Case, Different, type Expectation, type PaneShape } from "./case-shape.ts";
import { isWindow, timeOf } from "./times.ts";
import type { SeenPane } from "./window-driver.ts";

/** All that a case on windows can expect of their panes. */
export function comparePanes(one: Case, seen: readonly SeenPane[]): void {
  const { panes, groups, windows, paneCount, assert } = one.expect;
  if (paneCount !== undefined && seen.length !== paneCount)
    throw new Different(`${seen.length} panes, not ${paneCount}: ${seen.map(show).join("; ")}`);
  if (panes !== undefined) compareList(one, panes, seen);
  if (groups !== undefined) compareList(one, groups, seen);
  if (windows !== undefined) compareWindows(windows, seen);
  for (const assertion of assert ?? []) compareAssertion(one, assertion, seen);
}

/** In order within each key and window. */
export function compareList(one: Case, expected: readonly PaneShape[], seen: readonly SeenPane[]): void {
  const rest = [...seen];
  for (const pane of expected) {
    const at = rest.findIndex((two) => isOf(pane, two));
    const found = rest[at];
    const wrong = found === undefined ? "missing" : difference(one, pane, found);
    if (wrong !== undefined)
      throw new Different(`pane ${JSON.stringify(pane)}: ${wrong}; all panes: ${seen.map(show).join("; ")}`);
    rest.splice(at, 1);
  }
  if (rest.length > 0) throw new Different(`unexpected ${rest.map(show).join("; ")}`);
}

/** What all panes of each window have together. */
export function compareWindows(wanted: NonNullable<Expectation["windows"]>, panes: readonly SeenPane[]): void {
  const rest = new Set(panes);
  for (const { w, ts, values = ts } of wanted) {
    const own = [...rest].filter((pane) => isWindow(w, pane));
    for (const pane of own) rest.delete(pane);
    const given = own.flatMap((pane) => pane.values);
    if (own.length === 0 || (values !== undefined && !sameValues(values, given)))
      throw new Different(`${JSON.stringify(w)} has ${JSON.stringify(given)}`);
  }
  if (rest.size > 0) throw new Different(`unexpected ${[...rest].map(show).join("; ")}`);
}

const isOf = (pane: PaneShape, seen: SeenPane): boolean =>
  (pane.k === undefined || isDeepStrictEqual(pane.k, seen.key)) && (pane.w === undefined || isWindow(pane.w, seen));

function difference(one: Case, expected: PaneShape, { pane, values }: SeenPane): string | undefined {
  if (expected.values !== undefined && !isValues(one, expected.values, values)) return `has ${JSON.stringify(values)}`;
  const facts: readonly (readonly [string, unknown, unknown])[] = [
    ["timing", expected.timing?.toLowerCase(), pane.timing],
    ["index", expected.index, pane.index],
    ["onTimeIndex", expected.onTimeIndex, pane.onTimeIndex],
    ["first", expected.first, pane.isFirst],
    ["last", expected.last, pane.isLast],
    ["ts", expected.ts === undefined ? undefined : timeOf(expected.ts), pane.timeMs],
  ];
  const wrong = facts.find(([, wanted, found]) => wanted !== undefined && wanted !== found);
  return wrong && `${wrong[0]} is ${String(wrong[2])}, not ${String(wrong[1])}`;
}

function isValues(one: Case, expected: unknown, values: readonly unknown[]): boolean {
  if (Array.isArray(expected)) return sameValues(expected, values);
  return isDeepStrictEqual(expected, combined(one.combine, values));
}

/** The same values, in any order. */
export const sameValues = (a: readonly unknown[], b: readonly unknown[]): boolean =>
  isDeepStrictEqual(a.map((one) => JSON.stringify(one)).sort(), b.map((one) => JSON.stringify(one)).sort());

function combined(combine: string | undefined, values: readonly unknown[]): unknown {
  const numbers = values.map(Number);
  switch (combine) {
    case "sum":
      return numbers.reduce((a, b) => a + b, 0);
    case "count":
      return values.length;
    case "max":
      return Math.max(...numbers);
    case "min":
      return Math.min(...numbers);
    case "list":
      return values;
    case "mean":
      return numbers.reduce((a, b) => a + b, 0) / numbers.length;
    default:
      throw new CannotRun(`the combination '${combine}' is not known`);
  }
}

const chosen: Readonly<Record<string, (pane: SeenPane) => boolean>> = {
  allPanes: () => true,
  windowEmpty: () => true,
  earlyPanes: ({ pane }) => pane.timing === "early",
  nonLatePanes: ({ pane }) => pane.timing !== "late",
  latePanes: ({ pane }) => pane.timing === "late",
  onTimePane: ({ pane }) => pane.timing === "on_time",
  finalPane: ({ pane }) => pane.isLast,
};

function compareAssertion(
  one: Case,
  { kind, k, w, values, combined: results, paneCount }: Assertion,
  seen: readonly SeenPane[],
): void {
  const isChosen = chosen[kind];
  if (isChosen === undefined) throw new CannotRun(`the assertion '${kind}' is not known`);
  const own = seen.filter(
    (pane) => isChosen(pane) && isOf({ ...(k === undefined ? {} : { k }), ...(w && { w }) }, pane),
  );
  const all = own.flatMap((pane) => pane.values);
  const shown = () => `${kind} ${JSON.stringify(w)}: ${own.map(show).join("; ") || "nothing"}`;
  if (paneCount !== undefined && own.length !== paneCount) throw new Different(shown());
  if (kind === "windowEmpty" && all.length > 0) throw new Different(shown());
  if (values !== undefined && !sameValues(values, all)) throw new Different(shown());
  if (results === undefined) return;
  const given = own.map((pane) => combined(one.combine, pane.values));
  if (!sameValues([...results], given)) throw new Different(`${shown()} gives ${JSON.stringify(given)}`);
}

export function show({ key, window, values, pane }: SeenPane): string {
  const { timing, index, onTimeIndex, isFirst, isLast, timeMs } = pane;
  const flags = `${isFirst ? " first" : ""}${isLast ? " last" : ""}`;
  const who = key === null ? "" : `${JSON.stringify(key)} `;
  return `${who}[${window.start},${window.end}) ${JSON.stringify(values)} ${timing} ${index}/${onTimeIndex}${flags} at ${timeMs}`;
}
