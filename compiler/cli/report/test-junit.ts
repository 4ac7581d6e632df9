/** `flow test --format junit`: the XML that CI servers read. Source: the schema of the Jenkins xUnit plug-in, as most write it. */
import picocolors from "picocolors";
import { renderDiagnostics } from "../../source/render.ts";
import { hasPassed, type TestedFile, type TestReport, testsOf } from "./test-report.ts";
import { failureText } from "./test-text.ts";

const noColors = picocolors.createColors(false);

export function testsAsJunit(report: TestReport): string {
  const tests = testsOf(report);
  const failed = tests.filter((test) => !hasPassed(test)).length;
  const broken = report.files.filter(({ errors }) => errors.length > 0).length;
  const suites = report.files.filter(({ tests, errors }) => tests.length > 0 || errors.length > 0).map(suite);
  const counts = `tests="${tests.length + broken}" failures="${failed}" errors="${broken}" time="${seconds(report.durationMs)}"`;
  return `<?xml version="1.0" encoding="UTF-8"?>\n<testsuites name="flow test" ${counts}>\n${suites.join("")}</testsuites>\n`;
}

function suite(file: TestedFile): string {
  const { path, tests, errors, sources } = file;
  const failed = tests.filter((test) => !hasPassed(test)).length;
  const time = seconds(tests.reduce((sum, { durationMs }) => sum + durationMs, 0));
  const isBroken = errors.length > 0;
  const head = `  <testsuite name="${escaped(path)}" tests="${tests.length + (isBroken ? 1 : 0)}" failures="${failed}" errors="${isBroken ? 1 : 0}" time="${time}">\n`;
  const broken = isBroken
    ? `    <testcase name="compiles" classname="${escaped(path)}" file="${escaped(path)}">\n      <error message="${escaped(errors[0]!.message)}">${escaped(renderDiagnostics(errors, sources))}</error>\n    </testcase>\n`
    : "";
  const cases = tests.map((test) => {
    const start = `    <testcase name="${escaped(test.name)}" classname="${escaped(path)}" file="${escaped(path)}" line="${test.place.line}" time="${seconds(test.durationMs)}"`;
    const failures = test.failures.map(
      (failure) =>
        `      <failure message="${escaped(failure.message)}">${escaped(failureText(failure, test, file, noColors))}</failure>\n`,
    );
    return failures.length === 0 ? `${start}/>\n` : `${start}>\n${failures.join("")}    </testcase>\n`;
  });
  return `${head}${broken}${cases.join("")}  </testsuite>\n`;
}

const seconds = (ms: number): string => (ms / 1000).toFixed(3);

const entities: Readonly<Record<string, string>> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" };

/** For attributes and text. What XML 1.0 cannot hold at all becomes a replacement character. */
const escaped = (text: string): string =>
  text
    .toWellFormed()
    .replace(/[^\t\n\r\x20-\uFFFD\u{10000}-\u{10FFFF}]/gu, "\uFFFD")
    .replace(/[&<>"]/g, (c) => entities[c]!);
