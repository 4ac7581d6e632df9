/** Options that several commands have. */
import type { CommandOption } from "./command-row.ts";

export const usage = "2 the command line is wrong";

export const param: readonly CommandOption[] = [
  {
    flags: "--param <name=value>",
    many: true,
    doc: "Set a param of the pipeline; may be repeated.",
    completes: "nothing",
  },
  { flags: "--params <file>", doc: "Take params from a YAML or JSON file; --param wins." },
];
export const config: CommandOption = {
  flags: "--config <file>",
  doc: "The flow.config.json to use; by default the nearest one above the file.",
};
export const format = (choices: readonly string[], by: string, doc: string): CommandOption => ({
  flags: "--format <format>",
  choices,
  default: by,
  doc,
});

export const kafkaClient: CommandOption = {
  flags: "--kafka-client <name>",
  choices: ["native", "kafkajs"],
  default: "native",
  doc: "What speaks to Kafka: the runtime's own client, or kafkajs, which is slower.",
};
export const workerTimes: readonly CommandOption[] = [
  {
    flags: "--commit-every <duration>",
    doc: "Of what reads Kafka, how often it commits: 100ms by default. Longer costs less, and more comes twice after a crash.",
    completes: "nothing",
  },
  {
    flags: "--session-timeout <duration>",
    doc: "Of what reads Kafka, how long it may be silent before its partitions are given to others: 10s by default.",
    completes: "nothing",
  },
];
