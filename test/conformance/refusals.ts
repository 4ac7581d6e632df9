/** What must be refused, and what must not: by the windows, by the check of triggers, or by the compiler. */
import { compile } from "../../compiler/compile.ts";
import { memoryHost } from "../../compiler/source/host.ts";
import { assigner } from "../../runtime/windows/assign.ts";
import { unsafeTrigger } from "../../runtime/windows/unsafe-trigger.ts";
import { CannotRun, type Case, type RefusalCheck } from "./case-shape.ts";
import { assignOf, triggerOf } from "./rules-of-case.ts";
import { WindowDriver } from "./window-driver.ts";

/** Why each of the things that the case has is refused; undefined for one that is not. */
export function refusals(one: Case): readonly (string | undefined)[] {
  if (one.variants !== undefined) return one.variants.map((variant) => windowRefusal(one, variant));
  if (one.check !== undefined) return [checkRefusal(one.check)];
  if (one.steps !== undefined) return [thrown(() => new WindowDriver(one).run(one.steps ?? []))];
  throw new CannotRun("nothing in it says what is refused");
}

function windowRefusal(one: Case, variant: { readonly period?: number }): string | undefined {
  const fn = one.window?.fn ?? (variant.period === undefined ? "fixed" : "sliding");
  const assign = assignOf({ ...one.window, fn, ...variant });
  if (assign.kind === "session" || assign.kind === "count") throw new CannotRun(`${assign.kind} windows`);
  return thrown(() => assigner(assign));
}

function checkRefusal(check: RefusalCheck): string | undefined {
  if (check.key !== undefined) return compilerRefusal(keyed(check.key));
  if (check.trigger === null || check.trigger === undefined || check.trigger.t === "default")
    return compilerRefusal(unbounded(check));
  return unsafeTrigger({ trigger: triggerOf(check.trigger), latenessMs: check.allowedLateness ?? 0 });
}

const keyed = (type: string): string => {
  const own = type.replace(/^map<\s*(\w+)\s*,\s*(\w+)\s*>$/, "{$1: $2}");
  return `type T { k: ${own} }\nsource a: T { memory {} }\nwindow w from a { fixed 1m key data.k emit count() }\nsink out from w { memory {} }`;
};

function unbounded({ bounded, window }: RefusalCheck): string {
  const source = bounded === false ? "http { port: 8080 }" : "memory {}";
  const kind = window?.fn === "fixed" ? "fixed 1m" : "global";
  return `source a { ${source} }\nwindow w from a { ${kind} emit count() }\nsink out from w { stdout {} }`;
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
