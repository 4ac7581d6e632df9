/** Workers of a pipeline in this process: each a member of the group, as `flow worker` and `flow run` are. */

import { compile } from "../../compiler/compile.ts";
import type { RuntimeConfig } from "../../compiler/contract/runtime-config.ts";
import { runtimeConfigs } from "../../compiler/emit/runtime-config.ts";
import { memoryHost } from "../../compiler/source/host.ts";
import { builtInConnectors } from "../../runtime/connectors/index.ts";
import { kafkaConnector } from "../../runtime/connectors/kafka.ts";
import { memoryBroker } from "../../runtime/connectors/memory.ts";
import type { Run } from "../../runtime/engine/run.ts";
import { RuntimeError } from "../../runtime/engine/runtime-error.ts";
import { type KafkaClientKind, openKafkaClient } from "../../runtime/kafka/open-client.ts";
import { runWorker } from "../../runtime/worker/run-worker.ts";
import { bootstrap } from "./broker.ts";

/** The runtime configs of its stages; one for `flow run`. @param text without a pipeline header's connection: it is put before */
export function stagesOf(
  name: string,
  text: string,
  options: {
    readonly local?: boolean;
    readonly delivery?: string;
    /** Instead of the broker of the test run. */
    readonly brokers?: string;
    /** Further clauses of the pipeline's header. */
    readonly header?: string;
  } = {},
) {
  const { delivery = "at_least_once", brokers = bootstrap(), header = "" } = options;
  const head = `pipeline ${name} { delivery ${delivery} kafka { brokers: ["${brokers}"] } ${header} }\n`;
  const { ir, diagnostics } = compile("a.flow", memoryHost({ "a.flow": head + text }), {});
  const errors = diagnostics.filter(({ severity }) => severity === "error");
  if (ir === undefined || errors.length > 0) throw new Error(errors.map(({ message }) => message).join("\n"));
  return runtimeConfigs(ir, options.local === true ? { local: true } : {});
}

export interface Started extends Run {
  readonly logged: readonly string[];
  /** Of each changelog that was read: how many records. */
  readonly restored: readonly number[];
  /** With their fields, as JSON. */
  readonly warnings: readonly string[];
}

export function startWorker(
  config: RuntimeConfig,
  options: {
    readonly client?: KafkaClientKind;
    readonly tasks?: "all" | "partition";
    readonly commitEveryMs?: number;
    readonly metadataIntervalMs?: number;
    readonly copies?: string;
    /** It is looked at by the test: a failure is not one of whoever waits for something. */
    readonly mayFail?: boolean;
  } = {},
): Started {
  const logged: string[] = [];
  const warnings: string[] = [];
  const restored: number[] = [];
  const note = (fields: Readonly<Record<string, unknown>>, message: string) => {
    logged.push(message);
    if (message.startsWith("restored state")) restored.push(Number(fields.records));
  };
  const openClient: Parameters<typeof kafkaConnector>[0] = (connection, log) =>
    openKafkaClient(options.client ?? "native", connection, log);
  const broker = memoryBroker();
  const run = runWorker(config, {
    connectors: new Map([...builtInConnectors(broker.connector), ["kafka", kafkaConnector(openClient)]]),
    baseDirectory: process.cwd(),
    openClient,
    tasks: options.tasks ?? "partition",
    log: {
      info: note,
      warn: (fields, message) => {
        note(fields, message);
        warnings.push(`${message} ${JSON.stringify(fields)}`);
      },
    },
    deadLetter: { type: "memory", options: {} },
    ...(options.commitEveryMs === undefined ? {} : { commitEveryMs: options.commitEveryMs }),
    ...(options.copies === undefined ? {} : { copies: options.copies }),
    ...(options.metadataIntervalMs === undefined ? {} : { metadataIntervalMs: options.metadataIntervalMs }),
  });
  run.done.catch((error) => {
    if (options.mayFail === true) return;
    if (!(error instanceof RuntimeError) || error.code !== "aborted") failures.push(error);
  });
  return { ...run, logged, restored, warnings };
}

/** Of workers that ended by themselves. */
const failures: unknown[] = [];

/** Asks again until it holds. @throws after 20 s, with what was seen last, or when a worker has failed */
export async function until<T>(see: () => Promise<T>, holds: (seen: T) => boolean): Promise<T> {
  const endMs = Date.now() + 20_000;
  for (;;) {
    const seen = await see();
    if (holds(seen)) return seen;
    if (failures.length > 0) throw failures.shift();
    if (Date.now() > endMs) throw new Error(`not within 20 s; last seen: ${JSON.stringify(seen)?.slice(0, 2_000)}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

/** Ends it as a crash does: nothing more is finished or committed. */
export async function crash(run: Run): Promise<void> {
  run.stop();
  run.stop();
  await run.done.catch(() => {});
}

export async function stop(run: Run): Promise<void> {
  run.stop();
  await run.done;
}
