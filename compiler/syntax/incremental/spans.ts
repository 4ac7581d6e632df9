/** The places in a part of a tree, and moving them when text before it grew or shrank. */
import type { Diagnostic } from "../../source/diagnostic.ts";
import type { Location, Span } from "../../source/span.ts";

interface Place {
  start: number;
  end: number;
}

/** Every span in plain data, each object once. Nothing but spans has both a `start` and an `end` that are numbers. */
export function spansIn(...roots: readonly unknown[]): readonly Span[] {
  const found = new Set<Place>();
  const seen = new Set<object>();
  const stack: unknown[] = [...roots];
  while (stack.length > 0) {
    const at = stack.pop();
    if (typeof at !== "object" || at === null || ArrayBuffer.isView(at) || seen.has(at)) continue;
    if (isPlace(at)) found.add(at);
    else {
      seen.add(at);
      for (const value of Object.values(at)) if (typeof value === "object") stack.push(value);
    }
  }
  return [...found];
}

const isPlace = (value: object): value is Place =>
  "start" in value && "end" in value && typeof value.start === "number" && typeof value.end === "number";

/** Moves them where they are: whoever holds the tree sees it in its new place. */
export function moveSpans(spans: readonly Span[], by: number): void {
  for (const span of spans as readonly Place[]) {
    span.start += by;
    span.end += by;
  }
}

/** A new diagnostic: those already handed out stay as they are. */
export function movedDiagnostic(one: Diagnostic, by: number): Diagnostic {
  const moved = <T extends Location>(at: T): T => ({ ...at, start: at.start + by, end: at.end + by });
  return {
    ...one,
    at: moved(one.at),
    related: one.related.map((each) => ({ ...each, at: moved(each.at) })),
    fixes: one.fixes.map((fix) => ({ ...fix, edits: fix.edits.map(moved) })),
  };
}

/** Whether everything that the diagnostic points at is in the span of that file. */
export function isWithin({ at, related, fixes }: Diagnostic, file: string, { start, end }: Span): boolean {
  const fits = (place: Location): boolean => place.file === file && place.start >= start && place.end <= end;
  return fits(at) && related.every((each) => fits(each.at)) && fixes.every(({ edits }) => edits.every(fits));
}
