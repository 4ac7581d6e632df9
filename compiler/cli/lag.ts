/** `flow lag`: how far the stages of a pipeline, or any consumer groups, are behind. */
import { existsSync } from "node:fs";
import { isAbsolute, join } from "node:path";
import { RuntimeError } from "../../runtime/engine/runtime-error.ts";
import { connectionKey } from "../../runtime/kafka/connection-of.ts";
import { type LagQuestion, lagOf } from "../../runtime/kafka/lag.ts";
import type { ConnectionOptions, RuntimeConfig } from "../contract/runtime-config.ts";
import { runtimeConfigs } from "../emit/runtime-config.ts";
import type { CommandRun } from "./command-row.ts";
import { CommandFailure, exitCodes, UsageError } from "./exit.ts";
import { mustBeFile } from "./input-files.ts";
import { brokersIn, connectionIn } from "./kafka-place.ts";
import { loadIr } from "./load-ir.ts";
import { projectOf } from "./project.ts";
import { type Answer, lagJson, lagText } from "./report/lag-text.ts";
import type { Terminal } from "./terminal.ts";

const watchEveryMs = 2_000;

/** A group, and the stage that it is of. */
interface Asked extends LagQuestion {
  readonly stage: string | undefined;
  readonly connection: ConnectionOptions;
}

type Options = Readonly<Record<string, unknown>>;

export const lagCommand: CommandRun = async (words, options, terminal) => {
  const asked: Asked[] = [];
  for (const word of words) {
    const those = await askedBy(word, options, terminal);
    if (those === undefined) return exitCodes.diagnostics;
    asked.push(...those);
  }
  if (options.watch !== true) return print(await answers(asked, terminal), options, terminal);
  return again(async () => {
    const found = await answers(asked, terminal);
    if (terminal.outIsTerminal) terminal.out("\x1b[2J\x1b[3J\x1b[H");
    print(found, options, terminal);
  });
};

function print(found: readonly Answer[], { format }: Options, { out, outColors }: Terminal): number {
  out(format === "json" ? lagJson(found) : lagText(found, outColors));
  return exitCodes.fine;
}

async function again(once: () => Promise<void>): Promise<number> {
  let wake = () => {};
  let isOver = false;
  process.once("SIGINT", () => {
    isOver = true;
    wake();
  });
  while (!isOver) {
    await once();
    if (isOver) break;
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, watchEveryMs);
      wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }
  return exitCodes.fine;
}

/** One way to each Kafka. */
async function answers(asked: readonly Asked[], terminal: Terminal): Promise<readonly Answer[]> {
  try {
    const found = new Map<Asked, Answer>();
    const byKafka = Map.groupBy(asked, ({ connection }) => connectionKey(connectionIn(connection, terminal)));
    for (const those of byKafka.values()) {
      const lags = await lagOf(connectionIn(those[0]!.connection, terminal), those);
      for (const [at, one] of those.entries()) found.set(one, { ...lags[at]!, stage: one.stage });
    }
    return asked.flatMap((one) => found.get(one) ?? []);
  } catch (error) {
    if (error instanceof RuntimeError) throw new CommandFailure(error.message);
    throw error;
  }
}

/** A file, or the name of a group. Undefined when the file has errors; they have been printed. */
async function askedBy(word: string, options: Options, terminal: Terminal): Promise<readonly Asked[] | undefined> {
  const isFile = /\.(flow|ya?ml)$/.test(word) || existsSync(isAbsolute(word) ? word : join(terminal.cwd, word));
  const brokers = brokersIn(options.brokers);
  if (!isFile) {
    if (brokers === undefined)
      throw new UsageError(
        `'${word}' is no file, and of a group it must be known where it is.`,
        `flow lag ${word} --brokers host:9092`,
      );
    return [{ group: word, stage: undefined, connection: brokers }];
  }
  mustBeFile(word, terminal.cwd);
  const { ir } = await loadIr(word, await projectOf(options, terminal), terminal, { quiet: true });
  if (ir === undefined) return undefined;
  const [local] = runtimeConfigs(ir, { local: true });
  const configs = [...runtimeConfigs(ir), ...(local === undefined ? [] : [local])];
  const asked = configs.flatMap((config) => askedOf(config, brokers, config === local));
  if (asked.length === 0) throw new UsageError(`Nothing in '${word}' reads Kafka, so nothing can be behind.`);
  return distinct(asked);
}

/** A stage that reads Kafka. */
function askedOf(config: RuntimeConfig, brokers: ConnectionOptions | undefined, isLocal: boolean): readonly Asked[] {
  const sources = config.nodes.flatMap((node) =>
    node.kind === "source" && node.connector.type === "kafka" ? [node.connector.options] : [],
  );
  const [first] = sources;
  const connection = brokers ?? config.kafka?.connection;
  if (first === undefined || config.kafka === undefined) return [];
  if (connection === undefined)
    throw new UsageError(`'${config.stage}' names no brokers.`, "Name them: --brokers host:9092.");
  return [
    {
      stage: isLocal ? "flow run" : config.stage,
      group: config.kafka.group,
      connection,
      topics: [...new Set(sources.map(({ topic }) => String(topic)))],
      fromEnd: new Set(sources.flatMap(({ topic, start }) => (start === "latest" ? [String(topic)] : []))),
    },
  ];
}

/** A group that the sources name is the same locally. */
function distinct(asked: readonly Asked[]): readonly Asked[] {
  const seen = new Set<string>();
  return asked.filter(({ group }) => !seen.has(group) && seen.add(group));
}
