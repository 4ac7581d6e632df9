/** Where the dead letter of a pipeline is: what the file says, else the file beside a local run and the topic of a cluster. */
import { existsSync } from "node:fs";
import { dirname, isAbsolute, relative, resolve } from "node:path";
import type { ConnectionOptions, ConnectorPlan } from "../contract/runtime-config.ts";
import { deadLetterTopic } from "../emit/runtime/kafka-plan.ts";
import { runtimeConfigs } from "../emit/runtime-config.ts";
import { kebab } from "../source/kebab.ts";
import { UsageError } from "./exit.ts";
import { mustBeFile } from "./input-files.ts";
import { brokersIn } from "./kafka-place.ts";
import { loadIr } from "./load-ir.ts";
import { projectOf } from "./project.ts";
import type { Terminal } from "./terminal.ts";

export interface DeadLetterPlace {
  /** As the user would write it. */
  readonly name: string;
  /** Absolute. */
  readonly file?: string;
  readonly topic?: string;
  /** Of the topic, and of the topics to which records of a file go back. */
  readonly connection?: ConnectionOptions | undefined;
}

type Options = Readonly<Record<string, unknown>>;

/** Undefined when the file has errors; they have been printed. @throws UsageError when there is none */
export async function deadLettersOf(
  word: string,
  options: Options,
  terminal: Terminal,
): Promise<readonly DeadLetterPlace[] | undefined> {
  const brokers = brokersIn(options.brokers);
  const path = isAbsolute(word) ? word : resolve(terminal.cwd, word);
  if (/\.(flow|ya?ml)$/.test(word)) return ofPipeline(word, brokers, options, terminal);
  if (existsSync(path)) return [{ name: word, file: path, connection: brokers }];
  if (brokers !== undefined) return [{ name: word, topic: word, connection: brokers }];
  throw new UsageError(
    `There is no file '${word}'.`,
    `Name a .flow file, the file of a dead letter, or its topic: flow deadletter list ${word} --brokers host:9092`,
  );
}

async function ofPipeline(
  word: string,
  brokers: ConnectionOptions | undefined,
  options: Options,
  terminal: Terminal,
): Promise<readonly DeadLetterPlace[] | undefined> {
  mustBeFile(word, terminal.cwd);
  const { ir } = await loadIr(word, await projectOf(options, terminal), terminal, { quiet: true });
  if (ir === undefined) return undefined;
  const configs = runtimeConfigs(ir);
  const connection = brokers ?? configs.find(({ kafka }) => kafka?.connection)?.kafka?.connection;
  if (typeof options.topic === "string") {
    if (connection === undefined) throw new UsageError("'--topic' needs '--brokers': the file names no Kafka.");
    return [{ name: options.topic, topic: options.topic, connection }];
  }
  const [local] = runtimeConfigs(ir, { local: true });
  const said = local?.errors.policy === "dead_letter" ? local.errors.connector : undefined;
  if (said !== undefined) return [ofConnector(said, word, brokers ?? connection, terminal)];
  const places: DeadLetterPlace[] = [];
  const own = `${kebab(ir.name)}.dead-letter.ndjson`;
  for (const name of new Set([own, `${ir.name}.dead-letter.ndjson`])) {
    const file = resolve(terminal.cwd, name);
    if (existsSync(file)) places.push({ name, file, connection });
  }
  if (connection !== undefined) places.push({ name: deadLetterTopic(ir), topic: deadLetterTopic(ir), connection });
  if (places.length === 0)
    throw new UsageError(
      `There is no dead letter of '${word}' here: no file '${own}' in this folder, and no Kafka.`,
      "Name the file: flow deadletter list FILE.ndjson",
    );
  return places;
}

function ofConnector(
  { type, options }: ConnectorPlan,
  word: string,
  connection: ConnectionOptions | undefined,
  { cwd }: Terminal,
): DeadLetterPlace {
  if (type === "kafka")
    return { name: String(options.topic), topic: String(options.topic), connection: connection ?? options };
  if (type === "file" && options.path !== "-") {
    const file = resolve(cwd, dirname(word), String(options.path));
    return { name: relative(cwd, file), file, connection };
  }
  throw new UsageError(`The dead letter of '${word}' is ${type}, which keeps nothing that could be read again.`);
}
