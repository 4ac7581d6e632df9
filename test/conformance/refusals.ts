/** What must be refused, and what must not: by the windows, by the check of triggers, or by the compiler. */
import { compile } from "../../compiler/compile.ts";
import { memoryHost } from "../../compiler/source/host.ts";
import { unsafeTrigger } from "../../runtime/windows/unsafe-trigger.ts";
import { windowOperator } from "../../runtime/windows/window-operator.ts";
import { CannotRun, type Case, type RefusalCheck, type Step, type WindowShape } from "./case-shape.ts";
import { rulesOf, triggerOf } from "./rules-of-case.ts";
import { listCode, WindowDriver } from "./window-driver.ts";

/** Why each of the things that the case has is refused; undefined for one that is not. */
export function refusals(one: Case): readonly (string | undefined)[] {
  if (one.variants !== undefined) return one.variants.map((variant) => windowRefusal(one, variant));
  if (one.check !== undefined) return [checkRefusal(one.check)];
  if (one.steps !== undefined) return [stepsRefusal(one, one.steps)];
  if (one.trigger !== undefined || one.window !== undefined) return [thrown(() => checkedOperator(one))];
  throw new CannotRun("nothing in it says what is refused");
}

function windowRefusal(one: Case, variant: { readonly period?: number; readonly gap?: number }): string | undefined {
  const plain = variant.period === undefined ? "fixed" : "sliding";
  const fn = one.window?.fn ?? (variant.gap === undefined ? plain : "sessions");
  return thrown(() => checkedOperator({ ...one, window: { ...one.window, fn, ...variant } }));
}

/** As the engine makes it of a plan that somebody wrote: with its own checks. */
function checkedOperator(one: Case): void {
  windowOperator(rulesOf(one), listCode([]), { isPaused: () => false, nowMs: () => 0 });
}

/** The end of the input is no time that a watermark is moved to by name. */
function stepsRefusal(one: Case, steps: readonly Step[]): string | undefined {
  const last = steps.find(({ op, to }) => op === "wm" && to === "maxTimestamp");
  return last ? "a watermark is before the end of time" : thrown(() => new WindowDriver(one).run(steps));
}

function checkRefusal(check: RefusalCheck): string | undefined {
  if (check.key !== undefined) return compilerRefusal(keyed(check.key));
  if (check.trigger === null || check.trigger === undefined || check.trigger.t === "default")
    return compilerRefusal(unbounded(check));
  return unsafeTrigger({ trigger: triggerOf(check.trigger), latenessMs: check.allowedLateness ?? 0 });
}

const source = (clause: string, type = ""): string =>
  `source a${type} { ${clause} time timestamp(data.t) watermark 0s }`;

const keyed = (type: string): string => {
  const own = type.replace(/^map<\s*(\w+)\s*,\s*(\w+)\s*>$/, "{$1: $2}");
  return `type T { t: string, k: ${own} }\n${source("memory {}", ": T")}\nwindow w from a { fixed 1m key data.k emit count() }\nsink out from w { memory {} }`;
};

function unbounded({ bounded, window }: RefusalCheck): string {
  const events = source(bounded === false ? "http { port: 8080 }" : "memory {}");
  const kind = window === undefined ? "global" : kindOf(window);
  return `${events}\nwindow w from a { ${kind} emit count() }\nsink out from w { stdout {} }`;
}

function kindOf({ fn, size = 60_000, period = size, gap = 60_000 }: WindowShape): string {
  switch (fn) {
    case "global":
      return "global";
    case "fixed":
      return `fixed ${size}ms`;
    case "sliding":
      return `sliding ${size}ms every ${period}ms`;
    case "session":
    case "sessions":
      return `session ${gap}ms`;
    default:
      throw new CannotRun(`the window '${fn}' is not known`);
  }
}

function compilerRefusal(flow: string): string | undefined {
  const { diagnostics } = compile("case.flow", memoryHost({ "case.flow": flow }));
  return diagnostics.find(({ severity }) => severity === "error")?.message;
}

function thrown(act: () => unknown): string | undefined {
  try {
    act();
    return undefined;
  } catch (error) {
    if (error instanceof CannotRun) throw error;
    return error instanceof Error ? error.message : String(error);
  }
}
