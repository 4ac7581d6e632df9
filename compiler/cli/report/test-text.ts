/** `flow test` for people: a line for each test, then each failure with its place and what differs, then one line of summary. */
import type { Branch } from "../../../runtime/testing/coverage.ts";
import type { Different, Missing, TestFailure, TestResult, Unexpected } from "../../../runtime/testing/test-result.ts";
import { codeFrame, renderDiagnostics } from "../../source/render.ts";
import type { Colors } from "../terminal.ts";
import { hasPassed, type TestedFile, type TestReport, testsOf } from "./test-report.ts";
import { coloursOf, plural } from "./text.ts";

export function testsAsText(report: TestReport, colors: Colors, width = 120): string {
  const shown = report.files.filter(({ tests, errors }) => tests.length > 0 || errors.length > 0);
  const failures = shown.flatMap((file) =>
    file.tests.flatMap((test) => test.failures.map((failure) => failureText(failure, test, file, colors, width))),
  );
  const errors = shown.flatMap(({ errors, sources }) =>
    errors.length > 0 ? [renderDiagnostics(errors, sources, { colours: coloursOf(colors), width })] : [],
  );
  const coverage = shown.flatMap((file) => (file.coverage ? [coverageText(file, file.coverage, colors)] : []));
  return [
    ...shown.map((file) => listText(file, colors)),
    ...errors,
    ...failures,
    ...coverage,
    summary(report, colors),
  ].join("\n");
}

function listText({ path, tests, errors }: TestedFile, { bold, green, red, dim }: Colors): string {
  const lines = tests.map((test) => {
    const slow = test.durationMs > 1000 ? dim(` ${Math.round(test.durationMs)} ms`) : "";
    return `  ${hasPassed(test) ? green("✓") : red("✗")} ${test.name}${slow}\n`;
  });
  return `${bold(path)}\n${errors.length > 0 ? `  ${red("✗")} does not compile\n` : ""}${lines.join("")}`;
}

export function failureText(
  failure: TestFailure,
  test: TestResult,
  file: TestedFile,
  colors: Colors,
  width = 120,
): string {
  const { bold, red } = colors;
  const { line, column } = failure.place;
  const { difference } = failure;
  const here = difference?.isReordered === true ? " here" : "";
  return [
    `${bold(`${file.path}:${line}:${column}`)} ${red("✗")} ${test.name}`,
    ...codeFrame(failure.place, file.sources, { colours: coloursOf(colors), width }),
    `  ${failure.message}`,
    ...(difference?.missing ?? []).flatMap((missing, index, all) =>
      missingText(missing, all[index + 1], line, here, colors),
    ),
    ...(difference?.unexpected ?? []).map((unexpected) => unexpectedText(unexpected, here, colors)),
    ...(difference?.different ?? []).flatMap((different) => differentText(different, line, colors)),
    "",
  ].join("\n");
}

/** Of several that are missing for the same reason, it is said once. */
function missingText(
  { value, why, place }: Missing,
  next: Missing | undefined,
  line: number,
  here: string,
  { red, dim }: Colors,
): string[] {
  const isSame = next !== undefined && next.why.join("\n") === why.join("\n");
  return [
    `  ${red(`− ${shortened(value)}`)}${dim(`  missing${here}${place.line === line ? "" : `, line ${place.line}`}`)}`,
    ...(isSame ? [] : why.map((reason) => `      ${reason}`)),
  ];
}

function unexpectedText({ value, from }: Unexpected, here: string, { green, dim }: Colors): string {
  return `  ${green(`+ ${shortened(value)}`)}${dim(`  not expected${here}${from === undefined ? "" : `, of ${from}`}`)}`;
}

function differentText(
  { actual, fields, place }: Different,
  line: number,
  { yellow, dim, red, green }: Colors,
): string[] {
  return [
    `  ${yellow(`≠ ${shortened(actual)}`)}${dim(`  differs${place.line === line ? "" : `, line ${place.line}`}`)}`,
    ...fields.map(
      ({ path, expected, actual }) =>
        `      ${path === "" ? "" : `${path}: `}expected ${red(shortened(expected))}, was ${green(shortened(actual))}`,
    ),
  ];
}

const longestValue = 400;

const shortened = (text: string): string => {
  const line = text.replace(/\p{Cc}/gu, "·");
  return line.length > longestValue ? `${line.slice(0, longestValue)}…` : line;
};

function coverageText({ path }: TestedFile, branches: readonly Branch[], { bold, yellow }: Colors): string {
  const never = branches.filter(({ count }) => count === 0);
  const head = `${bold(path)}: ${branches.length - never.length} of ${plural(branches.length, "branch").replace(/hs$/, "hes")} ran.\n`;
  return head + never.map(({ at, what, does }) => `  ${at} ${yellow(`${what} never ${does}`)}\n`).join("");
}

/** `3 tests: 2 passed, 1 failed, in 12 ms.` */
function summary(report: TestReport, { green, red }: Colors): string {
  const tests = testsOf(report);
  const broken = report.files.filter(({ errors }) => errors.length > 0).length;
  const failed = tests.filter((test) => !hasPassed(test)).length;
  const left = report.testsInAll - tests.length;
  const parts = [
    ...(tests.length > failed ? [green(`${tests.length - failed} passed`)] : []),
    ...(failed > 0 ? [red(`${failed} failed`)] : []),
    ...(left > 0 ? [`${left} left out by --filter`] : []),
    ...(broken > 0 ? [red(`${plural(broken, "file")} with errors`)] : []),
  ];
  if (tests.length === 0 && broken === 0) return red(noTests(report));
  return `${plural(tests.length, "test")}: ${parts.join(", ")}, in ${Math.round(report.durationMs)} ms.\n`;
}

const noTests = ({ files, hasFilter, testsInAll }: TestReport): string =>
  hasFilter && testsInAll > 0
    ? `No test has such a name; there ${testsInAll === 1 ? "is one test" : `are ${testsInAll}`} in ${plural(files.length, "file")}.\n`
    : `There is no test in ${plural(files.length, "file")}. A test is a block 'test "what it shows" { … }'.\n`;
