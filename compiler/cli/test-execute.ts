/** Runs the tests of all files, a few at once, and gathers what they came to, in the order in which they are written. */
import { dirname, resolve } from "node:path";
import { addCounts, branches } from "../../runtime/testing/coverage.ts";
import { runTest } from "../../runtime/testing/run-test.ts";
import type { TestResult } from "../../runtime/testing/test-result.ts";
import type { OpenUserCode } from "../../runtime/user-code/user-code.ts";
import type { RuntimeConfig } from "../contract/runtime-config.ts";
import { logTo } from "./log-lines.ts";
import type { TestedFile, TestReport } from "./report/test-report.ts";
import type { Terminal } from "./terminal.ts";
import type { LoadedTests } from "./test-files.ts";
import { userCodeFor } from "./user-code-for.ts";

export interface TestExecution {
  readonly wanted: (name: string) => boolean;
  readonly hasFilter: boolean;
  readonly coverage: boolean;
  readonly terminal: Terminal;
}

/** Tests mostly wait for the engine to come to rest, so that several fill the time of one. */
const atOnce = 4;

export async function runTests(files: readonly LoadedTests[], execution: TestExecution): Promise<TestReport> {
  const startMs = performance.now();
  const jobs = files.flatMap((file) =>
    file.plans.flatMap((plan) =>
      execution.wanted(plan.name) && file.config ? [{ file, plan, config: file.config }] : [],
    ),
  );
  const progress = progressLine(jobs.length, execution.terminal);
  const results = new Map<(typeof jobs)[number], TestResult>();
  let next = 0;
  const worker = async (): Promise<void> => {
    for (let job = jobs[next++]; job !== undefined; job = jobs[next++]) {
      results.set(job, await runTest(job.plan, job.config, await programsFor(job.file, job.config, execution)));
      progress.done();
    }
  };
  await Promise.all(Array.from({ length: atOnce }, worker));
  progress.end();
  const tested = files.map((file): TestedFile => {
    const tests = jobs.flatMap((job) => (job.file === file ? [results.get(job)!] : []));
    return {
      path: file.path,
      tests,
      errors: file.errors,
      sources: file.sources,
      ...coverageOf(file, tests, execution),
    };
  });
  return {
    files: tested,
    durationMs: performance.now() - startMs,
    testsInAll: files.reduce((sum, file) => sum + file.plans.length, 0),
    hasFilter: execution.hasFilter,
  };
}

/** Programs of the file's steps run where the file is; what they say is for people, whatever the form of the report. */
async function programsFor({ path }: LoadedTests, config: RuntimeConfig, { terminal }: TestExecution) {
  const open = await userCodeFor(config);
  if (open === undefined) return {};
  const log = logTo((line) => terminal.err(`${line}\n`));
  const userCode: OpenUserCode = (plan, services) => open(plan, { ...services, log });
  return { userCode, baseDirectory: dirname(resolve(terminal.cwd, path)) };
}

function coverageOf({ config }: LoadedTests, tests: readonly TestResult[], { coverage }: TestExecution) {
  if (!coverage || config === undefined) return {};
  const counts = new Map<string, number>();
  for (const test of tests) addCounts(counts, test.counts);
  return { coverage: branches(config, counts) };
}

const firstShownMs = 300;
const everyMs = 100;

/** On a terminal, and only when it takes a while. */
function progressLine(total: number, terminal: Terminal) {
  const startMs = performance.now();
  let shownMs = startMs + firstShownMs - everyMs;
  let done = 0;
  let isShown = false;
  return {
    done() {
      done++;
      const now = performance.now();
      if (!terminal.errIsTerminal || now - shownMs < everyMs) return;
      shownMs = now;
      isShown = true;
      terminal.err(`\r\x1b[2K${done} of ${total} tests`);
    },
    end() {
      if (isShown) terminal.err("\r\x1b[2K");
    },
  };
}
