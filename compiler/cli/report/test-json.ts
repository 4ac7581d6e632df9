/** `flow test --format json`: one object. Its fields are for scripts, so they stay. */
import type { TestFailure, TestResult } from "../../../runtime/testing/test-result.ts";
import { placeOf, sourceText } from "../../source/source-text.ts";
import { hasPassed, type TestedFile, type TestReport, testsOf } from "./test-report.ts";

export function testsAsJson(report: TestReport): string {
  const tests = testsOf(report);
  const failed = tests.filter((test) => !hasPassed(test)).length;
  const document = {
    passed: tests.length - failed,
    failed,
    durationMs: milliseconds(report.durationMs),
    files: report.files.filter(({ tests, errors }) => tests.length > 0 || errors.length > 0).map(fileJson),
  };
  return `${JSON.stringify(document, undefined, 2)}\n`;
}

function fileJson({ path, tests, errors, sources, coverage }: TestedFile) {
  return {
    file: path,
    errors: errors.map(({ code, message, at }) => ({
      code,
      at: placeOf(sources.get(at.file) ?? sourceText(at.file, ""), at.start),
      message,
    })),
    tests: tests.map(testJson),
    ...(coverage === undefined ? {} : { coverage }),
  };
}

function testJson(test: TestResult) {
  return {
    name: test.name,
    line: test.place.line,
    status: hasPassed(test) ? "passed" : "failed",
    durationMs: milliseconds(test.durationMs),
    failures: test.failures.map(failureJson),
  };
}

function failureJson({ place, message, difference }: TestFailure) {
  return {
    line: place.line,
    column: place.column,
    message,
    missing: (difference?.missing ?? []).map(({ place, value, why }) => ({ line: place.line, value, why })),
    unexpected: difference?.unexpected ?? [],
    different: (difference?.different ?? []).map(({ place, ...rest }) => ({ line: place.line, ...rest })),
  };
}

const milliseconds = (ms: number): number => Math.round(ms * 10) / 10;
