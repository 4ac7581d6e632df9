/** What an `expect` finds: nothing, or a failure that says what is missing, too much or different, and why. */
import type { ExpectStep, TestPlace } from "../../compiler/contract/test-plan.ts";
import { decodeJson } from "../codec/json.ts";
import { align } from "./align.ts";
import { type ExplainContext, originOf, whyMissing } from "./explain.ts";
import type { TestDifference, TestFailure } from "./test-result.ts";
import type { TraceEntry } from "./trace.ts";
import { differences, printValue } from "./values.ts";

export interface Expected {
  readonly place: TestPlace;
  readonly value: unknown;
}

/** Each takes a walk over all events of the test. */
const mostExplained = 100;

export function compareExpected(
  step: ExpectStep,
  expected: readonly Expected[],
  given: readonly TraceEntry[],
  context: ExplainContext,
): TestFailure | undefined {
  const actual = given.map((entry) => decodeJson(entry.text ?? "null"));
  const values = expected.map(({ value }) => value);
  const found = align(values, actual, step);
  if (found.missing.length + found.unexpected.length + found.different.length === 0) return undefined;
  const difference: TestDifference = {
    missing: found.missing.map((index, place) => ({
      place: expected[index]!.place,
      value: printValue(values[index]),
      why: found.isReordered || place >= mostExplained ? [] : whyMissing(step, values[index], context),
    })),
    unexpected: found.unexpected.map((index) => {
      const from = originOf(given[index]!, context);
      return { value: printValue(actual[index]), ...(from === undefined ? {} : { from }) };
    }),
    different: found.different.map((pair) => ({
      place: expected[pair.expected]!.place,
      expected: printValue(values[pair.expected]),
      actual: printValue(actual[pair.actual]),
      fields: differences(values[pair.expected], actual[pair.actual], step.exactly).map((one) => ({
        path: one.path,
        expected: printValue(one.expected),
        actual: printValue(one.actual),
      })),
    })),
    isReordered: found.isReordered,
  };
  return { place: step.place, message: messageOf(step, expected.length, actual.length, difference), difference };
}

function messageOf(step: ExpectStep, expected: number, actual: number, { isReordered }: TestDifference): string {
  const output = step.output === "main" ? `'${step.node}'` : `'${step.node}.${step.output}'`;
  if (isReordered) return `${output} gave these events in another order. 'in any order' would accept them.`;
  if (expected === 0) return `${output} gave ${events(actual)}, and should have given nothing.`;
  if (actual === 0) return `${output} gave nothing, and should have given ${events(expected)}.`;
  return expected === actual
    ? `${output} gave ${events(actual)}, not as expected.`
    : `${output} gave ${events(actual)}, and should have given ${expected}.`;
}

const events = (count: number): string => `${count} ${count === 1 ? "event" : "events"}`;
