/** A failure of a test as an editor shows it: a message, and what was expected beside what there was. */
import type { TestDifference, TestFailure } from "../../runtime/testing/test-result.ts";

export interface FailureText {
  readonly message: string;
  /** Of expectations: a line for each event that is not as expected. */
  readonly expected?: string;
  readonly actual?: string;
}

export function failureText({ message, difference }: TestFailure): FailureText {
  if (difference === undefined) return { message };
  return {
    message: [message, ...reasons(difference)].join("\n"),
    expected: lines([
      ...difference.missing.map(({ value }) => value),
      ...difference.different.map(({ expected }) => expected),
    ]),
    actual: lines([
      ...difference.unexpected.map(({ value }) => value),
      ...difference.different.map(({ actual }) => actual),
    ]),
  };
}

const lines = (values: readonly string[]): string => values.join("\n");

function reasons({ missing, unexpected, different, isReordered }: TestDifference): readonly string[] {
  if (isReordered) return [];
  return [
    ...missing.flatMap(({ value, why }) => [
      `− ${shortened(value)} is missing.`,
      ...why.map((reason) => `    ${reason}`),
    ]),
    ...unexpected.map(
      ({ value, from }) =>
        `+ ${shortened(value)} was not expected${from === undefined ? "" : `, and comes of ${from}`}.`,
    ),
    ...different.flatMap(({ fields }) =>
      fields.map(
        ({ path, expected, actual }) =>
          `≠ ${path === "" ? "" : `${path}: `}expected ${shortened(expected)}, was ${shortened(actual)}.`,
      ),
    ),
  ];
}

const longestValue = 400;

const shortened = (text: string): string => (text.length > longestValue ? `${text.slice(0, longestValue)}…` : text);
