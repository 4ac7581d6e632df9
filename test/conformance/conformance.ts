/** `npm run conformance -- FILE…`: runs the cases of each file, a line per case and a total; the exit code is 1 when any case differs or cannot run. */
import { readFileSync } from "node:fs";
import { CannotRun, type CaseFile, Different } from "./case-shape.ts";
import { runCase } from "./run-case.ts";

export interface CaseResult {
  readonly id: string;
  readonly name: string;
  /** undefined: passed. */
  readonly failure?: string;
}

export async function runFile(path: string): Promise<readonly CaseResult[]> {
  const { cases } = JSON.parse(readFileSync(path, "utf8")) as CaseFile;
  const results: CaseResult[] = [];
  for (const one of cases) {
    const failure = await failureOf(() => runCase(one));
    results.push({ id: one.id, name: one.name, ...(failure === undefined ? {} : { failure }) });
  }
  return results;
}

async function failureOf(run: () => Promise<void>): Promise<string | undefined> {
  try {
    await run();
    return undefined;
  } catch (error) {
    if (error instanceof CannotRun) return `cannot be run: ${error.message}`;
    if (error instanceof Different) return error.message;
    return `failed: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`;
  }
}

async function main(paths: readonly string[]): Promise<void> {
  if (paths.length === 0) throw new Error("name a file of cases");
  let passed = 0;
  let total = 0;
  for (const path of paths) {
    for (const { id, name, failure } of await runFile(path)) {
      total++;
      if (failure === undefined) passed++;
      console.log(failure === undefined ? `ok   ${id} ${name}` : `FAIL ${id} ${name}\n     ${failure}`);
    }
  }
  console.log(`${passed} of ${total} cases pass`);
  if (passed < total) process.exitCode = 1;
}

if (import.meta.main) await main(process.argv.slice(2));
