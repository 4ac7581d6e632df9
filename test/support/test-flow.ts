/** Compiles .flow text and runs the tests in it. */
import type { RuntimeConfig } from "../../compiler/contract/runtime-config.ts";
import type { TestPlan } from "../../compiler/contract/test-plan.ts";
import { runtimeConfigs } from "../../compiler/emit/runtime-config.ts";
import { testPlans } from "../../compiler/emit/test-plans.ts";
import { lower } from "../../compiler/ir/lower.ts";
import { check } from "../../compiler/semantics/check.ts";
import { memoryHost } from "../../compiler/source/host.ts";
import { runTest } from "../../runtime/testing/run-test.ts";
import type { TestResult } from "../../runtime/testing/test-result.ts";
import type { TestRunOptions } from "../../runtime/testing/test-run.ts";

/** Throws the messages of the diagnostics that are errors. */
export function plansOf(
  flow: string,
  params: Readonly<Record<string, string>> = {},
): { readonly plans: readonly TestPlan[]; readonly config: RuntimeConfig } {
  const checked = check("test.flow", memoryHost({ "test.flow": flow }), { params: new Map(Object.entries(params)) });
  const errors = checked.diagnostics.filter(({ severity }) => severity === "error");
  if (errors.length > 0) throw new Error(errors.map(({ code, message }) => `${code} ${message}`).join("\n"));
  const [config] = runtimeConfigs(lower(checked.model), { local: true, sources: checked.sources });
  return { plans: testPlans(checked.model, checked.sources), config: config! };
}

export async function testFlow(
  flow: string,
  options?: TestRunOptions,
  params?: Readonly<Record<string, string>>,
): Promise<readonly TestResult[]> {
  const { plans, config } = plansOf(flow, params);
  const results: TestResult[] = [];
  for (const plan of plans) results.push(await runTest(plan, config, options));
  return results;
}

/** The messages of the failures of the one test in the text. */
export async function failuresOf(flow: string, options?: TestRunOptions): Promise<readonly string[]> {
  const [result] = await testFlow(flow, options);
  return result!.failures.map(({ message }) => message);
}

/** Everything that a test says, with nothing of how long it took. */
export const outcomeOf = (results: readonly TestResult[]): string =>
  JSON.stringify(results.map(({ name, failures, counts }) => ({ name, failures, counts: [...counts].sort() })));
