/** `flow test`: finds the tests, runs them on the engine, prints what they came to. */
import type { CommandRun } from "./command-row.ts";
import { execsOverFiles, parseExecs } from "./exec.ts";
import { exitCodes, UsageError } from "./exit.ts";
import { inputFiles } from "./input-files.ts";
import { mustBeNewEnough } from "./oldest-node.ts";
import { listOf } from "./params.ts";
import { projectOf } from "./project.ts";
import type { TestReport } from "./report/test-report.ts";
import type { Terminal } from "./terminal.ts";
import { loadTests } from "./test-files.ts";
import { testFilter } from "./test-filter.ts";
import { repeatOnChange } from "./watch.ts";

type Options = Readonly<Record<string, unknown>>;

export const testCommand: CommandRun = async (words, options, terminal) => {
  mustBeNewEnough("flow test");
  // A wrong filter is told before anything is read.
  testFilter(options.filter);
  if (options.watch !== true) return (await testOnce(words, options, terminal)).exitCode;
  if (words.includes("-")) throw new UsageError("Standard input cannot be watched: name files, or leave out --watch.");
  return repeatOnChange(terminal, async () => (await testOnce(words, options, terminal)).watched);
};

async function testOnce(words: readonly string[], options: Options, terminal: Terminal) {
  const project = await projectOf(options, terminal);
  const execs = execsOverFiles(parseExecs(listOf(options.exec)));
  const files = inputFiles(words, terminal.cwd);
  const loaded = await Promise.all(files.map((file) => loadTests(file, project, execs.apply)));
  execs.check();
  // The engine is loaded only here: an older Node could not even read it.
  const { runTests } = await import("./test-execute.ts");
  const report = await runTests(loaded, {
    wanted: testFilter(options.filter),
    hasFilter: typeof options.filter === "string",
    coverage: options.coverage === true,
    terminal,
  });
  await print(report, String(options.format ?? "text"), terminal);
  const failed = report.files.some(
    ({ tests, errors }) => errors.length > 0 || tests.some(({ failures }) => failures.length > 0),
  );
  const none = report.files.every(({ tests }) => tests.length === 0);
  return {
    exitCode: failed || none ? exitCodes.diagnostics : exitCodes.fine,
    watched: loaded.flatMap((file) => file.watched),
  };
}

async function print(report: TestReport, format: string, terminal: Terminal): Promise<void> {
  if (format === "json") terminal.out((await import("./report/test-json.ts")).testsAsJson(report));
  else if (format === "junit") terminal.out((await import("./report/test-junit.ts")).testsAsJunit(report));
  else terminal.out((await import("./report/test-text.ts")).testsAsText(report, terminal.outColors, terminal.width));
}
