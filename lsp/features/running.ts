/** Commands that run what is written, as the text is now: the tests of a file, and its pipeline on a few events. What they answer is plain data. */
import type { LSPAny, ProgressToken } from "vscode-languageserver-protocol";
import { ProgressType } from "vscode-languageserver-protocol";
import type { TestPlace, TestPlan } from "../../compiler/contract/test-plan.ts";
import { runnableHere } from "../../compiler/service/running/here.ts";
import type { Samples } from "../../compiler/service/running/samples.ts";
import { runnableTests, testsIn } from "../../compiler/service/running/tests.ts";
import type { SourceText } from "../../compiler/source/source-text.ts";
import type { HereOutcome, TestOutcome } from "../../runtime/editor/messages.ts";
import type { CommandCall } from "../command-call.ts";
import { type FailureText, failureText } from "../running/failure-text.ts";
import type { RunEnd } from "../running/runs.ts";
import { type Document, type locationOf, type Session, uriOf } from "../session.ts";
import { withProgress } from "../work.ts";
import { placeIn } from "./previews.ts";

/** Argument: the document's URI. Answers where its tests stand; of a broken file too. */
export function testsCommand(session: Session, { path, range }: Document): LSPAny {
  return testsIn(session.workspace, path).map(({ name, whole, at }) => ({
    name,
    range: plain(range(whole)),
    at: plain(range(at)),
  }));
}

/**
 * Arguments: the document's URI, the names of tests or null for all, and `{ partialResultToken }` to be told of each test by `$/progress`
 * (`{ began: name }`, `{ ended: result }`). Answers `{ problem }` when nothing can run, else `{ tests }`; those that were cancelled are `skipped`.
 */
export async function runTestsCommand(
  session: Session,
  { path, source }: Document,
  [names, options]: readonly LSPAny[],
  call: CommandCall,
): Promise<LSPAny> {
  const found = await withFiles(session, () => runnableTests(session.workspace, path));
  if (typeof found === "string") return { problem: found, tests: [] };
  const plans = found.plans.filter(({ name }) => !Array.isArray(names) || names.includes(name));
  const sources = new Map([[path, source]]);
  const tell = teller(session, options);
  const results = new Map<TestPlan, TestResult>();
  const ended = (plan: TestPlan, result: TestResult): void => {
    results.set(plan, result);
    tell({ ended: testJson(session, sources, plan, result) });
  };
  const title = plans.length === 1 ? `Testing '${plans[0]?.name}'` : `Running ${plans.length} tests`;
  await withProgress(
    session,
    call.token,
    title,
    async (work) => {
      for (let left = plans; left.length > 0 && !work.token.isCancellationRequested; ) {
        let [current] = left;
        const request = { kind: "tests", config: found.config, plans: left } as const;
        const end = await session.runs.run(
          request,
          (message) => {
            if (message.kind === "began") {
              current = left[message.plan];
              if (current) tell({ began: current.name });
            } else if (message.kind === "tested") {
              const plan = left[message.plan];
              if (plan) ended(plan, message.outcome);
              work.report(results.size, plans.length, `${results.size} of ${plans.length}`);
            }
          },
          work.token,
        );
        const problem = problemOf(end, session, "test");
        if (problem !== undefined && current && !results.has(current)) ended(current, { problem });
        left = problem === undefined ? [] : left.filter((plan) => !results.has(plan));
      }
    },
    call.workDoneToken,
  );
  return { tests: plans.map((plan) => testJson(session, sources, plan, results.get(plan))) };
}

/** An import that has come may import another, which samples come after: no more rounds than that has sense. */
const mostRounds = 20;

/** A look at files, again when some of them had yet to come from the client: what runs must not depend on that. */
async function withFiles<T>({ files }: Session, look: () => T): Promise<T> {
  let found = look();
  for (let round = 0; round < mostRounds && (await files.arrivals?.()) === true; round++) found = look();
  return found;
}

type TestResult = TestOutcome | { readonly problem: string };

/** Undefined when it has ended well, or was not to end. */
function problemOf(end: RunEnd, { runs }: Session, what: string): string | undefined {
  if (end.kind === "slow") return `The ${what} was stopped after ${runs.limits.eachMs / 1000} seconds.`;
  return end.kind === "lost" ? `The ${what} could not run to its end. ${end.reason}` : undefined;
}

