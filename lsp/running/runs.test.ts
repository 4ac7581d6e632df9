/** Runs end, one after the other, whatever their runner does: it answers, says nothing, fails, or goes away. */

import { expect, it } from "vitest";
import { CancellationTokenSource } from "vscode-languageserver";
import type { RunMessage, RunRequest } from "../../runtime/editor/messages.ts";
import type { RunnerEvents } from "./runner.ts";
import { Runs } from "./runs.ts";

const request: RunRequest = {
  kind: "tests",
  plans: [],
  config: {
    apiVersion: "dataflow.argoproj.io/runtime/v1alpha1",
    pipeline: "p",
    stage: "all",
    delivery: "at_least_once",
    errors: { policy: "fail" },
    types: {},
    tables: [],
    nodes: [],
  },
};
const never = new CancellationTokenSource().token;
const limits = { eachMs: 20, startMs: 20, idleMs: 20 };

/** @param answers what each runner does with a request, the last one again and again */
function runsWith(...answers: readonly ((events: RunnerEvents) => void)[]) {
  const happened: string[] = [];
  let started = 0;
  const runs = new Runs((events) => {
    const number = ++started;
    happened.push(`start ${number}`);
    return {
      send: () => {
        happened.push(`send ${number}`);
        answers[Math.min(number, answers.length) - 1]!(events);
      },
      stop: () => happened.push(`stop ${number}`),
    };
  }, limits);
  return { runs, happened };
}

const done = ({ told }: RunnerEvents): void => {
  told({ kind: "ready" });
  told({ kind: "began", plan: 0 });
  told({ kind: "done" });
};
const silent = (): void => {};

it("starts a runner with the first run, and keeps it for the next", async () => {
  const { runs, happened } = runsWith(done);
  const told: RunMessage[] = [];
  const ends = [runs.run(request, (message) => told.push(message), never), runs.run(request, () => {}, never)];
  expect(await Promise.all(ends)).toEqual([{ kind: "done" }, { kind: "done" }]);
  expect(told).toEqual([{ kind: "began", plan: 0 }]);
  expect(happened).toEqual(["start 1", "send 1", "send 1"]);
});

it("stops a runner that says nothing, and has the next run in another one", async () => {
  const { runs, happened } = runsWith(silent, done);
  const ends = [runs.run(request, () => {}, never), runs.run(request, () => {}, never)];
  expect(await Promise.all(ends)).toEqual([{ kind: "slow" }, { kind: "done" }]);
  expect(happened).toEqual(["start 1", "send 1", "stop 1", "start 2", "send 2"]);
});

it("ends a run that is cancelled at once, and begins none that was cancelled while it waited", async () => {
  const { runs, happened } = runsWith(silent);
  const source = new CancellationTokenSource();
  const ends = [runs.run(request, () => {}, source.token), runs.run(request, () => {}, source.token)];
  queueMicrotask(() => queueMicrotask(() => source.cancel()));
  expect(await Promise.all(ends)).toEqual([{ kind: "cancelled" }, { kind: "cancelled" }]);
  expect(happened.filter((what) => what.startsWith("send"))).toHaveLength(1);
});

it("says why a run was lost: its runner has gone, or is at fault, or there is none", async () => {
  const gone = runsWith(({ lost }) => lost("It ended by itself."));
  expect(await gone.runs.run(request, () => {}, never)).toEqual({ kind: "lost", reason: "It ended by itself." });
  const atFault = runsWith(({ told }) => told({ kind: "done", problem: "bug" }));
  expect(await atFault.runs.run(request, () => {}, never)).toEqual({ kind: "lost", reason: "bug" });
  const none = new Runs(() => {
    throw new Error("There is no worker here.");
  }, limits);
  expect(await none.run(request, () => {}, never)).toEqual({ kind: "lost", reason: "There is no worker here." });
});
