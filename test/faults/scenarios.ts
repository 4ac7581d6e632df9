/** Every fault that delivery is held against. */
import { Api } from "../kafka/proxy.ts";
import { type FaultRun, overdueMs, type Scenario } from "./scenario.ts";

const carry = { stage: "carry", workers: 2, seconds: 8 } as const;

export const scenarios: readonly Scenario[] = [
  { ...carry, name: "nothing", says: "nothing happens", neverTwice: true, fault: async () => {} },
  {
    ...carry,
    name: "kill",
    says: "a worker is killed (kill -9) every 2 s",
    seconds: 10,
    async fault(run) {
      for (let turn = 0; run.input.isBusy; turn++) {
        await killAndRestart(run, turn % 2);
        await run.sleep(2_000);
      }
    },
  },
  {
    ...carry,
    name: "rolling",
    says: "workers are restarted one after the other with SIGTERM",
    neverTwice: true,
    workers: 3,
    async fault(run) {
      for (let turn = 0; turn < 3 || run.input.isBusy; turn++) {
        run.struck();
        await run.workers.stop(turn % 3);
        await run.workers.restart(turn % 3);
        await run.members(3);
        await run.sleep(1_000);
      }
    },
  },
  {
    ...carry,
    name: "frozen",
    says: "a worker is frozen for longer than the session time-out, and goes on",
    seconds: 14,
    async fault(run) {
      run.struck();
      run.workers.signal(0, "SIGSTOP");
      await run.sleep(run.sessionTimeoutMs + 2_500);
      // What it wrote last is written again by the heir; and awake, it writes what it had read, before it hears that it is out.
      run.struck();
      run.workers.signal(0, "SIGCONT");
    },
  },
  {
    ...carry,
    name: "scale",
    says: "workers become four, then one",
    neverTwice: true,
    seconds: 10,
    async fault({ workers, members, sleep, struck }) {
      for (const slot of [2, 3]) workers.start(slot);
      await members(4);
      await sleep(1_500);
      struck();
      for (const slot of [3, 0, 2]) await workers.stop(slot);
    },
  },
  {
    ...carry,
    name: "lost-answers",
    says: "answers to Produce and to commits are lost after the broker did the work",
    hasProxies: true,
    neverTwice: true,
    async fault(run) {
      const requests = [
        Api.produce,
        ...(run.delivery === "exactly_once" ? [Api.txnOffsetCommit, Api.endTxn] : [Api.offsetCommit]),
      ];
      for (let turn = 0; turn < 8 && run.input.isBusy; turn++) {
        const proxy = run.proxies[turn % 2]!;
        const cut = proxy.once({ api: requests[turn % requests.length]!, nth: 2, act: "cut-answer" });
        await Promise.race([cut, run.sleep(3_000)]);
        run.struck();
        await run.sleep(500);
      }
    },
  },
  {
    ...carry,
    name: "broker-restart",
    says: "the broker is stopped in order and started again",
    async fault({ cluster, sleep, struck }) {
      struck();
      await cluster.shutDown(1);
      await sleep(500);
      await cluster.up(1);
    },
  },
  {
    ...carry,
    name: "broker-kill",
    says: "the broker is killed (kill -9) and started again",
    async fault({ cluster, struck }) {
      struck();
      await cluster.kill(1);
      await cluster.up(1);
    },
  },
  {
    ...carry,
    name: "one-of-three",
    says: "one of three brokers is killed (kill -9) and comes back",
    brokers: 3,
    seconds: 12,
    async fault({ cluster, sleep, struck }) {
      for (const broker of [2, 3]) {
        struck();
        await cluster.kill(broker);
        await sleep(3_000);
        await cluster.up(broker);
        await sleep(1_500);
      }
    },
  },
  {
    ...carry,
    name: "overdue",
    says: "a transaction takes longer than the broker allows, so it is aborted under a worker that goes on",
    hasProxies: true,
    shortTransactions: true,
    deliveries: ["exactly_once"],
    seconds: 10,
    async fault(run) {
      const proxy = run.proxies[0]!;
      // The transaction has records and is open: its end never leaves, and the worker is silent.
      await Promise.race([proxy.once({ api: Api.txnOffsetCommit, act: "cut-request" }), run.sleep(5_000)]);
      run.struck();
      run.workers.signal(0, "SIGSTOP");
      await run.sleep(overdueMs + 1_500);
      run.workers.signal(0, "SIGCONT");
    },
  },
  {
    ...carry,
    name: "before-commit",
    says: "a worker is killed between its output and the commit",
    hasProxies: true,
    seconds: 10,
    async fault(run) {
      const api = run.delivery === "exactly_once" ? Api.txnOffsetCommit : Api.offsetCommit;
      for (let turn = 0; turn < 3; turn++) {
        const slot = turn % 2;
        const proxy = run.proxies[slot]!;
        await Promise.race([proxy.once({ api, act: "hold" }), run.sleep(8_000)]);
        // Of the next worker nothing is held.
        proxy.clear();
        await killAndRestart(run, slot);
        await run.members(2);
      }
    },
  },
  {
    ...carry,
    name: "open-windows",
    says: "all workers are killed with windows open, and start again with empty disks",
    stage: "windows",
    async fault(run) {
      await run.sleep(2_500);
      run.struck();
      const { workers } = run;
      const all = workers.running.filter((slot) => slot < workers.upstream || countsUpstreamOnce(run));
      await Promise.all(all.map((slot) => workers.kill(slot)));
      run.emptyDisks();
      await Promise.all(all.map((slot) => workers.restart(slot)));
    },
  },
  {
    ...carry,
    name: "poison",
    says: "one record in fifty cannot be read, and a worker is killed",
    poisonEvery: 50,
    async fault(run) {
      await run.sleep(2_000);
      await killAndRestart(run, 0);
    },
  },
  {
    ...carry,
    name: "http-down",
    says: "the HTTP server that takes the output is away for 60 s",
    stage: "http",
    deliveries: ["at_least_once"],
    async fault(run) {
      run.struck();
      await run.http?.down();
      await run.sleep(60_000);
      await run.http?.up();
    },
  },
  {
    ...carry,
    name: "silent-partition",
    says: "one partition gets no records, and a worker is killed",
    stage: "windows",
    silentPartition: 2,
    async fault(run) {
      await run.sleep(2_000);
      await killAndRestart(run, 0);
      await run.sleep(1_000);
      if (countsUpstreamOnce(run)) await killAndRestart(run, run.workers.upstream);
    },
  },
  {
    ...carry,
    name: "clock",
    says: "the clocks of workers jump an hour on, and an hour back",
    stage: "windows",
    hasShiftedClock: true,
    neverTwice: true,
    async fault({ workers, sleep, struck }) {
      for (let turn = 0; turn < 2; turn++)
        for (const slot of [workers.upstream, 0]) {
          struck();
          workers.signal(slot, "SIGUSR2");
          await sleep(1_500);
        }
    },
  },
  {
    ...carry,
    name: "two-owners",
    says: "a worker that is cut off from the group goes on with partitions that others have been given",
    hasProxies: true,
    seconds: 14,
    async fault(run) {
      run.struck();
      const proxy = run.proxies[0]!;
      await Promise.race([proxy.once({ api: Api.heartbeat, nth: "every", act: "say-done" }), run.sleep(5_000)]);
      await run.sleep(run.sessionTimeoutMs + 3_000);
      proxy.clear();
    },
  },
];

/** In at_least_once a killed worker writes again to the topic between the stages, and what stands there twice is counted twice. */
const countsUpstreamOnce = ({ delivery }: FaultRun): boolean => delivery === "exactly_once";

async function killAndRestart(run: FaultRun, slot: number): Promise<void> {
  run.struck();
  await run.workers.kill(slot);
  await run.workers.restart(slot);
}
