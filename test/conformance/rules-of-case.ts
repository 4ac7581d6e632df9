/** The rules of a case as the plan that the engine takes. */
import type { AssignPlan, TriggerPlan } from "../../compiler/contract/runtime-config.ts";
import type { WindowRules } from "../../runtime/windows/operator.ts";
import { CannotRun, type Case, type TriggerShape, type WindowShape } from "./case-shape.ts";

export function rulesOf(one: Case): WindowRules {
  return {
    assign: assignOf(one.window ?? { fn: "global" }),
    trigger: triggerOf(one.trigger ?? { t: "default" }),
    latenessMs: one.allowedLateness ?? 0,
    panes: pick(
      "mode",
      one.mode,
      { accumulating: "accumulate", discarding: "discard", retracting: "retract" },
      "discard",
    ),
    onTime: pick("onTime", one.onTime, fire, "always"),
    closing: pick("closing", one.closing, fire, "if_new"),
    timestamp: pick("timestampCombiner", one.timestampCombiner, combiners, "end"),
    lateBy: "own",
    aggregates: [{ fn: "list" }],
  };
}

const fire = {
  fireAlways: "always",
  always: "always",
  fireIfNonEmpty: "if_new",
  ifNonEmpty: "if_new",
} as const;
const combiners = { endOfWindow: "end", earliest: "earliest", latest: "latest" } as const;

function pick<T extends string>(
  name: string,
  text: string | undefined,
  by: Readonly<Record<string, T>>,
  otherwise: T,
): T {
  if (text === undefined) return otherwise;
  const found = by[text];
  if (found === undefined) throw new CannotRun(`the ${name} '${text}' is not known`);
  return found;
}

export function assignOf({ fn, size = 0, period = 0, offset = 0, gap = 0 }: WindowShape): AssignPlan {
  switch (fn) {
    case "fixed":
      return { kind: "fixed", sizeMs: size, offsetMs: offset };
    case "sliding":
      return { kind: "sliding", sizeMs: size, everyMs: period, offsetMs: offset };
    case "session":
    case "sessions":
      return { kind: "session", gapMs: gap };
    case "global":
      return { kind: "global" };
    default:
      throw new CannotRun(`the window '${fn}' is not known`);
  }
}

export function triggerOf(shape: TriggerShape): TriggerPlan {
  const { t, n = 1, delay = 0, of, until, early, late } = shape;
  const all = of === undefined ? [] : Array.isArray(of) ? of.map(triggerOf) : [triggerOf(of as TriggerShape)];
  const first = (): TriggerPlan => all[0] ?? fail(`'${t}' without a part`);
  switch (t) {
    case "default":
      return { kind: "repeatedly", of: { kind: "after_watermark" } };
    case "endOfWindow":
    case "afterWatermark":
      return {
        kind: "after_watermark",
        ...(early && { early: triggerOf(early) }),
        ...(late && { late: triggerOf(late) }),
      };
    case "count":
    case "afterCount":
    case "elementCountAtLeast":
      return { kind: "after_count", count: n };
    case "processingTime":
    case "afterProcessingTime":
    case "afterSynchronizedProcessingTime":
      return { kind: "after_processing_time", delayMs: delay };
    case "repeatedly":
      return { kind: "repeatedly", of: first() };
    case "afterFirst":
      return { kind: "first_of", of: all };
    case "afterAll":
      return { kind: "all_of", of: all };
    case "afterEach":
      return { kind: "each_of", of: all };
    case "orFinally":
      return { kind: "or_finally", of: first(), until: until ? triggerOf(until) : (all[1] ?? fail("no 'until'")) };
    case "never":
      return { kind: "never" };
    default:
      return fail(`the trigger '${t}' is not known here`);
  }
}

function fail(message: string): never {
  throw new CannotRun(message);
}
