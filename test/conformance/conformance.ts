/**
 * `npm run conformance -- FILE…`: runs the cases of each file, a line per case and a total. The exit code is 1 when any case differs or cannot run,
 * and 2 when a file is none of cases.
 */
import { existsSync, readFileSync } from "node:fs";
import { resolve } from "node:path";
import { isRecord } from "./case-fields.ts";
import { CannotRun, type Case, Different } from "./case-shape.ts";
import { runCase } from "./run-case.ts";

export interface CaseResult {
  readonly id: string;
  readonly name: string;
  /** undefined: passed. */
  readonly failure?: string;
}

/** The file is none of cases. */
export class BadFile extends Error {}

/** @throws BadFile */
export async function runFile(path: string): Promise<readonly CaseResult[]> {
  const results: CaseResult[] = [];
  for (const one of casesOf(path)) {
    const failure = await failureOf(() => runCase(one));
    results.push({ id: one.id, name: one.name ?? "", ...(failure === undefined ? {} : { failure }) });
  }
  return results;
}

function casesOf(path: string): readonly Case[] {
  const cases = (readJson(path) as { readonly cases?: unknown } | null)?.cases;
  if (!Array.isArray(cases)) throw new BadFile(`${path}: there is no list 'cases'`);
  for (const [at, one] of cases.entries()) {
    const { id, type } = isRecord(one) ? (one as { readonly id?: unknown; readonly type?: unknown }) : {};
    if (typeof id !== "string" || typeof type !== "string")
      throw new BadFile(`${path}: case number ${at + 1} has no 'id' and 'type'`);
  }
  if (cases.length === 0) throw new BadFile(`${path}: 'cases' is empty`);
  return cases as readonly Case[];
}

function readJson(path: string): unknown {
  try {
    // npm goes to the package's folder and says where it was called.
    const called = resolve(process.env.INIT_CWD ?? ".", path);
    return JSON.parse(readFileSync(existsSync(path) ? path : called, "utf8"));
  } catch (error) {
    throw new BadFile(`${path}: ${error instanceof Error ? error.message : String(error)}`);
  }
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

/** The exit code. */
async function main(paths: readonly string[]): Promise<number> {
  if (paths.length === 0) {
    console.error("name a file of cases: npm run conformance -- FILE…");
    return 2;
  }
  let passed = 0;
  let total = 0;
  let isBad = false;
  for (const path of paths) {
    try {
      for (const { id, name, failure } of await runFile(path)) {
        total++;
        if (failure === undefined) passed++;
        console.log(failure === undefined ? `ok   ${id} ${name}` : `FAIL ${id} ${name}\n     ${failure}`);
      }
    } catch (error) {
      if (!(error instanceof BadFile)) throw error;
      console.error(error.message);
      isBad = true;
    }
  }
  console.log(`${passed} of ${total} cases pass`);
  if (isBad) return 2;
  return passed < total ? 1 : 0;
}

if (import.meta.main) process.exitCode = await main(process.argv.slice(2));