function teller(session: Session, options: LSPAny | undefined): (value: LSPAny) => void {
  const token = isObject(options) ? options.partialResultToken : undefined;
  if (typeof token !== "string" && typeof token !== "number") return () => {};
  return (value) => void session.connection.sendProgress(new ProgressType<LSPAny>(), token as ProgressToken, value);
}

const isObject = (value: LSPAny | undefined): value is { readonly [name: string]: LSPAny } =>
  typeof value === "object" && value !== null && !Array.isArray(value);

type Sources = ReadonlyMap<string, SourceText>;

function testJson(session: Session, sources: Sources, plan: TestPlan, result: TestResult | undefined): LSPAny {
  const base = { name: plan.name };
  if (result === undefined) return { ...base, status: "skipped", messages: [] };
  if ("problem" in result)
    return {
      ...base,
      status: "error",
      messages: [messageJson(session, sources, plan.place, { message: result.problem })],
    };
  const { failures, durationMs, virtualMs } = result;
  return {
    ...base,
    status: failures.length === 0 ? "passed" : "failed",
    durationMs,
    virtualMs,
    messages: failures.map((failure) => messageJson(session, sources, failure.place, failureText(failure))),
  };
}

/** Its place is that of the text which ran, even when the text is another one by now. */
function messageJson(session: Session, sources: Sources, { file, start, end }: TestPlace, text: FailureText): LSPAny {
  const source = sources.get(file) ?? session.workspace.source(file);
  return { ...text, uri: uriOf(session, file), range: plain(session.positions.range(source, { start, end })) };
}

const limits = { most: 1_000, madeUp: 10 };
const mostShown = 10;

/**
 * Arguments: the document's URI, and `{ test }` to take the events of that test. Answers `{ problem }` when nothing can run, else what each node gave, with the
 * place of its name, and where the events came from. Connectors are not opened, secrets are not read.
 */
export async function runHereCommand(
  session: Session,
  { path }: Document,
  [options]: readonly LSPAny[],
  call: CommandCall,
): Promise<LSPAny> {
  const test = isObject(options) && typeof options.test === "string" ? options.test : undefined;
  const found = await withFiles(session, () => runnableHere(session.workspace, path, limits, test));
  if (typeof found === "string") return { problem: found, from: [], problems: [], nodes: [] };
  const { config, plan, samples } = found;
  const places = new Map([...found.placeOf].map(([name, at]) => [name, placeIn(session, at)]));
  let outcome: HereOutcome | undefined;
  const end = await withProgress(
    session,
    call.token,
    "Running the pipeline here",
    (work) =>
      session.runs.run(
        {
          kind: "here",
          config,
          ...(plan === undefined ? {} : { plan }),
          samples: samples.flatMap(({ node, records, isRaw }) =>
            records === undefined ? [] : [{ node, records, isRaw }],
          ),
          mostRecords: limits.most,
          mostShown,
        },
        (message) => {
          if (message.kind === "here") outcome = message.outcome;
        },
        work.token,
      ),
    call.workDoneToken,
  );
  const from = plan === undefined ? samples.map((one) => sampleJson(session, one)) : [{ test: plan.name }];
  const problem = end.kind === "cancelled" ? "The run was cancelled." : problemOf(end, session, "run");
  return {
    ...(problem === undefined ? {} : { problem }),
    from,
    problems: [...(outcome?.problems ?? [])],
    nodes: (outcome?.nodes ?? []).map(({ node, cameIn, outputs }) => ({
      node,
      cameIn,
      at: places.get(node) ?? null,
      outputs: outputs.map(({ output, count, first }) => ({
        output,
        count,
        first: first.map((event) => ({ ...event })),
      })),
    })),
  };
}

const sampleJson = (session: Session, { node, from, path, records }: Samples): LSPAny => ({
  node,
  from,
  ...(path === undefined ? {} : { uri: uriOf(session, path) }),
  ...(records === undefined ? {} : { records: records.length }),
});

/** Two objects of their own: an answer is data. */
const plain = ({ start, end }: ReturnType<typeof locationOf>["range"]) => ({ start: { ...start }, end: { ...end } });
