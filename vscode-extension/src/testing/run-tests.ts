/** Runs chosen tests on the server, file after file, and shows each result as it comes. */
import * as vscode from "vscode";
import { ProgressType } from "vscode-languageclient";
import type { ServerClient } from "../server-client.ts";
import type { FailureAnswer, TestAnswer, TestProgress, TestsAnswer } from "./answers.ts";
import { type ChosenFile, chosenFiles } from "./chosen-tests.ts";
import { failed, serverHas, tooOld } from "./server-commands.ts";
import type { TestTree } from "./test-tree.ts";

const progressType = new ProgressType<TestProgress>();
let runs = 0;

export async function runTests(
  tree: TestTree,
  server: ServerClient,
  request: vscode.TestRunRequest,
  token: vscode.CancellationToken,
): Promise<void> {
  const run = tree.controller.createTestRun(request);
  try {
    const all = itemsOf(tree.controller.items);
    const files = chosenFiles(request.include, request.exclude ?? [], all, (file) => itemsOf(file.children));
    for (const { tests } of files) for (const item of tests ?? []) run.enqueued(item);
    for (const file of files) {
      if (token.isCancellationRequested) break;
      await runFile(tree, server, run, file, token);
    }
  } finally {
    run.end();
  }
}

const itemsOf = (items: vscode.TestItemCollection): vscode.TestItem[] => [...items].map(([, item]) => item);

async function runFile(
  tree: TestTree,
  server: ServerClient,
  run: vscode.TestRun,
  { file, tests }: ChosenFile<vscode.TestItem>,
  token: vscode.CancellationToken,
): Promise<void> {
  const { uri } = file;
  if (!uri) return;
  const fail = (message: string): void => {
    const items = tests ?? itemsOf(file.children);
    for (const item of items.length > 0 ? items : [file]) run.errored(item, new vscode.TestMessage(message));
  };
  try {
    await tree.refresh(uri);
    const chosen = (tests ?? itemsOf(file.children)).filter(({ id }) => file.children.get(id));
    if (!serverHas(server, "flow.runTests")) return fail(tooOld);
    for (const item of chosen) run.enqueued(item);
    const { problem, tests: results } = await requested(server, run, uri, chosen, tests === undefined, token);
    if (problem !== undefined) return fail(problem);
    // Those that no progress has told of.
    for (const item of chosen) if (!results.some(({ name }) => name === item.label)) run.skipped(item);
  } catch (error) {
    fail(error instanceof Error ? error.message : String(error));
  }
}

async function requested(
  server: ServerClient,
  run: vscode.TestRun,
  uri: vscode.Uri,
  items: readonly vscode.TestItem[],
  isWhole: boolean,
  token: vscode.CancellationToken,
): Promise<TestsAnswer> {
  const { client } = server;
  const shown = new Set<string>();
  const of = (name: string) => items.filter(({ label }) => label === name);
  const show = (result: TestAnswer): void => {
    if (shown.has(result.name)) return;
    shown.add(result.name);
    for (const item of of(result.name)) showResult(server, run, item, result);
  };
  const partialResultToken = `flow-tests-${++runs}`;
  const progress = client.onProgress(progressType, partialResultToken, (value) => {
    if ("ended" in value) show(value.ended);
    else for (const item of of(value.began)) run.started(item);
  });
  try {
    const names = isWhole ? null : items.map(({ label }) => label);
    const params = { command: "flow.runTests", arguments: [uri.toString(), names, { partialResultToken }] };
    const answer = await client.sendRequest<TestsAnswer | null>("workspace/executeCommand", params, token);
    if (!answer) throw new Error(failed);
    for (const result of answer.tests) show(result);
    return answer;
  } finally {
    progress.dispose();
  }
}

function showResult(server: ServerClient, run: vscode.TestRun, item: vscode.TestItem, result: TestAnswer): void {
  const { status, durationMs, virtualMs } = result;
  const messages = result.messages.map((failure) => messageOf(server, failure));
  switch (status) {
    case "passed":
      run.passed(item, durationMs);
      break;
    case "failed":
      run.failed(item, messages, durationMs);
      break;
    case "error":
      run.errored(item, messages, durationMs);
      break;
    case "skipped":
      run.skipped(item);
  }
  const virtual = virtualMs === undefined || virtualMs === 0 ? "" : `, ${virtualMs} ms of virtual time`;
  const took = durationMs === undefined ? "" : ` (${Math.round(durationMs)} ms${virtual})`;
  const lines = [`${status}: ${item.label}${took}`, ...result.messages.map(({ message }) => message)];
  // A terminal's line ends.
  run.appendOutput(`${lines.join("\n").replaceAll("\n", "\r\n")}\r\n`, undefined, item);
}

function messageOf({ client }: ServerClient, { message, expected, actual, uri, range }: FailureAnswer) {
  const shown =
    expected === undefined || actual === undefined
      ? new vscode.TestMessage(message)
      : vscode.TestMessage.diff(message, expected, actual);
  shown.location = new vscode.Location(vscode.Uri.parse(uri), client.protocol2CodeConverter.asRange(range));
  return shown;
}
