/** Which windows a time belongs to, where that is a matter of the time alone. */
import type { AssignPlan } from "../../compiler/contract/runtime-config.ts";
import type { TimeWindow } from "./cell.ts";

/** In order of time. */
export type Assigner = (timeMs: number) => readonly TimeWindow[];

const always: readonly TimeWindow[] = [{ start: Number.NEGATIVE_INFINITY, end: Number.POSITIVE_INFINITY }];

/** @throws Error when the plan makes no windows. */
export function assigner(assign: Exclude<AssignPlan, { readonly kind: "session" | "count" }>): Assigner {
  switch (assign.kind) {
    case "global":
      return () => always;
    case "fixed": {
      const { sizeMs, offsetMs } = checkedFixed(assign);
      return (timeMs) => [fixedWindow(timeMs, sizeMs, offsetMs)];
    }
    case "sliding": {
      const { sizeMs, everyMs, offsetMs } = checkedSliding(assign);
      return (timeMs) => slidingWindows(timeMs, sizeMs, everyMs, offsetMs);
    }
  }
}

export function fixedWindow(timeMs: number, sizeMs: number, offsetMs: number): TimeWindow {
  const start = Math.floor((timeMs - offsetMs) / sizeMs) * sizeMs + offsetMs;
  return { start, end: start + sizeMs };
}

/** None between windows that do not touch. */
export function slidingWindows(timeMs: number, sizeMs: number, everyMs: number, offsetMs: number): TimeWindow[] {
  const last = Math.floor((timeMs - offsetMs) / everyMs) * everyMs + offsetMs;
  const windows: TimeWindow[] = [];
  for (let i = Math.ceil((last + sizeMs - timeMs) / everyMs) - 1; i >= 0; i--) {
    const start = last - i * everyMs;
    windows.push({ start, end: start + sizeMs });
  }
  return windows;
}

/** An offset of the size and more, or below 0, is one that was not meant. */
export function checkedFixed<P extends { readonly sizeMs: number; readonly offsetMs: number }>(plan: P): P {
  if (!(plan.sizeMs > 0 && plan.offsetMs >= 0 && plan.offsetMs < plan.sizeMs))
    throw new Error("a fixed window needs a size above 0 and 0 <= offset < size");
  return plan;
}

export function checkedSliding<
  P extends { readonly sizeMs: number; readonly everyMs: number; readonly offsetMs: number },
>(plan: P): P {
  if (!(plan.sizeMs > 0 && plan.everyMs > 0 && plan.offsetMs >= 0 && plan.offsetMs < plan.everyMs))
    throw new Error("a sliding window needs a size and a period above 0 and 0 <= offset < period");
  return plan;
}

export function checkedSession<P extends { readonly gapMs: number }>(plan: P): P {
  if (!(plan.gapMs > 0)) throw new Error("a session needs a gap above 0");
  return plan;
}
